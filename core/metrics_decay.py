"""How long interest lasts: the half-life of engagement and how older videos hold up against young ones (SPEC 3)."""

from datetime import datetime, timedelta

import numpy as np

from core.metrics_observed import Observed
from core.time_log import Floats, micros

HALF_LIFE_WINDOWS = 12
LEAST_POINTS = 3
LONGEST_H = 720.0
LEAST_VIDEOS = 3
RETENTION_AGES_H = (6, 24, 72)
_FLAT = 1e-12
_HOUR = timedelta(hours=1)


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


def retention(observed: Observed, end: datetime) -> dict[str, Floats]:
    """Return retention_6, retention_24 and retention_72 of each hashtag (M,).

    Mean gain of videos aged [a, 2a) hours at `end` over that of younger ones; NaN with fewer than three known gains on
    either side, or when the younger gained nothing.
    """
    age = np.where(np.isnan(observed["gain"]), np.nan, micros(end) - observed["created_at"])
    return {f"retention_{hours}": _retention(observed, age, hours * micros(_HOUR)) for hours in RETENTION_AGES_H}


def _retention(observed: Observed, age: Floats, limit: int) -> Floats:
    old, young = (age >= limit) & (age < 2 * limit), (age >= 0) & (age < limit)
    old_videos, young_videos = observed.count(old), observed.count(young)
    old_gain, young_gain = observed.sum(observed["gain"], old), observed.sum(observed["gain"], young)
    enough = (old_videos >= LEAST_VIDEOS) & (young_videos >= LEAST_VIDEOS) & (young_gain > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, (old_gain / old_videos) / (young_gain / young_videos), np.nan)
