"""Kinds of models compared on time-ordered folds of a recording: the evidence for the choice of models."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
from rich.console import Console

from core.errors import UsageError
from core.evaluation.kpis import figures, score_figures
from core.windows import DAY
from models.registry.kinds import require_kinds
from sources.recordings.loading import Recording, load_recording
from tuning.backtest.plan import BacktestPlan
from tuning.backtest.score import LAST_GROWTH, plain_scores
from tuning.backtest.walk import totals_table, walk_forward

SHOWN = ("pr_auc", "precision_at_10", "calibration_error", "quantile_coverage")


def compare(
    recording: Path, until: datetime, folds: int, days: int, kinds: Sequence[str], rows: int, out: Console
) -> None:
    """Print each kind's mean figures over consecutive periods of daily anchors at 12:00.

    Parameters
    ----------
    recording: folder of the recording
    until: end of the last period; later readings are not used
    folds: number of periods
    days: length of a period, days
    kinds: kinds of model, keys of `models.registry.kinds.KINDS`
    rows: approximate number of rows that a fold's models learn from, established by its start
    out: console for the results
    """
    past = _until(load_recording([recording]), until)
    by_kind: dict[str, list[dict[str, float]]] = {}
    for fold in range(folds, 0, -1):
        start = until - fold * days * DAY
        end = start + days * DAY - DAY / 2
        plan = BacktestPlan(start, start, end, kinds=require_kinds(kinds), retrain_every=days * DAY, max_rows=rows)
        for name, values in _fold(past, plan).items():
            by_kind.setdefault(name, []).append(values)
        out.print(f"fold from {start:%Y-%m-%d}: " + ", ".join(f"{n} {v[-1]['pr_auc']:.3f}" for n, v in by_kind.items()))
    out.print(f"{'mean of folds':<18}" + "".join(f"{name:>20}" for name in SHOWN))
    for name, folded in by_kind.items():
        means = [[row[shown] for row in folded if shown in row] for shown in SHOWN]
        out.print(f"{name:<18}" + "".join(f"{sum(m) / len(m):>20.4f}" if m else f"{'–':>20}" for m in means))


def _until(recording: Recording, until: datetime) -> Recording:
    totals = recording.hashtag_snapshots
    if totals is None:
        raise UsageError("the folds need hashtag_snapshots.parquet in the recording")
    return replace(recording, hashtag_snapshots=totals.filter(pl.col("fetched_at") < until))


def _fold(recording: Recording, plan: BacktestPlan) -> dict[str, dict[str, float]]:
    anchors = plan.anchors(recording.last)
    features, labels = totals_table(recording, plan.moments(recording.first, anchors))
    with tempfile.TemporaryDirectory() as models:
        walk = walk_forward(features, labels, anchors, plan, Path(models), lambda _: None)
    resolved = labels.join(features.select("hashtag", "at", LAST_GROWTH), on=["hashtag", "at"])
    resolved = resolved.join(plain_scores(features, labels, anchors, plan), on=["hashtag", "at"])
    estimates = {
        kind: figures(predictions.join(resolved, on=["hashtag", "at"]), resamples=1)
        for kind, predictions in walk.predictions.items()
    }
    estimates |= {"last-24h growth": score_figures(resolved, LAST_GROWTH, resamples=1)}
    estimates |= {"plain XGBoost": score_figures(resolved, "plain", resamples=1)}
    return {
        name: {shown: value for shown in SHOWN if shown in e and (value := e[shown].value) is not None}
        for name, e in estimates.items()
    }
