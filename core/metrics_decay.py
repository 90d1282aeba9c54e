"""How long interest lasts: the half-life of engagement and how older videos hold up against young ones (SPEC 3)."""

from datetime import timedelta

import numpy as np

from core.metrics_observed import Cells, Observed
from core.time_log import Floats, Ints, micros

HALF_LIFE_WINDOWS = 12
LEAST_POINTS = 3
LONGEST_H = 720.0
LEAST_VIDEOS = 3
RETENTION_AGES_H = (6, 24, 72)
_FLAT = 1e-12
_HOUR = timedelta(hours=1)
_AGE_EDGES = np.array(sorted({age * micros(_HOUR) for hours in RETENTION_AGES_H for age in (hours, 2 * hours)}))


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
    hours = np.arange(len(efficiency))[:, None] * (length / _HOUR)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = efficiency > 0
        count = used.sum(axis=0)
        log = np.where(used, np.log(np.where(used, efficiency, 1.0)), 0.0)
        from_mean = np.where(used, hours - (hours * used).sum(axis=0) / count, 0.0)
        slope = (from_mean * log).sum(axis=0) / (from_mean**2).sum(axis=0)
        halving = np.minimum(np.log(2) / -slope, LONGEST_H)
    return np.where((count >= LEAST_POINTS) & (slope < -_FLAT), halving, np.nan)


def retention(observed: Observed, cells: Cells) -> dict[str, Floats]:
    """Return retention_6, retention_24 and retention_72 of each cell (C,).

    Mean gain of videos aged [a, 2a) hours at the window's end over that of younger ones; NaN with fewer than three
    known gains on either side, or when the younger gained nothing.
    """
    age = observed.ends[observed.windows] - observed["created_at"]
    known = np.flatnonzero((age >= 0) & (age < _AGE_EDGES[-1]) & ~np.isnan(observed["gain"]))
    band = cells.of[known] * len(_AGE_EDGES) + np.searchsorted(_AGE_EDGES, age[known], side="right")
    size = cells.size * len(_AGE_EDGES)
    shape = (cells.size, len(_AGE_EDGES))
    videos = np.bincount(band, minlength=size).reshape(shape)
    gain = (
        np.bincount(band, weights=observed["gain"][known], minlength=size).reshape(shape).astype(np.float64, copy=False)
    )
    return {f"retention_{hours}": _retention(videos, gain, hours) for hours in RETENTION_AGES_H}


def _retention(videos: Ints, gain: Floats, hours: int) -> Floats:
    """Return the retention at an age from the numbers and gains of videos by band of age (C, bands)."""
    young = int(np.searchsorted(_AGE_EDGES, hours * micros(_HOUR)))
    twice = int(np.searchsorted(_AGE_EDGES, 2 * hours * micros(_HOUR)))
    young_videos, old_videos = videos[:, : young + 1].sum(axis=1), videos[:, young + 1 : twice + 1].sum(axis=1)
    young_gain, old_gain = gain[:, : young + 1].sum(axis=1), gain[:, young + 1 : twice + 1].sum(axis=1)
    enough = (old_videos >= LEAST_VIDEOS) & (young_videos >= LEAST_VIDEOS) & (young_gain > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, (old_gain / old_videos) / (young_gain / young_videos), np.nan)
