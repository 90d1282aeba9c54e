"""Views of a hashtag from the platform's totals: V, what it gained over a window and over a day.

Formulas: docs/formulas.md, section 3.
"""

from datetime import datetime, timedelta

import numpy as np

from core.metrics.time_log import Array, Floats, TimeLog
from core.windows import DAY, micros

FRESH = timedelta(hours=6)
TOTALS_HORIZON = DAY + FRESH


def views_at(totals: TimeLog, tags: int, moment: datetime) -> Floats:
    """Return V(moment) for each code: the running maximum, NaN without a reading in (moment - 6 h, moment].

    Parameters
    ----------
    totals: readings with `views`, the running maximum since the first reading of the hashtag
    tags: number of codes
    """
    return totals.latest("views", tags, moment - FRESH, moment)


def gained_from_totals(totals: TimeLog, tags: int, end: datetime, length: timedelta) -> Floats:
    """Return views_gained of the window of `length` that ends at `end`, NaN where no pair of readings allows it.

    (V(r1) - V(r0)) x length / (r1 - r0) with r1 the newest reading in (end - 6 h, end] and r0 the newest in
    [r1 - 24 h, r1 - length].
    """
    newest = _last_positions(totals, tags, totals.rows(end - FRESH, end))
    known = newest >= 0
    r1 = np.where(known, totals.times[newest] if len(totals) else 0, np.iinfo(np.int64).min // 2)
    age = r1[totals.codes] - totals.times
    fits = (age >= micros(length)) & (age <= micros(DAY))
    earlier = _last_positions(totals, tags, np.flatnonzero(fits))
    pair = known & (earlier >= 0)
    gained = np.full(tags, np.nan)
    late, early = newest[pair], earlier[pair]
    rise = totals["views"][late] - totals["views"][early]
    gained[pair] = rise * micros(length) / (totals.times[late] - totals.times[early])
    return gained


def _last_positions(log: TimeLog, tags: int, place: slice | Array) -> Array:
    """Return the position of each code's last row among those at `place`, -1 where it has none."""
    positions = np.arange(len(log))[place]
    found = np.full(tags, -1, np.int64)
    found[log.codes[positions]] = positions
    return found
