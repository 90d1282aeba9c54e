"""Things that happened to hashtags, in order of time, as arrays: what formulas over time are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from core.windows import EPOCH

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_MICROSECOND = timedelta(microseconds=1)


def micros(time: datetime | timedelta) -> int:
    """Return a time since the Unix epoch, or a duration, in microseconds."""
    return (time - EPOCH) // _MICROSECOND if isinstance(time, datetime) else time // _MICROSECOND


@dataclass(frozen=True)
class TimeLog:
    """Rows (time, hashtag code, values), sorted by time.

    Parameters
    ----------
    times: microseconds since the Unix epoch, ascending (N,)
    codes: small numbers that stand for hashtags (N,)
    columns: values by name, each (N,); NaN where a float is unknown
    """

    times: Ints
    codes: Array
    columns: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def rows(self, start: datetime, end: datetime) -> slice:
        """Return the place of the rows with start < time <= end."""
        low, high = np.searchsorted(self.times, [micros(start), micros(end)], side="right")
        return slice(int(low), int(high))

    def part(self, place: slice | Array) -> "TimeLog":
        """Return the rows at `place` (a slice, ascending positions or a mask)."""
        return TimeLog(self.times[place], self.codes[place], {name: c[place] for name, c in self.columns.items()})

    def between(self, start: datetime, end: datetime) -> "TimeLog":
        """Return the rows with start < time <= end."""
        return self.part(self.rows(start, end))

    def extended(self, later: "TimeLog", forget: datetime) -> "TimeLog":
        """Return this log without what is not after `forget`, followed by `later`, none of whose rows is earlier."""
        first = int(np.searchsorted(self.times, micros(forget), side="right"))
        new = int(np.searchsorted(later.times, micros(forget), side="right"))
        return TimeLog(
            np.concatenate([self.times[first:], later.times[new:]]),
            np.concatenate([self.codes[first:], later.codes[new:]]),
            {name: np.concatenate([c[first:], later.columns[name][new:]]) for name, c in self.columns.items()},
        )

    def latest(self, name: str, tags: int, start: datetime, end: datetime) -> Floats:
        """Return for each code below `tags` its last value in (start, end], NaN where there is no row."""
        found = np.full(tags, np.nan)
        place = self.rows(start, end)
        found[self.codes[place]] = self.columns[name][place]  # of several rows of a code NumPy leaves the last
        return found

    def total(self, values: Array, tags: int) -> Ints:
        """Return for each code below `tags` the exact sum of `values` (integers, one a row of this log)."""
        sums = np.zeros(tags, np.int64)
        np.add.at(sums, self.codes, values)
        return sums
