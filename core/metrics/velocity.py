"""How fast a hashtag gains, and how that changes: velocity, acceleration and the z-score of a window.

Formulas: docs/formulas.md, section 3.
"""

import numpy as np

from core.metrics.time_log import Array, Flags, Floats, Ints

VELOCITY_RANGE = (-1.0, 10.0)
ACCELERATION_RANGE = (-10.0, 10.0)
LEAST_VALUES = 24
NO_LANE = 0
_ROUNDING = 1e-12


def velocity(gained: Floats, before: Floats, same_source: Flags) -> Floats:
    """Return the relative change of views_gained against the window before.

    0 where both are 0, 10 where only the earlier is, NaN where either is unknown or their sources differ.

    Examples
    --------
    >>> velocity(np.array([30.0, 0.0, 5.0]), np.array([20.0, 0.0, 0.0]), np.array([True] * 3)).tolist()
    [0.5, 0.0, 10.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (gained - before) / before
    change = np.where(before == 0, np.where(gained == 0, 0.0, VELOCITY_RANGE[1]), change)
    change = np.where(np.isnan(gained) | np.isnan(before) | ~same_source, np.nan, change)
    return np.clip(change, *VELOCITY_RANGE)


def acceleration(velocity_now: Floats, velocity_before: Floats) -> Floats:
    """Return the change of velocity relative to max(abs(velocity before), 0.1), clipped to [-10, 10].

    Examples
    --------
    >>> acceleration(np.array([0.5]), np.array([0.0])).tolist()
    [5.0]
    """
    change = (velocity_now - velocity_before) / np.maximum(np.abs(velocity_before), 0.1)
    return np.clip(change, *ACCELERATION_RANGE)


def lanes(codes: Array, gained: Floats, from_totals: Flags) -> Ints:
    """Return a number for each hashtag and source of its views_gained, so that only like is compared with like.

    `NO_LANE` where views_gained is unknown.
    """
    return np.where(np.isnan(gained), NO_LANE, 1 + 2 * codes.astype(np.int64) + from_totals)


def z_scores(now: Floats, lane: Ints, past: Floats, past_lanes: Ints) -> Floats:
    """Return how many population deviations each value of `now` lies from the mean of the past values in its lane (M,).

    NaN with fewer than 24 past values, when they are all the same, or without a lane.

    Parameters
    ----------
    now, lane: one value a hashtag and its lane (M,)
    past, past_lanes: values of any hashtag, in a fixed order, and their lanes (N,)
    """
    size = 1 + max(lane.max(initial=0), past_lanes.max(initial=0))
    counts = np.bincount(past_lanes, minlength=size)
    count = counts[lane].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.bincount(past_lanes, weights=past, minlength=size) / counts
        squares = np.bincount(past_lanes, weights=(past - means[past_lanes]) ** 2, minlength=size)
        mean, deviation = means[lane], np.sqrt(squares[lane] / count)
        scores = (now - mean) / deviation
    same = deviation <= _ROUNDING * np.abs(mean)  # equal values miss their mean by a rounding error
    return np.where((count < LEAST_VALUES) | same | (lane == NO_LANE), np.nan, scores)
