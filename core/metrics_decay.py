"""How long interest lasts: the half-life of engagement and how older videos hold up against young ones (SPEC 3)."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.time_log import Floats

HALF_LIFE_WINDOWS = 12
LEAST_POINTS = 3
LONGEST_H = 720.0
LEAST_VIDEOS = 3
RETENTION_AGES_H = (6, 24, 72)
_FLAT = 1e-12


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
    hours = np.arange(len(efficiency))[:, None] * (length / timedelta(hours=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        used = efficiency > 0
        count = used.sum(axis=0)
        log = np.where(used, np.log(np.where(used, efficiency, 1.0)), 0.0)
        from_mean = np.where(used, hours - (hours * used).sum(axis=0) / count, 0.0)
        slope = (from_mean * log).sum(axis=0) / (from_mean**2).sum(axis=0)
        halving = np.minimum(np.log(2) / -slope, LONGEST_H)
    return np.where((count >= LEAST_POINTS) & (slope < -_FLAT), halving, np.nan)


def retention(end: datetime) -> list[pl.Expr]:
    """Return aggregations over a hashtag's observed videos: retention_6, retention_24 and retention_72.

    Mean gain of videos aged [a, 2a) hours at `end` over that of younger ones; null with fewer than three known gains on
    either side, or when the younger gained nothing. Needs `created_at` and `gain`.
    """
    age = pl.lit(end) - pl.col("created_at")
    return [_retention(age, timedelta(hours=hours)).alias(f"retention_{hours}") for hours in RETENTION_AGES_H]


def _retention(age: pl.Expr, limit: timedelta) -> pl.Expr:
    old = pl.col("gain").filter((age >= limit) & (age < 2 * limit))
    young = pl.col("gain").filter((age >= timedelta(0)) & (age < limit))
    enough = (old.count() >= LEAST_VIDEOS) & (young.count() >= LEAST_VIDEOS) & (young.mean() > 0)
    return pl.when(enough).then(old.mean() / young.mean())
