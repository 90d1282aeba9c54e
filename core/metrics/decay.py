"""How long interest lasts: the half-life of engagement and how older videos hold up against young ones.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from core.metrics.time_log import Array, Floats
from core.windows import HOUR, micros

HALF_LIFE_WINDOWS = 12
LEAST_POINTS = 3
LONGEST_H = 720.0
LEAST_VIDEOS = 3
RETENTION_AGES_H = (6, 24, 72)
_FLAT = 1e-12
_BANDED = ("band_videos", "band_gain")
AGE_EDGES = np.array(sorted({age * micros(HOUR) for hours in RETENTION_AGES_H for age in (hours, 2 * hours)}))


def half_life_h(efficiency: Floats, length: timedelta) -> Floats:
    """Return hours until engagement halves, from a least-squares line through its logarithm.

    NaN with fewer than three positive values or a line that does not fall; at most 720.

    Parameters
    ----------
    efficiency: engagement_efficiency of the last 12 windows, oldest first (12, M); NaN where unknown
    length: length of a window

    Examples
    --------
    >>> half_life_h(np.array([[0.4], [0.2], [0.1]]), timedelta(hours=1)).round(9).tolist()
    [1.0]
    """
    hours = np.arange(len(efficiency))[:, None] * (length / HOUR)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = efficiency > 0
        count = _added(used)
        log = np.where(used, np.log(np.where(used, efficiency, 1.0)), 0.0)
        from_mean = np.where(used, hours - _added(hours * used) / count, 0.0)
        slope = _added(from_mean * log) / _added(from_mean**2)
        halving = np.minimum(np.log(2) / -slope, LONGEST_H)
    return np.where((count >= LEAST_POINTS) & (slope < -_FLAT), halving, np.nan)


def _added(rows: Array) -> Floats:
    """Return the sum over rows one after another: the same for a hashtag whoever stands beside it."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total = total + row
    return total


def retention(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return retention_6, retention_24 and retention_72 of each cell (C,).

    Mean gain of videos aged [a, 2a) hours at the window's end over that of younger ones; NaN with fewer than three
    known gains on either side, or when the younger gained nothing.

    Parameters
    ----------
    sums: of a `Tally`, whose bands of age end at `AGE_EDGES`
    """
    return {f"retention_{hours}": _retention(sums, hours * micros(HOUR)) for hours in RETENTION_AGES_H}


def _retention(sums: Mapping[str, Floats], age: int) -> Floats:
    young, twice = (int(np.searchsorted(AGE_EDGES, edge)) + 1 for edge in (age, 2 * age))
    young_videos, young_gain = _summed(sums, 0, young)
    old_videos, old_gain = _summed(sums, young, twice)
    enough = (old_videos >= LEAST_VIDEOS) & (young_videos >= LEAST_VIDEOS) & (young_gain > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, (old_gain / old_videos) / (young_gain / young_videos), np.nan)


def _summed(sums: Mapping[str, Floats], first: int, last: int) -> tuple[Floats, Floats]:
    """Return the number and gain of videos of the bands first <= band < last."""
    videos, gain = (np.sum([sums[f"{name}_{n}"] for n in range(first, last)], axis=0) for name in _BANDED)
    return videos, gain
