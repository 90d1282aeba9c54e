"""Scores the predictions of an installation in a simulated world against the true outcomes of all its hashtags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from core.errors import UsageError
from core.evaluation.champions import by_champion
from core.evaluation.kpis import early, figures
from core.evaluation.model_ids import CHAMPION, kind_of, trained_at
from core.evaluation.ranking import with_alerts
from core.labels.labels import HORIZON, threshold
from core.tables import UTC_TIME
from core.windows import HOUR
from pipelines.predictions.evaluate import BASELINES
from sources.world.world import World
from storage.lake.interface import Lake

NIKOLOV_SHAH = "nikolov-shah"
RANKINGS = {**BASELINES, "pace of two rises": "pace_2_rises_waiting"}
TOP = 10
LEAST_VIEWS = 10_000
HALVINGS = 12
KEY = ["hashtag", "at"]
MADE_FROM = ("videos_24h", "creators_24h")
SHOWN = ("precision_at_10", "precision_at_5pct", "pr_auc", "base_rate")
SHOWN_EARLY = ("precision_at_10", "pr_auc", "base_rate")
OF_ALERTS = ("false_surge_rate", "lead_time_mean_h", "lead_time_median_h", "lead_time_share_6h")
Figures = dict[str, float | None]


@dataclass(frozen=True)
class ScoredPredictions:
    """The predictions at the anchors that count, and what came of them.

    Parameters
    ----------
    rows: hashtag, at, probability and alerted of the champion of the time, the baselines' scores, the true outcome
    virals: at -> number of true surges among all hashtags of the world, watched or not
    """

    rows: pl.DataFrame
    virals: Mapping[datetime, int]


def true_outcomes(world: World, anchors: Sequence[datetime]) -> pl.DataFrame:
    """Label every hashtag of the world at each anchor on its true views, read every hour.

    The label is that of docs/formulas.md, section 5.

    Returns hashtag, at, growth_24h, viral and surged_at.
    """
    ahead = HORIZON // HOUR
    moments = sorted({at + hours * HOUR for at in anchors for hours in range(ahead + 1)})
    views = {moment: world.all_true_views(moment) for moment in moments}
    return pl.concat([_at(world, at, np.stack([views[at + h * HOUR] for h in range(ahead + 1)])) for at in anchors])


def _at(world: World, at: datetime, views: np.ndarray) -> pl.DataFrame:
    """Outcomes at one anchor from the hourly views of the 24 h after it (25, hashtags)."""
    growth = (views - views[0]) / np.maximum(views[0], LEAST_VIEWS)
    theta = threshold(growth[-1])
    reached = growth[1:] >= theta
    first = np.where(reached.any(axis=0), 1 + reached.argmax(axis=0), -1)
    hours = pl.duration(hours=pl.when(pl.col("first") > 0).then("first"))
    return pl.DataFrame({"hashtag": world.hashtags, "growth_24h": growth[-1], "first": first}).select(
        "hashtag",
        pl.lit(at, UTC_TIME).alias("at"),
        "growth_24h",
        viral=(pl.col("growth_24h") > 0) & (pl.col("growth_24h") >= theta),
        surged_at=pl.lit(at, UTC_TIME) + hours,
    )


def scored_predictions(lake: Lake, world: World) -> ScoredPredictions:
    """Read the predictions from the first anchor after a model was trained.

    Raises
    ------
    UsageError: when no model was trained
    """
    spoken = lake.read("predictions", columns=[*KEY, "model_id", "probability", "rank", "alerted"])
    times = [at for model_id in spoken["model_id"].unique() if (at := trained_at(model_id)) is not None]
    if not times:
        raise UsageError("no model was trained in the days played: play more days, or more units a day")
    spoken = spoken.filter(pl.col("at") > min(times))
    anchors = spoken["at"].unique().sort().to_list()
    truth = true_outcomes(world, anchors)
    detector = spoken.filter(pl.col("model_id").map_elements(kind_of, pl.String) == NIKOLOV_SHAH)
    latest = detector.sort("model_id").unique(KEY, keep="last").select(*KEY, pl.col("probability").alias(NIKOLOV_SHAH))
    features = lake.read("features", columns=[*KEY, *RANKINGS.values(), *MADE_FROM])
    rows = by_champion(spoken).join(truth, on=KEY).join(latest, on=KEY, how="left").join(features, on=KEY, how="left")
    counts = truth.group_by("at").agg(pl.col("viral").sum())
    return ScoredPredictions(rows.sort("at", "hashtag"), dict(counts.iter_rows()))


def scored(spoken: ScoredPredictions) -> dict[str, Figures]:
    """Return every figure of the champion and of each baseline, on the same rows.

    Beside the usual baselines stands the best single feature found on the worlds used for tuning, the pace of a
    total over its last two rises.

    A baseline has no probability to hold against a threshold. Its alerts are those of the same rule with the threshold
    at which it raises as many as the champion did, looked up afterwards.
    """
    champion = spoken.rows
    count = int(champion["alerted"].sum())
    scores = {**RANKINGS, NIKOLOV_SHAH: NIKOLOV_SHAH}
    ranked = {name: champion.with_columns(probability=_place(column)) for name, column in scores.items()}
    frames = {CHAMPION: champion} | {name: with_as_many_alerts(rows, count) for name, rows in ranked.items()}
    return {name: _figures(rows, spoken.virals) for name, rows in frames.items()}


def _place(column: str) -> pl.Expr:
    """A score as its place among all rows, above 0 to 1; unknown comes last, ties share the lowest place."""
    filled = pl.col(column).cast(pl.Float64).fill_nan(None).fill_null(-1e300)
    return filled.rank("min") / pl.len()


def with_as_many_alerts(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Rows with `alerted` by the usual rule, at the lowest threshold that raises no more than `count` alerts.

    Where ties make that none, as of a clipped score, it is the highest threshold that raises any.
    """
    scorable = rows.select(*KEY, "probability", *MADE_FROM)
    low, high = 0.0, 1.01
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        few = int(with_alerts(scorable, middle)["alerted"].sum()) <= count
        low, high = (low, middle) if few else (middle, high)
    marked = with_alerts(scorable, high)
    if count and not marked["alerted"].any():
        marked = with_alerts(scorable, low)
    return rows.drop("alerted").join(marked.select(*KEY, "alerted"), on=KEY).sort("at", "hashtag")


def _figures(rows: pl.DataFrame, virals: Mapping[datetime, int]) -> Figures:
    estimates, ahead = figures(rows, resamples=1), figures(early(rows), resamples=1)
    won = rows.filter(pl.col("alerted") & pl.col("viral"))
    days = rows["at"].n_unique() / 24
    top = rows.sort(["at", "probability", "hashtag"], descending=[False, True, False]).group_by("at").head(TOP)
    hits = top.group_by("at").agg(pl.col("viral").sum()).sort("at")
    recalls = [hit / virals[at] for at, hit in hits.iter_rows() if virals[at]]
    return {
        **{name: estimates[name].value for name in (*SHOWN, *OF_ALERTS)},
        **{f"{name}_early": ahead[name].value for name in SHOWN_EARLY},
        "recall_at_10": sum(recalls) / len(recalls),
        "alerts_a_day": int(rows["alerted"].sum()) / days,
        "true_alerts_a_day": won.height / days,
        "early_alerts_a_day": early(won).height / days,
    }
