"""How fast a hashtag gains, and how that changes: velocity, acceleration and the z-score of a window (SPEC 3)."""

import numpy as np

from core.time_log import Array, Flags, Floats

VELOCITY_RANGE = (-1.0, 10.0)
ACCELERATION_RANGE = (-10.0, 10.0)
LEAST_VALUES = 24
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


def z_scores(now: Floats, past: Floats, rows: Array) -> Floats:
    """Return how many population deviations each value of `now` (M,) lies from the mean of its past values.

    NaN with fewer than 24 past values, or when they are all the same.

    Parameters
    ----------
    now: one value a hashtag (M,)
    past: known values of any of them, in a fixed order (N,)
    rows: which of the M each past value belongs to (N,)
    """
    size = len(now)
    count = np.bincount(rows, minlength=size).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(rows, weights=past, minlength=size) / count
        spread = np.bincount(rows, weights=(past - mean[rows]) ** 2, minlength=size) / count
        deviation = np.sqrt(spread)
        scores = (now - mean) / deviation
    same = deviation <= _ROUNDING * np.abs(mean)  # equal values miss their mean by a rounding error
    return np.where((count < LEAST_VALUES) | same, np.nan, scores)
