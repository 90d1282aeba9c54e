"""From features to predictions: a model's probabilities, their ranking, alerts and reasons."""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from core.evaluation.ranking import QUIET, alerts, rank
from core.features import FEATURE_SET
from core.tables import PREDICTIONS
from core.windows import MICROSECOND
from models.interface import PREDICTED, Scorer
from pipelines.predictions.contributions import as_json, members_as_json
from storage.lake.interface import Lake

TOLD = 6
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
) -> pl.DataFrame:
    """Score every hashtag as the champion does: rows of table `predictions`, sorted by hashtag.

    Parameters
    ----------
    features: rows of table `features` of one anchor
    metrics: rows of `hashtag_metrics` of the same anchor, for novelty
    activity: hashtag, videos_24h, creators_24h; by default those columns of `features`, unknown where they are missing
    spread: hashtag, spread over clusters; unknown where it is missing
    explained: contributions are stated for so many of the best ranked, those unranked last; None means all. They are
        the strongest six, so that three can be told that differ in words
    """
    if features.is_empty():
        return PREDICTIONS.empty()
    said = _said(model, features)
    scored = (
        _with_activity(said, activity)
        .join(metrics.select("hashtag", "novelty"), on="hashtag", how="left")
        .join(SPREAD.to_frame() if spread is None else spread, on="hashtag", how="left")
        .with_columns(probability=pl.col("said_probability"))
    )
    ranked = rank(scored)
    ranked = ranked.with_columns(alerts(ranked, rule.threshold, rule.recent))
    return _rows(ranked.with_columns(_reasons(model, ranked, explained)), model_id)


def shadow(model: Scorer, model_id: str, features: pl.DataFrame) -> pl.DataFrame:
    """Score every hashtag beside the champion: the same rows, never ranked, alerted or explained."""
    if features.is_empty():
        return PREDICTIONS.empty()
    return _rows(
        _said(model, features).with_columns(
            rank=pl.lit(None, pl.Int64),
            rank_score=pl.lit(None, pl.Float64),
            alerted=pl.lit(False),
            contributions=pl.lit(None, pl.String),
            members=pl.lit(None, pl.String),
        ),
        model_id,
    )


def recent_alerts(lake: Lake, at: datetime) -> frozenset[str]:
    """Hashtags alerted in the 24 h before `at`."""
    rows = lake.read("predictions", start=at - QUIET, end=at - MICROSECOND, columns=["hashtag", "alerted"])
    return frozenset(rows.filter("alerted")["hashtag"])


def _said(model: Scorer, features: pl.DataFrame) -> pl.DataFrame:
    """What the model states, beside the features; a model that asks for one that looks ahead is a UsageError."""
    if (features["feature_set"] == FEATURE_SET.name).any():
        FEATURE_SET.require_inputs(model.features)
    return features.hstack(model.predict(features).select(pl.all().name.prefix("said_")))


def _with_activity(said: pl.DataFrame, activity: pl.DataFrame | None) -> pl.DataFrame:
    if activity is not None:
        said = said.drop(*ACTIVITY, strict=False).join(activity.select("hashtag", *ACTIVITY), on="hashtag", how="left")
    unknown = [pl.lit(None, dtype).alias(name) for name, dtype in ACTIVITY.items() if name not in said.columns]
    return said.with_columns(unknown)


def _reasons(model: Scorer, ranked: pl.DataFrame, explained: int | None) -> list[pl.Series]:
    """What moved each prediction most and what members say of it; the frame is in ranking order, best rows first."""
    best = ranked if explained is None else ranked.head(explained)
    told = [as_json(parts) for parts in model.explain(best, top=TOLD)]
    rest = [None] * (ranked.height - best.height)
    parts: dict[str, list[str | None]] = {"contributions": [*told], "members": members_as_json(model, best)}
    return [pl.Series(name, [*texts, *rest], pl.String) for name, texts in parts.items()]


def _rows(said: pl.DataFrame, model_id: str) -> pl.DataFrame:
    stated = [pl.col(f"said_{name}").alias(name) for name in PREDICTED]
    own = ("rank", "rank_score", "alerted", "contributions", "members")
    return (
        said.select("hashtag", "at", *stated, *own, "feature_set", model_id=pl.lit(model_id), window=pl.col("at"))
        .select(PREDICTIONS.schema.keys())
        .sort("hashtag")
    )
