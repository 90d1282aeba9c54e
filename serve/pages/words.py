"""Formats numbers and times for people; an unknown value is None and shows as an en dash."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from markupsafe import Markup

DASH = Markup('<span class="none" title="not known yet">–</span>')
_THIN = "\u202f"  # narrow and never broken at
_SHOWN_BESIDE = ("chance to surge", "what speaks for it", "what speaks against it")
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def known(value: float | None) -> float | None:
    """Return `value` as a finite float, or None."""
    return None if value is None or not math.isfinite(value) else float(value)


def count(value: float | None) -> str:
    """A count in at most four characters and a letter.

    Examples
    --------
    >>> [count(n) for n in (7, 950, 1234, 34_600, 999_999, 1_240_000, 2.5e9)]
    ['7', '950', '1.2K', '35K', '1M', '1.2M', '2.5B']
    """
    number = known(value)
    if number is None:
        return DASH
    for step, letter in _STEPS:
        if abs(number) >= step * 0.9995:
            scaled = number / step
            digits = 0 if abs(scaled) >= 9.95 else 1
            return f"{scaled:.{digits}f}".removesuffix(".0") + letter
    return f"{number:.0f}"


def percent(value: float | None, *, signed: bool = False) -> str:
    """A ratio as a percentage; growth beyond +1000 % as a multiple of what was there.

    Examples
    --------
    >>> [percent(x).replace(chr(0x202F), " ") for x in (0.0, 0.034, 0.341, 0.9999, 1.0)]
    ['0 %', '3.4 %', '34 %', '> 99 %', '100 %']
    >>> [percent(x, signed=True).replace(chr(0x202F), " ") for x in (0.34, -0.2, 14.2)]
    ['+34 %', '−20 %', '×15']
    """
    number = known(value)
    if number is None:
        return DASH
    if signed and number > 10:
        return f"×{count(number + 1)}"
    if not signed and 0.99 < number < 1:
        return f"> 99{_THIN}%"
    size = abs(number) * 100
    digits = 1 if 0 < size < 9.95 else 0
    text = f"{size:.{digits}f}".removesuffix(".0")
    sign = "−" if number < 0 and text != "0" else "+" if signed and text != "0" else ""
    return f"{sign}{text}{_THIN}%"


def figure(value: float | None, digits: int = 2) -> str:
    """A plain number with `digits` decimals and a real minus sign."""
    number = known(value)
    if number is None:
        return DASH
    text = f"{number:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def hours(value: float | None) -> str:
    """A duration in hours: minutes below one hour, seconds below one minute, days from two days on.

    Examples
    --------
    >>> [hours(h).replace(chr(0x202F), " ") for h in (0.005, 0.25, 1.5, 11, 47.9, 72)]
    ['18 s', '15 min', '1.5 h', '11 h', '48 h', '3 days']
    """
    number = known(value)
    if number is None:
        return DASH
    size = abs(number)
    sign = "−" if number < 0 else ""
    if 0 < size < 1 / 60:
        return f"{sign}{size * 3600:.0f}{_THIN}s"
    if size < 0.99:
        return f"{sign}{size * 60:.0f}{_THIN}min"
    if size < 9.95:
        return f"{sign}{size:.1f}".removesuffix(".0") + f"{_THIN}h"
    if size < 48:
        return f"{sign}{size:.0f}{_THIN}h"
    return f"{sign}{size / 24:.0f}{_THIN}days"


def ago(then: datetime | None, now: datetime) -> str:
    """How long before or after `now` a moment is.

    Examples
    --------
    >>> noon = datetime(2025, 5, 14, 12, tzinfo=UTC)
    >>> ago(datetime(2025, 5, 14, 9, tzinfo=UTC), noon).replace(chr(0x202F), " ")
    '3 h ago'
    >>> ago(datetime(2025, 5, 14, 16, tzinfo=UTC), noon).replace(chr(0x202F), " ")
    'in 4 h'
    """
    if then is None:
        return DASH
    age_h = (now - then).total_seconds() / 3600
    if abs(age_h) < 1 / 60:
        return "just now"
    return f"{hours(age_h)} ago" if age_h > 0 else f"in {hours(-age_h)}"


def moment(value: datetime | None) -> str:
    """A time of day on a date, UTC."""
    return DASH if value is None else f"{value.astimezone(UTC):%-d\u00a0%b, %H:%M}"


def plural(number: int, singular: str, many: str | None = None) -> str:
    """A number with its noun in the right form."""
    return f"{number:,} {singular if number == 1 else many or singular + 's'}"


def essence(text: str) -> str:
    """A narrative in one line, without the bullets that stand beside it anyway: its chance, and what moved it.

    Examples
    --------
    >>> essence("#a has a 62 % chance to surge over the next day.\\nIt gained 1.2M views.\\n14 creators.")
    'It gained 1.2M views. 14 creators.'
    """
    return " ".join(line for line in text.splitlines() if not any(phrase in line for phrase in _SHOWN_BESIDE))


FILTERS: Mapping[str, Callable[..., str]] = {
    "count": count,
    "percent": percent,
    "figure": figure,
    "hours": hours,
    "ago": ago,
    "moment": moment,
    "plural": plural,
    "essence": essence,
}
