"""The state that the next window is computed from: bounded, frozen, and rebuilt from the lake at any time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics.formulas import HALF_LIFE_WINDOWS
from core.metrics.keyed_frame import KeyedFrame, Keys, keys_of
from core.metrics.time_log import Array, TimeLog
from core.tables import UTC_TIME
from core.windows import MICROSECOND

HISTORY = timedelta(days=14)
NEVER = np.iinfo(np.int64).max
RECENT = timedelta(hours=24)
HISTORY_COLUMNS = ("views_gained", "views_total", "views_increment")
RECENT_COLUMNS = ("engagement_efficiency", "creator_dispersion", "novelty", "velocity", "acceleration")
_TAG_DEFAULTS: Mapping[str, float | int] = {
    "peak": np.nan,
    "earlier_peak": np.nan,
    "risen_at": NEVER,
    "first_detected_at": NEVER,
    "plays": 0,
    "plays_since": NEVER,
}


@dataclass(frozen=True)
class HashtagTable:
    """All hashtags ever read, numbered by code, with the values carried from window to window.

    Parameters
    ----------
    names: hashtag of each code (T,)
    index: code by key of the hashtag
    values: arrays (T,): `peak`, the running maximum of the platform's total, and `earlier_peak`, the one below it, NaN
        where there is none; `risen_at`, when the peak was reached, and `first_detected_at`, in microseconds, `NEVER` if
        not yet; `plays`, the sum of the last known plays of its videos; `plays_since`, when the first of them was read
    """

    names: pl.Series
    index: KeyedFrame
    values: Mapping[str, Array]

    @classmethod
    def none(cls) -> "HashtagTable":
        """Return a table without hashtags."""
        index = KeyedFrame.of(pl.DataFrame(schema={"key": pl.UInt64, "code": pl.Int32}))
        values = {name: np.full(0, fill) for name, fill in _TAG_DEFAULTS.items()}
        return cls(pl.Series("hashtag", [], pl.String), index, values)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, name: str) -> Array:
        return self.values[name]

    @property
    def keys(self) -> Keys:
        """Key of each hashtag, the same whatever its code is (T,)."""
        return keys_of(self.names)

    def codes(self, hashtags: pl.Series) -> pl.Series:
        """Return the code of each hashtag, null for a hashtag never read; runs of equal hashtags are looked up once."""
        runs = hashtags.rle()
        codes = self.index.find(keys_of(runs.struct.field("value")))["code"]
        return codes.gather(pl.Series(np.repeat(np.arange(len(runs), dtype=np.uint32), runs.struct.field("len"))))

    def including(self, hashtags: pl.Series) -> "HashtagTable":
        """Return the table with the new ones of `hashtags` appended in alphabetical order."""
        distinct = hashtags.unique().drop_nulls()
        new = distinct.filter(self.codes(distinct).is_null()).sort().alias("hashtag")
        if new.is_empty():
            return self
        codes = pl.Series(np.arange(len(self), len(self) + len(new)), dtype=pl.Int32)
        index = self.index.upsert(pl.DataFrame({"key": keys_of(new), "code": codes}))
        grown = {
            name: np.concatenate([values, np.full(len(new), _TAG_DEFAULTS[name], values.dtype)])
            for name, values in self.values.items()
        }
        return HashtagTable(pl.concat([self.names, new], rechunk=True), index, grown)

    def updated(self, **values: Array) -> "HashtagTable":
        """Return the table with some of its arrays replaced."""
        return replace(self, values={**self.values, **values})


@dataclass(frozen=True)
class MetricState:
    """Everything that the next window needs from data fetched until `as_of`.

    Parameters
    ----------
    as_of: end of the last window
    length: length of a window, a multiple of 15 minutes
    tags: the hashtags ever read
    videos: created_at, creator_id and sound_id by key of the video
    pairs: last known plays `plays_before`, when they were read `before_at`, and when the first were, `since`, both in
        microseconds, by key of (hashtag, video)
    totals: readings of the last 30 h: `views`, the running maximum
    gains: play readings of the last 24 h: `gain` over the video's last known plays, `since` as in pairs (microseconds)
    seen: pairs observed in the last 24 h, each when it last was: keys `pair`, `video`, and `creator_id_key` and
        `sound_id_key` within the hashtag
    history: `HISTORY_COLUMNS` and `lane` (hashtag and source) of the windows of the last 14 days, time being their end
    recent: `RECENT_COLUMNS` of the windows of the last 24 h, at least 12
    """

    as_of: datetime
    length: timedelta
    tags: HashtagTable
    videos: KeyedFrame
    pairs: KeyedFrame
    totals: TimeLog
    gains: TimeLog
    seen: TimeLog
    history: TimeLog
    recent: TimeLog

    @property
    def minutes(self) -> int:
        """Length of a window in minutes, as tables write it."""
        return self.length // timedelta(minutes=1)


def empty_state(as_of: datetime, length: timedelta) -> MetricState:
    """Return the state of an installation that has fetched nothing by `as_of`."""
    videos = {"key": pl.UInt64(), "created_at": UTC_TIME, "creator_id": pl.String(), "sound_id": pl.String()}
    pairs = {"key": pl.UInt64(), "plays_before": pl.Int64(), "before_at": pl.Int64(), "since": pl.Int64()}
    return MetricState(
        as_of,
        length,
        HashtagTable.none(),
        KeyedFrame.of(pl.DataFrame(schema=videos)),
        KeyedFrame.of(pl.DataFrame(schema=pairs)),
        totals=_no_rows(views=np.float64),
        gains=_no_rows(gain=np.int64, since=np.int64),
        seen=_no_rows(pair=np.uint64, video=np.uint64, creator_id_key=np.uint64, sound_id_key=np.uint64),
        history=_no_rows(**dict.fromkeys(HISTORY_COLUMNS, np.float64), lane=np.int64),
        recent=_no_rows(**dict.fromkeys(RECENT_COLUMNS, np.float64)),
    )


def history_start(end: datetime, length: timedelta) -> datetime:
    """Return the moment after which window ends stay in the history once the window that ends at `end` is done."""
    return end + length - max(HISTORY, 2 * length) - MICROSECOND


def recent_start(end: datetime, length: timedelta) -> datetime:
    """Return the moment after which window ends stay recent once the window that ends at `end` is done."""
    return end - max(RECENT, HALF_LIFE_WINDOWS * length) - MICROSECOND


def _no_rows(**columns: type) -> TimeLog:
    return TimeLog(np.zeros(0, np.int64), np.zeros(0, np.int32), {n: np.zeros(0, t) for n, t in columns.items()})
