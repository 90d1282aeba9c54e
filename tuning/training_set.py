"""Labelled rows to learn from: features and outcomes joined on (hashtag, anchor), named after what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import xxhash

from core.feature_sets import FeatureSet
from core.splits import LABEL_WINDOW
from storage.lake import Lake

KEY = ["hashtag", "at"]
LABELS = ["growth_24h", "viral", "surged_at"]


@dataclass(frozen=True)
class TrainingSet:
    """Rows sorted by (hashtag, at), their labels, and where they come from.

    Parameters
    ----------
    name: feature set, period and content hash: equal rows give equal names
    rows: hashtag, at, the features, growth_24h, viral, surged_at
    features: names of the feature columns
    versions: version of each lake table it was read from
    content_hash: hash of every value in `rows`
    """

    name: str
    rows: pl.DataFrame
    features: tuple[str, ...]
    versions: Mapping[str, int]
    content_hash: str

    @property
    def virals(self) -> int:
        """Number of rows that surged."""
        return int(self.rows["viral"].sum())

    @property
    def days(self) -> float:
        """Days between the first and the last anchor."""
        if self.rows.is_empty():
            return 0.0
        times = self.rows["at"].dt.epoch("us")
        return float(times.to_numpy().max() - times.to_numpy().min()) / (timedelta(days=1) / timedelta(microseconds=1))

    def described(self) -> dict[str, Any]:
        """What a model's card says of it, JSON-able."""
        return {
            "name": self.name,
            "versions": dict(self.versions),
            "content_hash": self.content_hash,
            "rows": self.rows.height,
            "virals": self.virals,
            "hashtags": self.rows["hashtag"].n_unique(),
            "start": _iso(self.rows["at"].min()),
            "end": _iso(self.rows["at"].max()),
        }


def build(
    lake: Lake,
    now: datetime,
    *,
    feature_set: FeatureSet,
    features: Sequence[str] | None = None,
    days: int | None = 14,
    max_rows: int = 20_000,
    seed: int = 0,
) -> TrainingSet:
    """Read the labelled rows whose 24 hours have passed by `now`.

    Parameters
    ----------
    feature_set: the feature set the rows must carry
    features: what to learn from, by default all its inputs; one that looks ahead or is not declared is a UsageError
    days: only anchors of the last so many days; None means all
    max_rows: when there are more, a sample of whole anchors, the same for the same rows and `seed`
    """
    features = feature_set.inputs if features is None else tuple(features)
    feature_set.require_inputs(features)
    start, end = None if days is None else now - timedelta(days=days), now - LABEL_WINDOW
    versions = {"features": lake.version("features"), "outcomes": lake.version("outcomes")}
    outcomes = _sampled(_outcomes(lake, start, end), max_rows, seed)
    parts = [
        lake.read("features", start=low, end=high, columns=["feature_set", *KEY, *features])
        .filter(pl.col("feature_set") == feature_set.name)
        .drop("feature_set")
        .join(outcomes, on=KEY, how="inner")
        for low, high in _chunks(outcomes)
    ]
    rows = pl.concat(parts).sort(KEY) if parts else _nothing(lake, features)
    digest = content_hash(rows)
    period = f"{_day(rows['at'].min())}-{_day(rows['at'].max())}"
    return TrainingSet(f"{feature_set.name}-{period}-{digest[:8]}", rows, tuple(features), versions, digest)


def content_hash(rows: pl.DataFrame) -> str:
    """Hash of every name and value of a frame; the same on every machine."""
    digest = xxhash.xxh3_128()
    for column in rows.get_columns():
        digest.update(f"{column.name}|{column.len()}|".encode())
        digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
        if column.dtype == pl.String:
            digest.update("\0".join(column.fill_null("").to_list()).encode())
        else:
            digest.update(column.to_physical().cast(pl.Float64).fill_null(0.0).to_numpy().tobytes())
    return digest.hexdigest()


def _outcomes(lake: Lake, start: datetime | None, end: datetime) -> pl.DataFrame:
    return lake.read("outcomes", start=start, end=end, columns=[*KEY, *LABELS]).filter(pl.col("at") <= end)


def _sampled(outcomes: pl.DataFrame, max_rows: int, seed: int) -> pl.DataFrame:
    """Whole anchors, as many as fit: neighbouring hours say nearly the same, and figures by anchor keep their sense."""
    if outcomes.height <= max_rows:
        return outcomes
    anchors = outcomes.group_by("at").len().sort("at")
    draws = [xxhash.xxh32_intdigest(str(moment), seed) for moment in anchors["at"].dt.epoch("s")]
    chosen = anchors.with_columns(draw=pl.Series(draws)).sort("draw", "at").filter(pl.col("len").cum_sum() <= max_rows)
    return outcomes.join(chosen, on="at", how="semi")


def _chunks(outcomes: pl.DataFrame) -> list[tuple[datetime, datetime]]:
    """Day-long ranges (start, end] that hold every anchor, so that features are never all in memory at once."""
    days = outcomes.select(pl.col("at").dt.offset_by("-1us").dt.truncate("1d").unique().sort())["at"]
    return [(day, day + timedelta(days=1)) for day in days]


def _nothing(lake: Lake, features: Sequence[str]) -> pl.DataFrame:
    empty = lake.read("features", columns=[*KEY, *features]).clear()
    return empty.join(lake.read("outcomes", columns=[*KEY, *LABELS]).clear(), on=KEY, how="inner")


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def _day(moment: Any) -> str:
    return "none" if moment is None else f"{moment:%Y%m%d}"
