"""Growth of hashtags between two moments, from totals or from plays: the label, and the same looking back.

Formulas: docs/formulas.md, section 5.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.metrics.formulas import views_at
from core.metrics.time_log import Array, Flags, Floats, TimeLog
from core.windows import micros

SMALLEST_BASE = 10_000.0


@dataclass(frozen=True)
class Growth:
    """The growth of each hashtag between two moments.

    Parameters
    ----------
    growth: (V(end) - V(start)) / max(V(start), 10000), NaN where V is unknown at either end (T,)
    views: V(start) of the source used, NaN where growth is (T,)
    from_totals: V is of the platform's totals, known at both ends; else the sum of plays (T,)
    """

    growth: Floats
    views: Floats
    from_totals: Flags


def growth_between(totals: TimeLog, gains: TimeLog, plays: Floats, start: datetime, end: datetime) -> Growth:
    """Return the growth of each hashtag from `start` to `end`.

    Parameters
    ----------
    totals: readings with `views`, the running maximum
    gains: play readings, at least those in (start, end], with `gain` and `since`
    plays: sum of the last known plays of the videos known at `start`, NaN without any (T,)
    start, end: the two moments
    """
    tags = len(plays)
    before, after = views_at(totals, tags, start), views_at(totals, tags, end)
    from_totals = ~(np.isnan(before) | np.isnan(after))
    later = gains.between(start, end)
    gained = later.total(np.where(later["since"] <= micros(start), later["gain"], 0), tags)
    views = np.where(from_totals, before, plays)
    rise = np.where(from_totals, after - before, gained)
    return Growth(relative(rise, views), views, from_totals)


def relative(rise: Array, views: Array) -> Floats:
    """Return a gain in views relative to max(views before, 10000).

    Examples
    --------
    >>> relative(np.array([500.0, 500.0]), np.array([100.0, 50_000.0])).tolist()
    [0.05, 0.01]
    """
    grown: Floats = rise / np.maximum(views, SMALLEST_BASE)
    return grown


def known_gains(gains: TimeLog, start: datetime, end: datetime) -> TimeLog:
    """Return the play readings in (start, end] of videos whose plays were known at `start`."""
    later = gains.between(start, end)
    return later.part(later["since"] <= micros(start))


def plays_before(gains: TimeLog, plays: Array, since: Array, moment: datetime, now: datetime) -> Floats:
    """Return the sum of last known plays at `moment` over the videos known then, NaN without any (T,).

    Parameters
    ----------
    gains: play readings, at least those in (moment, now]
    plays: sum of the last known plays at `now` (T,)
    since: when the first plays of the hashtag were read, microseconds (T,)
    """
    later = gains.between(moment, now)
    then = plays - later.total(later["gain"], len(plays))
    return np.where(since <= micros(moment), then.astype(np.float64), np.nan)


def first_reached(
    totals: TimeLog, gains: TimeLog, growth: Growth, threshold: float, start: datetime, end: datetime
) -> Array:
    """Return when each hashtag's growth since `start` first was at least `threshold`, in (start, end] (T,).

    Microseconds; 0 where it never was. The moments are readings: of the total, or of a video known at `start`.
    """
    reached_at = np.zeros(len(growth.views), np.int64)
    labelled = ~np.isnan(growth.growth)
    risen = totals.between(start, end)
    risen = risen.part((labelled & growth.from_totals)[risen.codes])
    base = growth.views[risen.codes]
    _keep_first(reached_at, risen, relative(risen["views"] - base, base) >= threshold)
    played = known_gains(gains, start, end)
    played = played.part((labelled & ~growth.from_totals)[played.codes])
    played, gained = _cumulated(played)
    _keep_first(reached_at, played, relative(gained, growth.views[played.codes]) >= threshold)
    return reached_at


def _keep_first(reached_at: Array, log: TimeLog, reached: Flags) -> None:
    """Write the time of each code's first marked row into `found`."""
    place = np.flatnonzero(reached)[::-1]
    reached_at[log.codes[place]] = log.times[place]


def _cumulated(log: TimeLog) -> tuple[TimeLog, Array]:
    """Return one row for each hashtag and time of reading, by time, and what was gained until then."""
    order = np.lexsort((log.times, log.codes))
    ordered = log.part(order)
    codes, times = ordered.codes, ordered.times
    sums = np.cumsum(ordered["gain"])
    first = np.ones(len(codes), bool)
    first[1:] = codes[1:] != codes[:-1]
    starts = np.flatnonzero(first)
    before = np.repeat(sums[starts] - ordered["gain"][starts], np.diff([*starts, len(codes)]))
    complete = np.ones(len(codes), bool)
    complete[:-1] = (codes[1:] != codes[:-1]) | (times[1:] != times[:-1])
    done = np.flatnonzero(complete)
    done = done[np.argsort(times[done], kind="stable")]
    return ordered.part(done), (sums - before)[done]
