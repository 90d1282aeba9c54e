"""The report of a training: one HTML page with figures and pictures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from core.evaluation.intervals import Estimate
from core.evaluation.kpis import figures
from core.evaluation.ranking import with_alerts
from tuning import pictures
from tuning.fit import BASELINE, Candidate, held_out, predicted
from tuning.pages import rendered
from tuning.retrain import RetrainResult, RetrainSettings
from tuning.search import Trial
from tuning.search_space import defaults
from tuning.training_set import TrainingSet

SHOWN = (
    "base_rate", "pr_auc", "lift", "auc", "precision_at_10", "recall_at_10", "brier", "calibration_error",
    "quantile_coverage", "false_surge_rate", "lead_time_median_h",
)  # fmt: skip


def report(
    training: TrainingSet,
    candidates: Sequence[Candidate],
    trials: Sequence[Trial],
    result: RetrainResult,
    now: datetime,
    settings: RetrainSettings,
    threshold: float,
) -> str:
    """Return the page.

    Parameters
    ----------
    training: the training set
    candidates: candidates, best first; figures and pictures are those of their twins, which never saw the held-out
        period
    trials: trials of the search, best first; empty without a search
    result: what the training decided
    now: time of the training
    settings: settings of the training
    threshold: least probability of an alert
    """
    later = training.rows.filter(pl.Series(held_out(training, settings.held_share).later))
    predictions = {candidate.kind: with_alerts(predicted(candidate.twin, later), threshold) for candidate in candidates}
    baseline = BASELINE if BASELINE in later.columns else None
    best = candidates[0]
    drawn = [
        pictures.precision_recall(predictions),
        pictures.calibration(predictions),
        pictures.importance(best.importance),
        pictures.lead_times(true_lead_times(predictions[best.kind])),
    ]
    return rendered(
        "report.html",
        now=f"{now:%Y-%m-%d %H:%M} UTC",
        result=result,
        training=training.described(),
        held={"rows": later.height, "start": str(later["at"].min())},
        shown=SHOWN,
        table={kind: _printed(figures(rows, baseline=baseline)) for kind, rows in predictions.items()},
        members={candidate.kind: candidate.members for candidate in candidates if candidate.members},
        pictures=drawn,
        trials=[_described(trial) for trial in trials],
    )


def true_lead_times(marked: pl.DataFrame) -> list[float]:
    """Return the hours from each alert that came true to its surge."""
    won = marked.filter(pl.col("alerted") & pl.col("viral") & pl.col("surged_at").is_not_null())
    lead = (pl.col("surged_at") - pl.col("at")).dt.total_seconds() / 3600
    hours: list[float] = won.select(lead).to_series().to_list()
    return hours


def _printed(estimates: dict[str, Estimate]) -> dict[str, str]:
    return {name: _cell(estimates[name]) if name in estimates else "–" for name in SHOWN}


def _cell(figure: Estimate) -> str:
    if figure.value is None:
        return "–"
    value, lower, upper = (
        None if number is None else round(number, 3) + 0.0 for number in (figure.value, figure.lower, figure.upper)
    )
    return f"{value:.3f}" if lower is None else f"{value:.3f} [{lower:.3f}, {upper:.3f}]"


def _described(trial: Trial) -> dict[str, Any]:
    """Return a trial with its recipe in words: what differs from the defaults of its kind."""
    plain = defaults(trial.recipe.kind)
    words = [f"{name} {value:.3g}" for name, value in trial.recipe.as_json().items() if value != plain.get(name)]
    return {**vars(trial), "words": ", ".join(words) or "as it is by itself"}
