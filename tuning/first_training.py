"""When a new installation can first train a model."""

from math import ceil

MIN_DAYS = 5.0
"""Least length of a training set, days."""


def first_training_day(min_days: float = MIN_DAYS) -> int:
    """Return the age of an installation, in whole days, at which the daily review can first train a model.

    An outcome is known a day after its prediction, and the review of a midnight sees what was known before it.

    Examples
    --------
    >>> first_training_day()
    6
    """
    return ceil(min_days) + 1
