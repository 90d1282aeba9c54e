"""Folds in order of time: each is scored on what came after all it learns from."""

from datetime import timedelta
from itertools import pairwise

import polars as pl

from core.evaluation.splits import LABEL_WINDOW, TimeSplit
from core.windows import MICROSECOND

FIRST_SHARE = 0.5


def time_folds(at: pl.Series, count: int, gap: timedelta = LABEL_WINDOW) -> list[TimeSplit]:
    """Cut the second half of the period into `count` equal parts; each is the later side of one fold.

    The earlier side of a fold is everything that ends `gap` before its part begins, so that no label looks into it.
    Folds with an empty side are left out.

    Parameters
    ----------
    at: anchor of every row

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
