"""The videos observed in some windows: their last counters and what each gained (O, c_e, c_b, dc).

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from core.metrics.keyed_frame import Keys
from core.metrics.time_log import Array, Flags, Floats, Ints
from core.windows import micros

COUNTERS = ("plays", "likes", "comments", "shares", "saves")
LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class Observed:
    """One row for each pair of hashtag and video and window in which the pair has a reading.

    A hashtag in a window is a *cell*, numbered window x tags + code; arrays over cells have the shape (C,).

    Parameters
    ----------
    tags: number of hashtag codes
    starts, ends: of the windows, microseconds, ascending (W,)
    windows: which window each row belongs to (N,)
    pairs: which pair each row belongs to, ascending (N,)
    codes: hashtag of each pair (P,)
    numbers: arrays (N,), NaN where unknown: the counters c_e, `created_at` in microseconds, `gain` (dplays)
    read_at: when each row was last read, microseconds (N,)
    members: for each kind of people behind a video its key within the hashtag, 0 where unknown (P,)
    names: for each kind the ids themselves (P,)
    """

    tags: int
    starts: Ints
    ends: Ints
    windows: Array
    pairs: Array
    codes: Array
    numbers: Mapping[str, Floats]
    read_at: Ints
    members: Mapping[str, Keys]
    names: Mapping[str, pl.Series]

    def __getitem__(self, name: str) -> Floats:
        return self.numbers[name]

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.ends) * self.tags

    @property
    def cells(self) -> Ints:
        """The cell of each row (N,)."""
        return self.windows * self.tags + self.codes[self.pairs]

    def born(self, rows: slice | Array = slice(None)) -> Flags:
        """Return for which of `rows` the video was created inside the row's window."""
        created, windows = self["created_at"][rows], self.windows[rows]
        return (created > self.starts[windows]) & (created <= self.ends[windows])


@dataclass(frozen=True)
class VideoReadings:
    """Readings of videos under hashtags, sorted by pair, time and plays.

    Parameters
    ----------
    times: microseconds since the Unix epoch (N,)
    counters: by name, NaN where unknown (N,)
    pairs: which pair each belongs to (N,)
    keys: key of each pair, ascending (P,)
    codes: hashtag of each pair (P,)
    videos: key of the video of each pair (P,)
    """

    times: Ints
    counters: Mapping[str, Floats]
    pairs: Array
    keys: Keys
    codes: Array
    videos: Keys

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "VideoReadings":
        """Return the readings of a frame with code, video, pair, fetched_at, plays and any other counters."""
        order = _order(frame)
        keys = frame["pair"].to_numpy()[order]
        first = starts_of(keys)
        starts = np.flatnonzero(first)
        return cls(
            frame["fetched_at"].to_physical().to_numpy()[order],
            {name: floats(frame[name])[order] for name in COUNTERS if name in frame.columns},
            np.cumsum(first) - 1,
            keys[starts],
            frame["code"].to_numpy()[order[starts]],
            frame["video"].to_numpy()[order[starts]],
        )


def _order(readings: pl.DataFrame) -> Ints:
    """Return the places of readings sorted by pair, fetched_at and plays (unknown ones first)."""
    pairs, times = readings["pair"].to_numpy(), readings["fetched_at"].to_physical().to_numpy()
    order = np.argsort(pairs, kind="stable")
    same, risen = ~starts_of(pairs[order])[1:], np.diff(times[order]) > 0
    if risen[same].all():
        return order
    return readings.select(pl.arg_sort_by("pair", "fetched_at", "plays")).to_series().to_numpy()


def starts_of(*sorted_keys: Array) -> Flags:
    """Return which rows begin a new run of equal keys."""
    first = np.ones(len(sorted_keys[0]), bool)
    first[1:] = np.logical_or.reduce([keys[1:] != keys[:-1] for keys in sorted_keys])
    return first


def floats(values: pl.Series) -> Floats:
    """Return numbers as floats, NaN where they are null."""
    return values.to_numpy().astype(np.float64, copy=False)


def last_readings(readings: VideoReadings, starts: Array) -> tuple[dict[str, Floats], Floats, slice | Array]:
    """Return the last known counters of each run of readings, NaN without any (N,).

    It also returns when those plays were read, NaN without any (N,), and the position of each run's last reading.

    Parameters
    ----------
    readings: readings in order
    starts: position at which each run begins (N,)
    """
    counters, times = readings.counters, readings.times
    if len(starts) == len(times):  # usually each run is one reading: nothing to choose, nothing to copy
        return dict(counters), np.where(np.isnan(counters["plays"]), np.nan, times), slice(None)
    places = {name: _last_known(values, starts) for name, values in counters.items()}
    numbers = {name: _at_places(values, places[name]) for name, values in counters.items()}
    return numbers, _at_places(times, places["plays"]), np.append(starts[1:], len(times)) - 1


def _last_known(values: Floats, starts: Array) -> Array:
    """Return the position of the last known value of each run that begins at `starts`, -1 without any."""
    places = np.where(np.isnan(values), -1, np.arange(len(values)))
    last = np.maximum.reduceat(places, starts)
    return np.where(last >= starts, last, -1)


def _at_places(values: Array, places: Array) -> Floats:
    """Return the value at each position, NaN where the position is -1."""
    return np.where(places >= 0, values[places], np.nan)


def plays_before(
    plays: Floats, plays_at: Floats, pairs: Array, initial: Floats, initial_at: Floats
) -> tuple[Floats, Floats]:
    """Return the last known plays of the same pair in an earlier row, and when they were read (N,), NaN if never.

    Parameters
    ----------
    plays, plays_at: of rows in the order of pair and window (N,)
    pairs: which pair each row belongs to (N,)
    initial, initial_at: what was known of each pair before the first row (P,)
    """
    places = np.where(np.isnan(plays), -1, np.arange(len(plays)))
    before = np.full(len(plays), -1)
    before[1:] = np.maximum.accumulate(places)[:-1]
    starts = np.flatnonzero(starts_of(pairs)) if len(pairs) else np.zeros(0, np.int64)
    here = before >= np.repeat(starts, np.diff([*starts, len(pairs)]))
    return np.where(here, plays[before], initial[pairs]), np.where(here, plays_at[before], initial_at[pairs])


def gains(observed: Observed, plays_at: Floats, earlier: Floats, earlier_at: Floats) -> Floats:
    """Return dplays of each row: max(0, c_e - c_b) x min(1, L / (t_e - t_b)), NaN where unknown (N,).

    Without an earlier reading in [start - 24 h, start], a video created inside the window gained all its plays, and any
    other video gained an unknown number.

    Parameters
    ----------
    observed: needs plays and created_at
    plays_at: when plays were read (N,)
    earlier, earlier_at: plays known before each row and when they were read, as `plays_before` returns them (N,)
    """
    plays, start = observed["plays"], observed.starts[observed.windows]
    length = observed.ends[0] - observed.starts[0] if len(observed.ends) else 0
    rise: Floats = plays - earlier
    with np.errstate(invalid="ignore"):
        np.maximum(0.0, rise, out=rise)
        rise *= np.minimum(1.0, length / (plays_at - earlier_at))
        unknown = np.flatnonzero(~(earlier_at >= start - micros(LOOK_BACK)))
    rise[unknown] = np.where(observed.born(unknown), plays[unknown], np.nan)
    return rise
