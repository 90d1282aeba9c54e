"""From features to predictions: a model's probabilities, their ranking, alerts and reasons."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from core.evaluation.ranking import QUIET, alerts, rank
from core.features import FEATURE_SET
from core.tables import PREDICTIONS
from core.windows import MICROSECOND
from models.interface import PREDICTED, Contribution, Scorer
from pipelines.predictions.contributions import members_of, rounded, to_json
from pipelines.predictions.reasons import moved_by
from storage.lake.interface import Lake

STRONGEST = 6
SPREAD = pl.Schema({"hashtag": pl.String(), "spread": pl.Float64()})
ACTIVITY = {"videos_24h": pl.Int64, "creators_24h": pl.Int64}


@dataclass(frozen=True)
class AlertRule:
    """When a prediction of the champion is an alert.

    Parameters
    ----------
    threshold: least probability
    recent: hashtags alerted in the 24 h before
    """

    threshold: float
    recent: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class PredictionBatch:
    """What the champion predicts for all hashtags at one time.

    Parameters
    ----------
    rows: rows of table `predictions`, sorted by hashtag
    contributions: hashtag -> what moved its prediction, strongest first, as stored; in the order of `rows`, without
        those whose contributions were not computed
    """

    rows: pl.DataFrame
    contributions: Mapping[str, tuple[Contribution, ...]] = field(default_factory=dict)


def predict(
    model: Scorer,
    model_id: str,
    features: pl.DataFrame,
    metrics: pl.DataFrame,
    rule: AlertRule,
    *,
    activity: pl.DataFrame | None = None,
    spread: pl.DataFrame | None = None,
    explained: int | None = None,
    watched: AbstractSet[str] = frozenset(),
) -> PredictionBatch:
    """Score every hashtag as the champion does.

    Parameters
    ----------
    features: rows of table `features` of one anchor
    metrics: rows of `hashtag_metrics` of the same anchor, for novelty
    activity: hashtag, videos_24h, creators_24h; by default those columns of `features`, unknown where they are missing
    spread: hashtag, spread over clusters; unknown where it is missing
    explained: how many of the best ranked get contributions (unranked hashtags come last); None means all. Six are
        stored of each, so that three can be named that differ in words
    watched: hashtags that get a sentence in `moved_by` although they are neither ranked nor alerted
    """
    if features.is_empty():
        return PredictionBatch(PREDICTIONS.empty())
    scored = (
        _with_activity(_stated(model, features), activity)
        .join(metrics.select("hashtag", "novelty"), on="hashtag", how="left")
        .join(SPREAD.to_frame() if spread is None else spread, on="hashtag", how="left")
        .with_columns(probability=pl.col("stated_probability"))
    )
    ranked = rank(scored)
    ranked = ranked.with_columns(alerts(ranked, rule.threshold, rule.recent))
    best = ranked if explained is None else ranked.head(explained)
    moved = dict(zip(best["hashtag"], map(rounded, model.explain(best, top=STRONGEST)), strict=True))
    members = members_of(model, best)
    reasons = {
        "contributions": [to_json(parts) for parts in moved.values()],
        "members": [None] * best.height if members is None else [to_json(row) for row in members],
        "moved_by": _sentences(best, moved, watched),
    }
    unexplained = [None] * (ranked.height - best.height)
    columns = [pl.Series(name, [*texts, *unexplained], pl.String) for name, texts in reasons.items()]
    return PredictionBatch(_rows(ranked.with_columns(columns), model_id), dict(sorted(moved.items())))


def shadow(model: Scorer, model_id: str, features: pl.DataFrame) -> pl.DataFrame:
    """Score every hashtag beside the champion: rows of table `predictions` without rank, alert or explanation."""
    if features.is_empty():
        return PREDICTIONS.empty()
    absent: dict[str, Any] = {
        "rank": pl.lit(None, pl.Int64),
        "rank_score": pl.lit(None, pl.Float64),
        "alerted": pl.lit(False),
        **{name: pl.lit(None, pl.String) for name in ("contributions", "members", "moved_by")},
    }
    return _rows(_stated(model, features).with_columns(**absent), model_id)


def recent_alerts(lake: Lake, at: datetime) -> frozenset[str]:
    """Hashtags alerted in the 24 h before `at`."""
    rows = lake.read("predictions", start=at - QUIET, end=at - MICROSECOND, columns=["hashtag", "alerted"])
    return frozenset(rows.filter("alerted")["hashtag"])


def _stated(model: Scorer, features: pl.DataFrame) -> pl.DataFrame:
    """Features with what the model predicts from them; UsageError for a model whose features look ahead."""
    if (features["feature_set"] == FEATURE_SET.name).any():
        FEATURE_SET.require_inputs(model.features)
    return features.hstack(model.predict(features).select(pl.all().name.prefix("stated_")))


def _with_activity(scored: pl.DataFrame, activity: pl.DataFrame | None) -> pl.DataFrame:
    if activity is not None:
        counts = activity.select("hashtag", *ACTIVITY)
        scored = scored.drop(*ACTIVITY, strict=False).join(counts, on="hashtag", how="left")
    unknown = [pl.lit(None, dtype).alias(name) for name, dtype in ACTIVITY.items() if name not in scored.columns]
    return scored.with_columns(unknown)


def _sentences(
    explained: pl.DataFrame, moved: Mapping[str, tuple[Contribution, ...]], watched: AbstractSet[str]
) -> list[str | None]:
    """What moved each prediction in words, for hashtags that are ranked, alerted or watched; None for the others."""
    shown = explained.select("hashtag", "at", pl.col("rank").is_not_null() | pl.col("alerted")).iter_rows()
    return [moved_by(tag, at, moved[tag]) if leads or tag in watched else None for tag, at, leads in shown]


def _rows(scored: pl.DataFrame, model_id: str) -> pl.DataFrame:
    stated = [pl.col(f"stated_{name}").alias(name) for name in PREDICTED]
    own = ("rank", "rank_score", "alerted", "contributions", "members", "moved_by")
    return (
        scored.select("hashtag", "at", *stated, *own, "feature_set", model_id=pl.lit(model_id), window=pl.col("at"))
        .select(PREDICTIONS.schema.keys())
        .sort("hashtag")
    )
