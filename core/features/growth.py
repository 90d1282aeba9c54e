"""Features of group A: what a hashtag gained over several spans, how fast it moved, and how its day was shaped."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np

from core.features.set_v1 import ACCELERATION_LAGS, GAIN_HOURS, VELOCITY_LAGS
from core.labels.growth import growth_between, plays_before, relative
from core.metrics.state import NEVER, MetricState
from core.metrics.time_log import Array, Floats, TimeLog
from core.windows import DAY, HOUR, HOUR_US, MICROSECOND, micros


def growth_features(state: MetricState, codes: Array) -> dict[str, Floats]:
    """Return the features of group A at `state.as_of` for the hashtags at `codes`, NaN where unknown (R,)."""
    return {
        "growth_24h_past": growth_past(state)[codes],
        **_gains(state, codes),
        **_lags(state, codes),
        **_shape_of_day(state, codes),
        **_steps(state, codes),
    }


def growth_past(state: MetricState) -> Floats:
    """Return the growth of every hashtag over the 24 h before `state.as_of`: the label, looking back (T,)."""
    start, now = state.as_of - DAY, state.as_of
    plays = plays_before(state.gains, state.tags["plays"], state.tags["plays_since"], start, now)
    return growth_between(state.totals, state.gains, plays, start, now).growth


def _gains(state: MetricState, codes: Array) -> dict[str, Floats]:
    """Return what was gained over each span, and over the day before the last.

    From totals this is V(end) - V(start), both at ends of windows. Where that is unknown, it is the sum of the known
    views_increment of the windows between, relative to the plays known now less that sum.
    """
    now, tags = state.as_of, len(state.tags)
    moments = [now - hours * HOUR for hours in (0, *GAIN_HOURS)]
    views = [state.history.latest("views_total", tags, at - MICROSECOND, at)[codes] for at in moments]
    played = _increments(state.history, moments, tags) if np.isnan(views).any() else [np.zeros(tags)] * len(moments)
    features = {}
    for place, hours in enumerate(GAIN_HOURS, 1):
        gained, base = _gained(views[0], views[place], state.tags["plays"][codes], played[place][codes])
        features[f"gained_{hours}h"] = relative(gained, base)
        features[f"gained_{hours}h_log"] = np.log1p(gained)
    day, days = (1 + GAIN_HOURS.index(hours) for hours in (24, 48))
    between = _increments(state.history, [moments[day], moments[days]], tags)[1][codes]
    gained, base = _gained(views[day], views[days], state.tags["plays"][codes], between)
    return features | {"gained_24h_before": relative(gained, base)}


def _gained(after: Floats, before: Floats, plays: Array, increments: Floats) -> tuple[Floats, Floats]:
    """Return the views gained between two moments, and the views at the first of them (R,)."""
    rise = after - before
    by_totals = ~np.isnan(rise)
    return np.where(by_totals, rise, increments), np.where(by_totals, before, np.maximum(plays - increments, 0.0))


def _increments(windows: TimeLog, moments: Sequence[datetime], tags: int) -> list[Floats]:
    """Return the sum of the known views_increment since each of `moments` (newest first), NaN where none is known.

    Each window is added once, to the sum over the shorter span.
    """
    total, count = np.zeros(tags), np.zeros(tags, np.int64)
    sums = [np.full(tags, np.nan)]
    for end, start in pairwise(moments):
        added, defined = _sums(windows.between(start, end), "views_increment", tags)
        total, count = total + added, count + defined
        sums.append(np.where(count > 0, total, np.nan))
    return sums


def _lags(state: MetricState, codes: Array) -> dict[str, Floats]:
    lags = {"velocity": VELOCITY_LAGS, "acceleration": ACCELERATION_LAGS}
    return {
        f"{name}_lag_{hours}h": recent_at(state, name, state.as_of - hours * HOUR)[codes]
        for name, all_hours in lags.items()
        for hours in all_hours
    }


def recent_at(state: MetricState, name: str, end: datetime) -> Floats:
    """Return a recent metric of the window that ended exactly at `end`, NaN where there was none (T,)."""
    return state.recent.latest(name, len(state.tags), end - MICROSECOND, end)


def _shape_of_day(state: MetricState, codes: Array) -> dict[str, Floats]:
    """Return how the gain of the last 24 h is spread over its windows."""
    day, tags = state.history.between(state.as_of - DAY, state.as_of), len(state.tags)
    total, defined = _sums(day, "views_gained", tags)
    quiet = np.bincount(day.codes[day["views_gained"] == 0], minlength=tags)
    peak = np.zeros(tags)
    np.fmax.at(peak, day.codes, day["views_gained"])
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "quiet_share_24h": (quiet / defined)[codes],
            "peak_share_24h": np.where(total > 0, peak / total, np.nan)[codes],
        }


def _steps(state: MetricState, codes: Array) -> dict[str, Floats]:
    """Return when the platform's rounded total last rose, and by how much."""
    tags = state.tags
    peak, earlier = tags["peak"][codes], tags["earlier_peak"][codes]
    reading = np.full(len(tags), NEVER)
    reading[state.totals.codes] = state.totals.times
    views = np.where(np.isnan(peak), np.where(tags["plays_since"][codes] == NEVER, np.nan, tags["plays"][codes]), peak)
    return {
        "hours_since_rise": _hours_since(state.as_of, tags["risen_at"][codes]),
        "last_rise": relative(peak - earlier, earlier),
        "hours_since_reading": _hours_since(state.as_of, reading[codes]),
        "hours_since_detected": _hours_since(state.as_of, tags["first_detected_at"][codes]),
        "views_total_log": np.log1p(np.maximum(views, 0.0)),
    }


def _hours_since(now: datetime, times: Array) -> Floats:
    hours: Floats = (micros(now) - times.astype(np.float64)) / HOUR_US
    return np.where(times == NEVER, np.nan, hours)


def _sums(windows: TimeLog, name: str, tags: int) -> tuple[Floats, Array]:
    """Return for each hashtag the sum and the number of known values (T,)."""
    defined = ~np.isnan(windows[name])
    sums = np.bincount(windows.codes[defined], weights=windows[name][defined], minlength=tags)
    return sums.astype(np.float64), np.bincount(windows.codes[defined], minlength=tags)
