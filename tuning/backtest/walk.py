"""Walk forward over a recording: learn from the past, predict the next period, learn again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from core.errors import UsageError
from core.evaluation.ranking import RANKED_BY, with_alerts
from core.evaluation.splits import LABEL_WINDOW
from core.features.totals import totals_features
from core.labels.labels import HORIZON, Views, outcomes
from core.labels.rises import TotalReadings
from core.tables import VIDEO_SNAPSHOTS
from models.interface import PREDICTED, Model
from models.registry.store import store
from sources.recordings.loading import Recording
from tuning.backtest.plan import BacktestPlan
from tuning.fit import fit_model, importance
from tuning.members import with_members
from tuning.recipe import Recipe
from tuning.side_by_side import side_by_side
from tuning.training_set import LABELS, TrainingSet, content_hash

KEY = ["hashtag", "at"]


@dataclass(frozen=True)
class Walk:
    """The results of a walk forward.

    Parameters
    ----------
    predictions: by kind of model, hashtag, at, `PREDICTED`, model_id and `member_<kind>` of the members of a blend, for
        every hashtag known at every anchor
    trained: one row per model: model_id, kind, at, rows, virals, hashtags, start, end
    importance: feature -> mean absolute contribution to the champion's last model, strongest first
    seen: hashtags among the rows that the first models learnt from
    """

    predictions: Mapping[str, pl.DataFrame]
    trained: pl.DataFrame
    importance: Mapping[str, float]
    seen: frozenset[str]


def walk_forward(
    features: pl.DataFrame,
    outcomes: pl.DataFrame,
    anchors: list[datetime],
    plan: BacktestPlan,
    models: Path,
    report_progress: Callable[[datetime], None],
) -> Walk:
    """Train models on established outcomes, let them predict until the next training, and so on to the end.

    A model learns from rows whose 24 hours are over at the moment of its training. Features at an anchor depend on
    nothing read after it, and an outcome on nothing read after its 24 hours, so predictions don't look ahead.

    Parameters
    ----------
    features: hashtag, at and features at every anchor to learn from and to predict at
    outcomes: hashtag, at, growth_24h, viral and surged_at of resolved anchors
    anchors: moments to predict at
    plan: the plan of the backtest
    models: folder in which every model is stored
    report_progress: called with each moment reached
    """
    predictions: dict[str, list[pl.DataFrame]] = {kind: [] for kind in plan.kinds}
    trained: list[dict[str, Any]] = []
    seen, weights = frozenset[str](), dict[str, float]()
    for step in _steps(features, outcomes, anchors, plan):
        for kind, (model, stated) in step.made.items():
            card = store(models, model, step.made_at, training_set=step.described)
            predictions[kind].append(stated.with_columns(model_id=pl.lit(card.model_id)))
            trained.append({"model_id": card.model_id, "kind": kind, "at": step.made_at} | step.described)
        seen, weights = seen or step.hashtags, step.importance
        report_progress(step.period[-1])
    columns = ["model_id", "kind", "at", "rows", "virals", "hashtags", "start", "end"]
    return Walk(
        {kind: pl.concat(parts) for kind, parts in predictions.items()},
        pl.DataFrame(trained).select(columns),
        weights,
        seen,
    )


@dataclass(frozen=True)
class _Step:
    """What one training led to: the models, by kind with their predictions, and what is kept of the training set."""

    made_at: datetime
    period: list[datetime]
    made: Mapping[str, tuple[Model, pl.DataFrame]]
    described: dict[str, Any]
    hashtags: frozenset[str]
    importance: dict[str, float]


def _steps(
    features: pl.DataFrame, outcomes: pl.DataFrame, anchors: list[datetime], plan: BacktestPlan
) -> Iterator[_Step]:
    """Yield the steps of a walk in order; each depends on the recording alone, not on the steps before it."""
    labelled = features.join(outcomes, on=KEY, how="inner")
    periods = plan.periods(anchors)

    def step(at: tuple[datetime, list[datetime]]) -> _Step:
        made_at, period = at
        training = training_rows(labelled, made_at, plan)
        rows = features.filter(pl.col("at").is_between(period[0], period[-1]) & pl.col("at").is_in(period))
        made = {}
        for kind in plan.kinds:
            model = fit_model(Recipe(kind), training, training.rows, plan.seed, threads=1)
            made[kind] = model, predicted(model, rows)
        champion = made[plan.kinds[0]][0]
        weights = importance(champion, training.rows.tail(20_000), plan.seed) if at == periods[-1] else {}
        return _Step(made_at, period, made, training.described(), frozenset(training.rows["hashtag"]), weights)

    return side_by_side(step, periods, plan.threads)


def totals_table(recording: Recording, moments: Sequence[datetime]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return features of every hashtag read by each moment, and the outcomes of the resolved moments, from totals.

    Features are computed one quarter at a time, so that memory does not grow with the length of the recording. They
    only compare hashtags of the same moment, so the cut changes no value.

    Parameters
    ----------
    recording: a recording with totals; raises UsageError for any other
    moments: moments of the features and outcomes
    """
    if recording.hashtag_snapshots is None:
        raise UsageError("the recording has no hashtag_snapshots.parquet")
    totals = recording.hashtag_snapshots.drop_nulls("views_total")
    names = totals["hashtag"].unique().sort()
    coded = totals.with_columns(code=pl.col("hashtag").replace_strict(names, pl.Series(range(len(names)))))
    readings = TotalReadings.of(
        coded["code"].to_numpy(), coded["fetched_at"].to_physical().to_numpy(), coded["views_total"].to_numpy()
    )
    first = coded.group_by("code").agg(known_from=pl.col("fetched_at").min())
    times = pl.DataFrame({"at": moments}, schema={"at": totals.schema["fetched_at"]})
    keys = times.join_where(first, pl.col("known_from") <= pl.col("at")).select("code", "at")
    resolved = [at for at in moments if at + HORIZON <= recording.last]
    views = Views.of(totals, VIDEO_SNAPSHOTS.empty())
    quarters = keys.sort("at").with_columns(quarter=pl.col("at").dt.truncate("3mo")).partition_by("quarter")
    parts = [totals_features(readings, names, part.select("code", "at")) for part in quarters]
    return pl.concat(parts, how="diagonal"), outcomes(views, resolved)


