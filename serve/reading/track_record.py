"""Every past prediction that was in the top ten or alerted, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl

from core.evaluation.champions import ChampionPeriod, by_champion
from core.labels.label_scale import SCALE, judged
from serve.reading.rolling import Rolling
from storage.lake.interface import Lake

TOP = 10
HORIZON = timedelta(hours=24)
QUIET = timedelta(hours=24)
OUTCOME_DUE_WITHIN = timedelta(hours=60)
BINS = 10
_OPEN_SPAN = timedelta(days=4)
_GIVE_UP = timedelta(days=14)
_PREDICTIONS = (
    "hashtag",
    "at",
    "model_id",
    "probability",
    "lower",
    "upper",
    "rank",
    "alerted",
    "window",
)
_DAY = (pl.col("window") - pl.duration(microseconds=1)).dt.date()
_OUTCOMES = ("hashtag", "at", "growth_24h", "viral", "surged_at", "resolved_at", "window", *SCALE)


@dataclass(frozen=True)
class TrackRecord:
    """What was called and how it went.

    Parameters
    ----------
    calls: one row per call, newest first: the prediction's columns, the outcome's (null while open) and `first_call`
    bins: day, bin (0 to 9 by probability), n, probability (sum) and hits, over all resolved predictions of champions
    """

    calls: pl.DataFrame
    bins: pl.DataFrame


def settle(predictions: pl.DataFrame, outcomes: pl.DataFrame) -> TrackRecord:
    """Join what champions said with what became of it, as `judged`; `first_call` is left to `with_first_calls`."""
    resolved = judged(outcomes).drop("window", *SCALE)
    called = predictions.filter((pl.col("rank") <= TOP).fill_null(False) | pl.col("alerted"))
    bins = (
        predictions.join(resolved.select("hashtag", "at", "viral"), on=["hashtag", "at"])
        .with_columns(
            pl.col("at").dt.date().alias("day"),
            (pl.col("probability") * BINS).floor().clip(0, BINS - 1).cast(pl.Int64).alias("bin"),
        )
        .group_by("day", "bin")
        .agg(
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("probability").sum(),
            pl.col("viral").sum().cast(pl.Int64).alias("hits"),
        )
    )
    return TrackRecord(called.drop("window").join(resolved, on=["hashtag", "at"], how="left"), bins)


def with_first_calls(calls: pl.DataFrame) -> pl.DataFrame:
    """Newest first, with `first_call`: the tag was not called in the 24 h before."""
    before = pl.col("at") - pl.col("at").shift(1).over("hashtag")
    return (
        calls.sort("hashtag", "at")
        .with_columns((before.is_null() | (before >= QUIET)).alias("first_call"))
        .sort(["at", "rank", "hashtag"], descending=[True, False, False], nulls_last=True)
    )


class Ledger:
    """Keeps a `TrackRecord` up to date: a day is read again until its last hour is resolved."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._predictions = Rolling(lake, "predictions", _PREDICTIONS, _OPEN_SPAN)
        self._outcomes = Rolling(lake, "outcomes", _OUTCOMES, _OPEN_SPAN, unsettled=_OPEN_SPAN)
        self._days: dict[date, TrackRecord] = {}
        self._unresolved: set[date] = set()
        self._listed_to: datetime | None = None
        self._key: tuple[object, ...] = ()
        self._latest: TrackRecord | None = None

    def update(self, now: datetime, periods: Sequence[ChampionPeriod]) -> TrackRecord:
        """Return the track record as the lake stands now."""
        key = (self._lake.version("predictions"), self._lake.version("outcomes"), tuple(periods))
        if self._latest is None or key != self._key:
            border = _midnight(now - _OPEN_SPAN) + timedelta(days=1)
            self._settle_before(border, periods)
            recent = pl.col("window") > border
            predicted = by_champion(self._predictions.update(now).filter(recent), periods)
            parts = [*self._days.values(), settle(predicted, self._outcomes.update(now).filter(recent))]
            calls = with_first_calls(pl.concat([part.calls for part in parts]))
            self._latest = TrackRecord(calls, pl.concat([part.bins for part in parts]))
            self._key = key
        return self._latest

    def _settle_before(self, border: datetime, periods: Sequence[ChampionPeriod]) -> None:
        """Read each day before `border` that is new or not resolved yet."""
        if self._listed_to != border:
            windows = self._lake.read("predictions", start=self._listed_to, end=border, columns=["window"])
            self._unresolved |= set(windows.select(_DAY).unique().to_series())
            self._listed_to = border
        for day in sorted(self._unresolved):
            start = datetime.combine(day, time(), border.tzinfo)
            end = start + timedelta(days=1)
            predicted = self._lake.read("predictions", start=start, end=end, columns=_PREDICTIONS)
            outcomes = self._lake.read("outcomes", start=start, end=end, columns=_OUTCOMES)
            self._days[day] = settle(by_champion(predicted, periods), outcomes)
            if outcomes["at"].max() == predicted["at"].max() or day < (border - _GIVE_UP).date():
                self._unresolved.discard(day)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
