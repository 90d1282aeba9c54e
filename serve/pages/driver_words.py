"""What moved a prediction, with the value that did."""

import math
from collections.abc import Callable, Mapping

from core.features import FEATURE_SET
from core.features.words import RANK, feature_words
from serve.pages.words import count, hours, percent

_UNITS = {feature.name: feature.unit for feature in FEATURE_SET.features}
_SIGNED = ("gained_", "growth_", "velocity", "acceleration", "daily_growth_", "day_", "best_day", "cohort_growth")
_PRINTERS: Mapping[str, Callable[[float], str]] = {
    "ratio": percent,
    "share": percent,
    "count": count,
    "hours": hours,
    "log views": lambda value: count(math.expm1(value)),
    "log count": lambda value: count(math.expm1(value)),
    "days": lambda value: hours(24 * value),
}


def driver_words(feature: str, value: float | None) -> str:
    """A feature in words, with its value where people can read it.

    Examples
    --------
    >>> parts = [("gained_6h_log", 9.5), ("rank_velocity", 0.97), ("velocity", -0.4), ("novelty", None), ("z_14d", 2.0)]
    >>> for name, value in parts:
    ...     print(driver_words(name, value).replace(chr(0x202F), " "))
    13K views gained in 6 h
    speed of growth above 97 % of all
    speed of growth −40 %
    new faces and sounds unknown
    growth against its own two weeks
    """
    words = feature_words(feature.removeprefix(RANK))
    if value is None or not math.isfinite(value):
        return f"{words} unknown"
    if feature.startswith(RANK):
        return f"{words} above {percent(value)} of all"
    unit = _UNITS.get(feature, "")
    if unit not in _PRINTERS:
        return words
    if unit in ("log views", "count", "log count"):
        return f"{_PRINTERS[unit](value)} {words}"
    return f"{words} {percent(value, signed=True) if feature.startswith(_SIGNED) else _PRINTERS[unit](value)}"
