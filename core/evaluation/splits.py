"""Splits by time with a gap, so that no label of the earlier part looks into the later one."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from core.evaluation.scores import Flags
from core.windows import MICROSECOND

LABEL_WINDOW = timedelta(hours=24)
FIRST_SHARE = 0.5


@dataclass(frozen=True)
class TimeSplit:
    """Which rows come before the gap and which after it, both (rows,); rows inside the gap are in neither."""

    earlier: Flags
    later: Flags


def time_split(at: pl.Series, share: float, gap: timedelta = LABEL_WINDOW) -> TimeSplit:
    """Return a split whose `later` side is the last `share` of the period; `earlier` ends `gap` before it begins.

    Parameters
    ----------
    at: anchor of every row
    share: part of the time between the first and the last anchor, 0 to 1
    gap: time between the two sides, so that no label of the earlier side looks into the later one

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = pl.Series([datetime(2025, 5, day, tzinfo=UTC) for day in range(1, 10)])
    >>> split = time_split(at, 0.25)
    >>> int(split.earlier.sum()), int(split.later.sum())
    (6, 2)
    """
    if at.is_empty():
        none = np.zeros(0, dtype=bool)
        return TimeSplit(none, none)
    moments = at.dt.epoch("us").to_numpy()
    cut = moments.max() - share * (moments.max() - moments.min())
    return TimeSplit(moments <= cut - gap / MICROSECOND, moments > cut)


def time_folds(at: pl.Series, count: int, gap: timedelta = LABEL_WINDOW) -> list[TimeSplit]:
    """Return folds in order of time: the second half of the period in `count` equal parts, each one fold's later side.

    The earlier side of a fold is everything that ends `gap` before its part begins, so that no label looks into it.
    Folds with an empty side are left out.

    Parameters
    ----------
    at: anchor of every row
    count: number of folds
    gap: time between the two sides of a fold

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = pl.Series([datetime(2025, 5, day, tzinfo=UTC) for day in range(1, 10)])
    >>> [(int(fold.earlier.sum()), int(fold.later.sum())) for fold in time_folds(at, 2)]
    [(4, 2), (6, 2)]
    """
    if at.is_empty():
        return []
    moments = at.dt.epoch("us").to_numpy()
    first, last = moments.min(), moments.max()
    cuts = [first + (FIRST_SHARE + (1 - FIRST_SHARE) * part / count) * (last - first) for part in range(count + 1)]
    pause = gap / MICROSECOND
    folds = [TimeSplit(moments <= begin - pause, (moments > begin) & (moments <= end)) for begin, end in pairwise(cuts)]
    return [fold for fold in folds if fold.earlier.any() and fold.later.any()]
