"""Features of how the platform's totals rise: rounded numbers stand still and jump, the pace behind them does not.

A total of 3.4 million moves in steps of 100,000: it grows by 3 % in a day if a step falls into that day, else not at
all. So the time since the last steps, and their sizes, say more than the gain over any fixed span.
"""

import numpy as np

from core.evaluation.intervals import share
from core.features.set_v2 import FADES_DAYS, RISES
from core.labels.growth import SMALLEST_BASE, relative
from core.labels.rises import TotalReadings
from core.metrics.time_log import Floats, Ints
from core.windows import HOUR_US

DAYS = 56
_ROUNDED = ((1e4, 1.0), (1e6, 100.0), (1e9, 1e5), (np.inf, 1e8))
_PAIRS_AT_ONCE = 60_000
_LEAST_H = 1.0
_LEAST_WAIT_H = 3.0
_TREND_FLOOR = 1e-4


def rounding_step(views: Floats) -> Floats:
    """Return the step in which the platform rounds totals of this size.

    Examples
    --------
    >>> rounding_step(np.array([500.0, 20_000.0, 3_400_000.0, 2e9])).tolist()
    [1.0, 100.0, 100000.0, 100000000.0]
    """
    steps: Floats = np.select([views < bound for bound, _ in _ROUNDED], [step for _, step in _ROUNDED], np.nan)
    return steps


def rise_features(rises: TotalReadings, codes: Ints, at: Ints) -> dict[str, Floats]:
    """Return the features of set v2 that rest on a hashtag's own rises, for pairs of hashtag and moment.

    Beside them are `day_0` to `day_27`: the growth of each of the last 28 days, for `core.features.cohort`. All columns
    are (R,); a hashtag that was not read by its moment has NaN in all of them.

    Parameters
    ----------
    rises: rises of V, at least those of the 60 days before every moment and the ten before that
    codes: hashtags (R,)
    at: moments, microseconds since the Unix epoch (R,)
    """
    views = daily_views(rises, codes, at)
    days = relative(views[:-1] - views[1:], views[1:])
    month, months = views[DAYS // 2], views[DAYS]
    return {
        "rounding_step": np.log10(rounding_step(views[0]) / np.maximum(views[0], SMALLEST_BASE)),
        **_paces(rises, codes, at, views[0]),
        **_days(days),
        "growth_before_28d": relative(month - months, months),
        **{f"day_{d}": days[d] for d in range(DAYS // 2)},
    }


def daily_views(rises: TotalReadings, codes: Ints, at: Ints) -> Floats:
    """Return V at `at` and at each of the 56 days before, the latest first (57, R)."""
    days, at_once = np.arange(DAYS + 1), max(1, _PAIRS_AT_ONCE // max(len(codes), 1))
    blocks = [days[first : first + at_once, None] for first in range(0, DAYS + 1, at_once)]
    moments = ((at - 24 * HOUR_US * block).ravel() for block in blocks)
    tiled = (np.tile(codes, len(block)) for block in blocks)
    views = np.concatenate([rises.views_at(*pairs) for pairs in zip(tiled, moments, strict=True)])
    return views.reshape(DAYS + 1, len(codes))


def _paces(rises: TotalReadings, codes: Ints, at: Ints, views: Floats) -> dict[str, Floats]:
    """Return how far apart the last rises were, how large they were, and whether the next one is due."""
    newest = rises.last(codes, at)
    places = [rises.before(newest, back) for back in range(max(RISES) + 1)]
    hours = [_hours_since(rises, place, at) for place in places]
    size = [rises.views_of(place) for place in places]
    base, step = np.maximum(views, SMALLEST_BASE), rounding_step(views)
    features = {f"rise_{k}_before": relative(size[k] - size[k + 1], size[k + 1]) for k in (1, 2)}
    for k in RISES:
        apart, gained = np.maximum(hours[k] - hours[0], _LEAST_H), size[0] - size[k]
        pace = gained / apart
        features[f"pace_{k}_rises"] = 24 * pace / base
        features[f"pace_{k}_rises_waiting"] = 24 * gained / np.maximum(hours[k], _LEAST_WAIT_H) / base
        features[f"interval_{k}_rises"] = apart / k
        features[f"overdue_{k}_rises"] = hours[0] * k / apart
        if k in (1, 8):
            features[f"pending_{k}_rises"] = pace * hours[0] / step
    return features


def _hours_since(rises: TotalReadings, place: Ints, at: Ints) -> Floats:
    if not len(rises):
        return np.full(len(place), np.nan)
    return np.where(place >= 0, (at - rises.times[np.maximum(place, 0)]) / HOUR_US, np.nan)


def _days(days: Floats) -> dict[str, Floats]:
    """Return the level, trend and scatter of the daily growth of the past weeks, over the days that are known."""
    defined = ~np.isnan(days)
    zeroed = np.where(defined, days, 0.0)
    faded = {d: _faded(zeroed, defined, d) for d in FADES_DAYS}
    fortnight, month = days[:14], zeroed[:28]
    return {
        **{f"daily_growth_{d}d": faded[d] for d in FADES_DAYS},
        "growth_trend": np.log((days[0] + _TREND_FLOOR) / (faded[7] + _TREND_FLOOR)),
        "best_day_28d": np.where(defined[0], month.max(axis=0), np.nan),
        "spread_14d": _deviation(fortnight),
    }


def _faded(values: Floats, defined: Floats, half_days: int) -> Floats:
    """Return the mean of the known days, where a day weighs half as much as the one `half_days` later."""
    weights: Floats = 0.5 ** (np.arange(len(values)) / half_days)
    return share(weights @ values, weights @ defined)


def _deviation(values: Floats) -> Floats:
    """Return the population deviation of the known values of each column, NaN without any."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=0)
    filled = np.where(defined, values, 0.0)
    mean = filled.sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(defined, values - mean, 0.0) ** 2).sum(axis=0)
    return np.where(count > 0, np.sqrt(squares / np.maximum(count, 1)), np.nan)
