"""When the platform's totals of hashtags rose: readings by hashtag and time, looked up for many moments at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.metrics.time_log import Array, Flags, Floats, Ints
from core.windows import micros

REMEMBERED = timedelta(days=60)
KEPT_RISES = 10
_SURPLUS = 1 / 32


@dataclass(frozen=True)
class TotalReadings:
    """Readings of a running maximum, sorted by (code, time).

    Parameters
    ----------
    codes: code of the hashtag (N,)
    times: when the total was read, microseconds since the Unix epoch (N,)
    views: V from then on, never NaN (N,)

    Examples
    --------
    >>> readings = TotalReadings.of(np.array([0, 0, 0]), np.array([10, 20, 30]), np.array([5.0, 9.0, 7.0]))
    >>> readings.views.tolist(), readings.rises().times.tolist()
    ([5.0, 9.0, 9.0], [10, 20])
    >>> readings.views_at(np.array([0, 0]), np.array([29, 9])).tolist()
    [9.0, nan]
    """

    codes: Array
    times: Ints
    views: Floats

    @classmethod
    def none(cls) -> "TotalReadings":
        """Return an empty set of readings."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))

    @classmethod
    def of(cls, codes: Array, times: Ints, totals: Floats) -> "TotalReadings":
        """Return readings of totals given in any order, none of them NaN; V is their running maximum by hashtag."""
        order = np.lexsort((totals, times, codes))
        codes, times = codes[order].astype(np.int64), times[order]
        return cls(codes, times, _running_maximum(codes, totals[order].astype(np.float64)))

    def __len__(self) -> int:
        return len(self.codes)

    def part(self, rows: Flags | Array) -> "TotalReadings":
        """Return a selection of the readings, in the same order."""
        return TotalReadings(self.codes[rows], self.times[rows], self.views[rows])

    def rises(self) -> "TotalReadings":
        """Return the readings at which V rose, the first of each hashtag among them."""
        before = np.where(self._same_as_above(), np.roll(self.views, 1), -1.0)
        return self.part(self.views > before)

    def last(self, codes: Array, moments: Ints) -> Ints:
        """Return the position of each code's last reading by its moment, -1 without any (R,)."""
        if not len(self):
            return np.full(len(codes), -1, np.int64)
        bounds = np.searchsorted(self.codes, np.arange(int(codes.max(initial=0)) + 2))
        places = np.full(len(codes), -1, np.int64)
        read = np.flatnonzero(np.diff(bounds)[codes])
        places[read] = self._last(bounds[codes[read]], bounds[codes[read] + 1], moments[read])
        return places

    def _last(self, first: Ints, stop: Ints, moments: Ints) -> Ints:
        """Return the last position in [first, stop) read by each moment, -1 without any (R,)."""
        place, steps = first - 1, int((stop - first).max(initial=0)).bit_length()
        for step in (1 << bit for bit in reversed(range(steps))):  # a binary search of all pairs at once
            further = place + step
            goes = self.times.take(further, mode="clip") <= moments
            goes &= further < stop
            np.copyto(place, further, where=goes)
        return np.where(place >= first, place, -1)

    def views_at(self, codes: Array, moments: Ints) -> Floats:
        """Return V of each code at its moment (R,), carried on without limit, NaN before the first reading."""
        place = self.last(codes, moments)
        return self.views_of(place)

    def views_of(self, place: Ints) -> Floats:
        """Return V of the readings at these positions, NaN for -1 (R,)."""
        if not len(self):
            return np.full(len(place), np.nan)
        return np.where(place >= 0, self.views[np.maximum(place, 0)], np.nan)

    def before(self, place: Ints, back: int) -> Ints:
        """Return the position of the reading `back` places earlier of the same hashtag, -1 where there is none (R,)."""
        if not len(self):
            return place
        earlier = place - back
        same = (place >= 0) & (earlier >= 0)
        same &= self.codes[np.maximum(earlier, 0)] == self.codes[np.maximum(place, 0)]
        return np.where(same, earlier, -1)

    def extended(self, later: "TotalReadings", now: datetime) -> "TotalReadings":
        """Return these rises with those of `later` readings, none of which is earlier than a known one of its hashtag.

        Rises that no feature at `now` or later needs are dropped once they are numerous enough to be worth a copy. Of
        each hashtag the rises of the last 60 days stay, and the last ten before them, so that V is exact throughout
        those days.
        """
        new = later.rises()
        new = new.part(~(new.views <= self.views_at(new.codes, new.times)))
        place = np.searchsorted(self.codes, new.codes, "right")
        pairs = zip(self._arrays(), new._arrays(), strict=True)
        return TotalReadings(*(np.insert(old, place, added) for old, added in pairs))._remembered(now)

    def _remembered(self, now: datetime) -> "TotalReadings":
        old = np.flatnonzero(self.times <= micros(now - REMEMBERED))
        passed = self.codes[old]
        surplus = old[:-KEPT_RISES][passed[:-KEPT_RISES] == passed[KEPT_RISES:]]
        if len(surplus) <= _SURPLUS * len(self):
            return self
        kept = np.ones(len(self), bool)
        kept[surplus] = False
        return self.part(kept)

    def _arrays(self) -> tuple[Array, Ints, Floats]:
        return self.codes, self.times, self.views

    def _same_as_above(self) -> Flags:
        same = np.zeros(len(self), bool)
        same[1:] = self.codes[1:] == self.codes[:-1]
        return same


def _running_maximum(codes: Array, totals: Floats) -> Floats:
    """Return the running maximum within each code of sorted rows."""
    if not len(totals):
        return totals
    ranks = np.searchsorted(np.unique(totals), totals).astype(np.int64)
    lifted = codes * (len(totals) + 1) + ranks  # later codes lie above all earlier ones
    peak = np.maximum.accumulate(lifted) - codes * (len(totals) + 1)
    return np.asarray(np.unique(totals)[peak])
