"""Surges that the champion did not see coming, and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import polars as pl

from core.evaluation.kpis import EARLY
from core.windows import MICROSECOND
from storage.lake.interface import Lake

GAP_SHARE = 0.5
_NOT_FEATURES = ("hashtag", "at", "feature_set", "window")


class MissCategory(StrEnum):
    """Why a surge was missed; a mislabelled cluster can be recognised only for hashtags with clusters."""

    LATE_DETECTION = "late detection"
    MISLABELLED_CLUSTER = "mislabelled cluster"
    FEATURE_GAP = "feature gap"
    MODEL_DRIFT = "model drift"
    MODEL_ERROR = "model error"


@dataclass(frozen=True)
class Miss:
    """One surge of a hashtag that was neither alerted nor among the 5 % most probable before it came.

    Parameters
    ----------
    hashtag: whose surge
    surged_at: when it reached the threshold, first reading
    probability: the highest the champion had given it for this surge
    growth_24h: largest growth it came to, ratio
    missing_share: share of its features that were unknown
    """

    hashtag: str
    surged_at: datetime
    probability: float
    growth_24h: float
    missing_share: float
    category: MissCategory

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form, for hand-offs between agents."""
        return asdict(self) | {"surged_at": self.surged_at.isoformat(), "category": str(self.category)}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> "Miss":
        """Read what `as_json` wrote."""
        surged_at, category = datetime.fromisoformat(state["surged_at"]), MissCategory(state["category"])
        return cls(**{**state, "surged_at": surged_at, "category": category})


def misses(lake: Lake, champion: pl.DataFrame, *, drifted: bool = False) -> list[Miss]:
    """Find the missed surges among resolved predictions, most recent first.

    One surge is all viral rows of a hashtag that surged on one UTC day. It was late detection if nothing was said of
    the hashtag 6 h before it or earlier; a feature gap if half of its features or more were unknown; model drift if the
    features have drifted; else the model's error.

    Parameters
    ----------
    champion: rows of `pipelines.predictions.evaluate.Evaluation.champion`
    drifted: whether the features' drift is at its critical level
    """
    surges = _surges(champion)
    if surges.is_empty():
        return []
    gaps = _missing_shares(lake, surges.explode("anchors").select("hashtag", at="anchors"))
    surges_explained = (
        surges.join(gaps, on="hashtag", how="left")
        .sort(["surged_at", "hashtag"], descending=[True, False])
        .with_columns(
            pl.col("missing_share").fill_null(1.0),
            late=pl.col("surged_at") - pl.col("said") < EARLY,
        )
    )
    return [
        Miss(tag, surged_at, probability, growth, share, _category(late, share, drifted))
        for tag, surged_at, probability, growth, share, late in surges_explained.select(
            "hashtag", "surged_at", "probability", "growth_24h", "missing_share", "late"
        ).iter_rows()
    ]


def _surges(champion: pl.DataFrame) -> pl.DataFrame:
    """Missed surges: hashtag, surged_at, probability, growth_24h, first said, anchors."""
    share = (pl.len() * 0.05 + 0.5).floor().clip(lower_bound=1).over("at")
    placed = champion.sort(["at", "probability", "hashtag"], descending=[False, True, False]).with_columns(
        seen=(pl.int_range(pl.len()).over("at") < share) | pl.col("alerted"),
    )
    return (
        placed.filter(pl.col("viral") & pl.col("surged_at").is_not_null())
        .group_by("hashtag", pl.col("surged_at").dt.date().alias("day"))
        .agg(
            pl.col("seen").any(),
            pl.col("surged_at").min(),
            pl.col("probability").max(),
            pl.col("growth_24h").max(),
            pl.col("at").min().alias("said"),
            pl.col("at").alias("anchors"),
        )
        .filter(~pl.col("seen"))
    )


def _missing_shares(lake: Lake, keys: pl.DataFrame) -> pl.DataFrame:
    """Mean share of unknown features of each hashtag over its anchors."""
    first, last = keys["at"].min(), keys["at"].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    rows = lake.read("features", start=first - MICROSECOND, end=last).join(keys, ["hashtag", "at"], "semi")
    names = [name for name in rows.columns if name not in _NOT_FEATURES and not rows[name].is_null().all()]
    share = pl.mean_horizontal(pl.col(name).is_null().cast(pl.Float64) for name in names) if names else pl.lit(1.0)
    return rows.group_by("hashtag").agg(share.mean().alias("missing_share"))


def _category(late: bool, missing_share: float, drifted: bool) -> MissCategory:
    if late:
        return MissCategory.LATE_DETECTION
    if missing_share >= GAP_SHARE:
        return MissCategory.FEATURE_GAP
    return MissCategory.MODEL_DRIFT if drifted else MissCategory.MODEL_ERROR
