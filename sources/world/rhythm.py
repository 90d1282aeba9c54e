"""The daily rhythm as a bend of time, so that whatever is closed-form without it stays so with it.

Bent time runs faster in the evening and slower at night: h + a (sin(w (h - peak)) + sin(w peak)) / w with
w = 2 pi / 24 h, whose slope is 1 + a cos(w (h - peak)).
"""

from dataclasses import dataclass
from math import pi

import numpy as np

from sources.world.draws import Numbers

_W = 2 * pi / 24.0


@dataclass(frozen=True)
class Rhythm:
    """Activity over the day: `1 + strength cos(2 pi (hour - peak_hour) / 24)`, hours UTC.

    Examples
    --------
    >>> rhythm = Rhythm(strength=0.5, peak_hour=13.0)
    >>> float(rhythm.bend(24.0)), bool(rhythm.bend(13.5) - rhythm.bend(12.5) > 1.4)
    (24.0, True)
    """

    strength: float
    peak_hour: float

    def bend(self, hours: Numbers | float) -> Numbers:
        """Return bent time, hours; it grows with `hours` and agrees with it at midnight UTC."""
        phase = np.sin(_W * (np.asarray(hours, np.float64) % 24.0 - self.peak_hour)) + np.sin(_W * self.peak_hour)
        return np.asarray(hours + self.strength * phase / _W)

    def unbend(self, bent: Numbers) -> Numbers:
        """Return the hours whose bent time is `bent`, by interpolation over a day."""
        grid = np.linspace(0.0, 24.0, 24 * 12 + 1)
        day = np.floor(bent / 24.0)
        return np.asarray(24.0 * day + np.interp(bent - 24.0 * day, self.bend_within_day(grid), grid))

    def bend_within_day(self, hours: Numbers) -> Numbers:
        """Return bent time for hours of one day, 0 to 24 inclusive."""
        phase = np.sin(_W * (hours - self.peak_hour)) + np.sin(_W * self.peak_hour)
        return np.asarray(hours + self.strength * phase / _W)


POSTING = Rhythm(strength=0.6, peak_hour=12.5)
WATCHING = Rhythm(strength=0.35, peak_hour=14.0)
