"""Labelled rows to learn from: features and outcomes joined on (hashtag, anchor), named after their content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import xxhash

from core.errors import StorageError
from core.evaluation.splits import LABEL_WINDOW
from core.features.growth_by_plays import without_plays
from core.features.sets import FeatureSet
from core.labels.label_scale import TOTALS, by_totals
from core.windows import DAY, HOUR, MICROSECOND
from storage.lake.interface import Lake

KEY = ["hashtag", "at"]
LABELS = ["growth_24h", "viral", "surged_at"]
ON_A_LABEL_SCALE = "one_scale"
"""Key of a stored recipe whose labels by totals and by plays are kept apart; recipes without it mix them."""


@dataclass(frozen=True)
class TrainingSet:
    """Rows sorted by (hashtag, at), their labels, and where they come from.

    Parameters
    ----------
    name: feature set, period and content hash; equal rows have equal names
    rows: hashtag, at, the features, growth_24h, viral, surged_at
    features: names of the feature columns
    versions: version of each lake table that the rows were read from
    content_hash: hash of every value in `rows`
    recipe: feature set, range of anchors, sampling and seed; with the pinned versions this is all that `recall` needs
    growth_by: `totals` when growth is measured by totals alone (`core.labels.label_scale`), else empty
    """

    name: str
    rows: pl.DataFrame
    features: tuple[str, ...]
    versions: Mapping[str, int]
    content_hash: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    growth_by: str = ""

    @property
    def virals(self) -> int:
        """Number of rows that surged."""
        return int(self.rows["viral"].sum())

    @property
    def days(self) -> float:
        """Days that hourly anchors cover: 120 of them are five days."""
        if self.rows.is_empty():
            return 0.0
        times = self.rows["at"].dt.epoch("us")
        return (float(times.to_numpy().max() - times.to_numpy().min()) + HOUR / MICROSECOND) / (DAY / MICROSECOND)

    def described(self) -> dict[str, Any]:
        """Return the description of the set for a model's card, as values for JSON."""
        return {
            "name": self.name,
            "versions": dict(self.versions),
            "content_hash": self.content_hash,
            "growth_by": self.growth_by,
            "recipe": {**self.recipe, "features": list(self.features)},
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
    """Return the labelled rows whose 24 hours have passed by `now`.

    Parameters
    ----------
    lake: holds `features` and `outcomes`
    now: the present, on the installation's clock
    feature_set: the feature set of the rows
    features: features to learn from, by default all inputs of the set; raises UsageError for a feature that looks ahead
        or is not declared
    days: number of last days whose anchors are used; None means all
    max_rows: most rows; of more rows, whole anchors are sampled, the same for equal rows and `seed`
    seed: random seed of the sample
    """
    features = feature_set.inputs if features is None else tuple(features)
    feature_set.require_inputs(features)
    start, end = None if days is None else now - timedelta(days=days), now - LABEL_WINDOW
    sources = {table: _Source(lake, table, lake.version(table)) for table in ("features", "outcomes")}
    recipe = {
        "feature_set": feature_set.name, "start": _iso(start), "end": _iso(end), "max_rows": max_rows, "seed": seed,
        ON_A_LABEL_SCALE: True,
    }  # fmt: skip
    return _made(sources, recipe, features)


def pin(lake: Lake, training: TrainingSet) -> None:
    """Pin the table versions that a training set was read from, so that `recall` always finds them."""
    start, end = (None if (at := training.recipe[bound]) is None else _moment(at) for bound in ("start", "end"))
    for table, version in training.versions.items():
        lake.pin(training.name, table, start, end, version)


def recall(lake: Lake, described: Mapping[str, Any]) -> TrainingSet:
    """Return a training set read again from the versions pinned for it, with the same values whatever happened since.

    Parameters
    ----------
    lake: holds the pinned tables
    described: description of the set in a model's card; raises StorageError when the lake no longer has those rows
    """
    recipe = {name: value for name, value in described["recipe"].items() if name != "features"}
    versions = described["versions"]
    sources = {table: _Source(lake, table, version, described["name"]) for table, version in versions.items()}
    training = _made(sources, recipe, tuple(described["recipe"]["features"]))
    if training.content_hash != described["content_hash"]:
        raise StorageError(f"the lake's rows are not those of training set {described['name']}; restore the lake")
    return training


@dataclass(frozen=True)
class _Source:
    """A table of the lake at a version, or as it was pinned under a name."""

    lake: Lake
    table: str
    version: int
    pin: str | None = None

    def read(self, start: datetime | None, end: datetime | None, columns: Sequence[str]) -> pl.DataFrame:
        version = self.version if self.pin is None else None
        return self.lake.read(self.table, start=start, end=end, columns=columns, version=version, pin=self.pin)


def _made(sources: Mapping[str, _Source], recipe: Mapping[str, Any], features: tuple[str, ...]) -> TrainingSet:
    start, end = None if recipe["start"] is None else _moment(recipe["start"]), _moment(recipe["end"])
    outcomes = sources["outcomes"].read(start, end, [*KEY, *LABELS, "v_source"]).filter(pl.col("at") <= end)
    by_total = by_totals(outcomes) if recipe.get(ON_A_LABEL_SCALE) else None
    chosen = (outcomes if by_total is None else by_total).drop("v_source")
    sampled = _sampled(chosen, recipe["max_rows"], recipe["seed"])
    this_set = pl.col("feature_set") == recipe["feature_set"]

    def labelled(low: datetime, high: datetime) -> pl.DataFrame:
        described = sources["features"].read(low, high, ["feature_set", *KEY, *features])
        return described.filter(this_set).drop("feature_set").join(sampled, on=KEY, how="inner")

    rows = pl.concat([labelled(low, high) for low, high in _chunks(sampled, end)]).sort(KEY)
    rows = rows if by_total is None else without_plays(rows)
    digest = content_hash(rows)
    name = f"{recipe['feature_set']}-{_day(rows['at'].min())}-{_day(rows['at'].max())}-{digest[:8]}"
    return TrainingSet(
        name,
        rows,
        features,
        {name: s.version for name, s in sources.items()},
        digest,
        recipe,
        "" if by_total is None else TOTALS,
    )


def content_hash(rows: pl.DataFrame) -> str:
    """Return a hash of every name and value of a frame, the same on every machine."""
    digest = xxhash.xxh3_128()
    for column in rows.get_columns():
        digest.update(f"{column.name}|{column.len()}|".encode())
        digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
        if column.dtype == pl.String:
            digest.update("\0".join(column.fill_null("").to_list()).encode())
        else:
            digest.update(column.to_physical().cast(pl.Float64).fill_null(0.0).to_numpy().tobytes())
    return digest.hexdigest()


def _sampled(outcomes: pl.DataFrame, max_rows: int, seed: int) -> pl.DataFrame:
    """Return as many whole anchors as fit: neighbouring hours are nearly equal, and figures go by anchor."""
    if outcomes.height <= max_rows:
        return outcomes
    anchors = outcomes.group_by("at").len().sort("at")
    draws = [xxhash.xxh32_intdigest(str(moment), seed) for moment in anchors["at"].dt.epoch("s")]
    chosen = anchors.with_columns(draw=pl.Series(draws)).sort("draw", "at").filter(pl.col("len").cum_sum() <= max_rows)
    return outcomes.join(chosen, on="at", how="semi")


def _chunks(outcomes: pl.DataFrame, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return day-long ranges (start, end] that cover every anchor, so that features are never all in memory at once."""
    days = outcomes.select(pl.col("at").dt.offset_by("-1us").dt.truncate("1d").unique().sort())["at"].to_list()
    return [(day, day + DAY) for day in days or [end]]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def _day(moment: Any) -> str:
    return "none" if moment is None else f"{moment:%Y%m%d}"
