"""Spreads the units of a day over its hours, so that some are left for the evening."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import pi, sin

from core.windows import DAY, HOUR, require_utc


@dataclass(frozen=True)
class DailyCurve:
    """A daily curve: units are spent at 1 + strength cos(2 pi (hour - busiest_hour) / 24) times the even rate.

    Parameters
    ----------
    busiest_hour: hour of the day (UTC) at which most is posted
    strength: 0 spreads evenly, 1 leaves nothing for the quietest hour

    Examples
    --------
    >>> [round(DailyCurve(busiest_hour=18, strength=0.5).share(hour), 2) for hour in (0, 6, 12, 18, 24)]
    [0.0, 0.17, 0.34, 0.67, 1.0]
    """

    busiest_hour: float = 13.0
    strength: float = 0.4

    def share(self, hours: float) -> float:
        """Return the share of a day's units that belongs to its first `hours` hours."""
        w = 2 * pi / 24
        bend = sin(w * (hours - self.busiest_hour)) + sin(w * self.busiest_hour)
        return min(1.0, max(0.0, (hours + self.strength * bend / w) / 24))

    def due(self, now: datetime, every: timedelta, cap: int) -> int:
        """Return the units of `cap` that may be spent by the end of the slot that begins at `now`."""
        midnight = require_utc(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return int(cap * self.share(min(24.0, (now - midnight + every) / HOUR)) + 1e-9)

    def allowance(self, now: datetime, every: timedelta, left: int, cap: int) -> int:
        """Return the units for the slot at `now`: what the curve allows by its end, at most two slots' worth."""
        burst = 2 * max(1, -int(-cap * (1 + self.strength) * every // DAY))
        return max(0, min(left, self.due(now, every, cap) - (cap - left), burst))
