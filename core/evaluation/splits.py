"""Splits by time with a gap, so that no label of the earlier part looks into the later one."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from core.evaluation.scores import Flags
from core.windows import MICROSECOND

LABEL_WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class TimeSplit:
    """Which rows come before the gap and which after it; both shape (rows,), neither in the gap."""

    earlier: Flags
    later: Flags


def time_split(at: pl.Series, share: float, gap: timedelta = LABEL_WINDOW) -> TimeSplit:
    """Give the last `share` of the period to `later`, and to `earlier` what ends `gap` before that.

    Parameters
    ----------
    at: anchor of every row
    share: part of the time between the first and the last anchor, 0 to 1

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