def training_rows(labelled: pl.DataFrame, made_at: datetime, plan: BacktestPlan) -> TrainingSet:
    """Return the rows that a model trained at `made_at` learns from, thinned by whole anchors at even distances."""
    established = labelled.filter(pl.col("at") <= made_at - LABEL_WINDOW)
    if plan.days is not None:
        established = established.filter(pl.col("at") > made_at - plan.days * HORIZON)
    established = thinned(established, plan.max_rows).sort(KEY)
    features = tuple(name for name in labelled.columns if name not in (*KEY, *LABELS))
    digest = content_hash(established)
    return TrainingSet(f"backtest-{made_at:%Y%m%d}-{digest[:8]}", established, features, {}, digest)


def thinned(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return about `most` rows: those of anchors at even distances, counted from the newest."""
    if rows.height <= most:
        return rows
    anchors = rows["at"].unique().sort(descending=True)
    places = np.linspace(0, len(anchors) - 1, max(1, len(anchors) * most // rows.height)).round().astype(int)
    return rows.filter(pl.col("at").is_in(anchors.gather(places.tolist()).implode()))


def predicted(model: Model, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the predictions of a model, and of each member of a blend, made anchor by anchor as they would be live."""
    parts = [
        part.select(KEY).hstack(with_members(model, part)) for part in rows.partition_by("at", maintain_order=True)
    ]
    empty = pl.DataFrame(schema={**rows.select(KEY).schema, **dict.fromkeys(PREDICTED, pl.Float64)})
    return pl.concat([empty, *parts], how="diagonal")


def alerts_of(predictions: pl.DataFrame, features: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Return predictions with `rank` and `alerted`, at most one alert for a hashtag in 24 h.

    The rules are those of docs/formulas.md, section 5.

    Parameters
    ----------
    predictions: hashtag, at and probability of one model
    features: hashtag, at and those features that ranking uses, where the recording has them
    threshold: least probability of an alert
    """
    if predictions.is_empty():
        return predictions
    used = [name for name in RANKED_BY if name in features.columns]
    rows = predictions.join(features.select(*KEY, *used), on=KEY, how="left")
    return with_alerts(rows, threshold).select(*predictions.columns, "rank", "alerted")
