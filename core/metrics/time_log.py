"""Events of hashtags in order of time, as arrays: the input of formulas over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from core.windows import micros

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_ROOM = 1.25


class _Buffers:
    """Arrays with spare room at their end, shared by logs that were extended from one another; each sees a range."""

    def __init__(self, rows: Sequence[Array], more: int) -> None:
        self.filled = len(rows[0])
        self._arrays = [np.empty(int(_ROOM * (self.filled + more)), values.dtype) for values in rows]
        for array, values in zip(self._arrays, rows, strict=True):
            array[: self.filled] = values

    def has_room(self, more: int) -> bool:
        return self.filled + more <= len(self._arrays[0])

    def append(self, rows: Sequence[Array], kept: int) -> list[Array]:
        """Write rows after all others, and return them together with the `kept` rows before them."""
        first, stop = self.filled, self.filled + len(rows[0])
        for array, values in zip(self._arrays, rows, strict=True):
            array[first:stop] = values
        self.filled = stop
        return [array[first - kept : stop] for array in self._arrays]


@dataclass(frozen=True)
class TimeLog:
    """Rows (time, hashtag code, values), sorted by time.

    Extending a log writes into spare room after its rows, which stay in place: an hour costs what it adds, and not what
    the log already holds.

    Parameters
    ----------
    times: microseconds since the Unix epoch, ascending (N,)
    codes: code of the hashtag (N,)
    columns: values by name, each (N,); NaN where a float is unknown
    """

    times: Ints
    codes: Array
    columns: Mapping[str, Array]
    _buffers: _Buffers | None = field(default=None, repr=False, compare=False)
    _stop: int = field(default=0, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return TimeLog, (self.times, self.codes, dict(self.columns))

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def rows(self, start: datetime, end: datetime) -> slice:
        """Return the positions of the rows with start < time <= end."""
        low, high = np.searchsorted(self.times, [micros(start), micros(end)], side="right")
        return slice(int(low), int(high))

    def part(self, place: slice | Array) -> "TimeLog":
        """Return the rows at `place`: a slice, ascending positions or a mask."""
        return TimeLog(self.times[place], self.codes[place], {name: c[place] for name, c in self.columns.items()})

    def between(self, start: datetime, end: datetime) -> "TimeLog":
        """Return the rows with start < time <= end."""
        return self.part(self.rows(start, end))

    def extended(self, later: "TimeLog", forget: datetime) -> "TimeLog":
        """Return the rows after `forget` of this log, followed by those of `later`, none of which is earlier."""
        first, new = (int(np.searchsorted(log.times, micros(forget), side="right")) for log in (self, later))
        kept, added = self._arrays(self.columns, first), later._arrays(self.columns, new)
        buffers, more = self._buffers, len(added[0])
        if buffers is None or buffers.filled != self._stop or not buffers.has_room(more):
            buffers = _Buffers(kept, more)
        times, codes, *columns = buffers.append(added, len(kept[0]))
        return TimeLog(times, codes, dict(zip(self.columns, columns, strict=True)), buffers, buffers.filled)

    def _arrays(self, names: Iterable[str], first: int) -> list[Array]:
        return [values[first:] for values in (self.times, self.codes, *(self.columns[name] for name in names))]

    def latest(self, name: str, tags: int, start: datetime, end: datetime) -> Floats:
        """Return the last value in (start, end] of each code below `tags`, NaN without a row (T,)."""
        latest = np.full(tags, np.nan)
        place = self.rows(start, end)
        latest[self.codes[place]] = self.columns[name][place]  # of several rows of a code NumPy leaves the last
        return latest

    def total(self, values: Array, tags: int) -> Ints:
        """Return the exact sum of `values`, an integer per row of this log, for each code below `tags` (T,)."""
        sums = np.zeros(tags, np.int64)
        np.add.at(sums, self.codes, values)
        return sums
