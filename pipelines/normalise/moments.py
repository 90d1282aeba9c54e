"""Reads times as people and programs write them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from core.windows import micros

LATEST_S = 4_102_444_800
UNITS = ((100_000_000_000_000_000, 1_000_000_000), (100_000_000_000_000, 1_000_000), (100_000_000_000, 1_000), (0, 1))
LONGEST = 64
_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,9})?")
_CALENDAR = re.compile(r"(?:19|20)\d{6}(?:\d{6})?")
_ZONE_NAME = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")
_FRACTION = re.compile(r"(?<=:\d{2})[.,](\d+)")
_DAYS_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*([AP]M))?)?", re.I)
_WRITTEN = (
    "%Y%m%d%H%M%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%a %b %d %H:%M:%S %z %Y",
    "%a %b %d %H:%M:%S %Y",
    "%b %d, %Y, %I:%M %p",
    "%b %d, %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
)


def microseconds(moment: Any) -> int | None:
    """Return a time in microseconds since the epoch, None for what is no time or can be read in two ways.

    Numbers are seconds, milliseconds, microseconds or nanoseconds since the epoch, whichever gives a time of our days.
    Texts are ISO 8601 in any of its forms, mail and log formats, or day, month and year where a day above 12 tells
    them apart. A time without a zone is UTC.

    Examples
    --------
    >>> microseconds("1746684600") == microseconds(1746684600000.0) == microseconds("2025-05-08T06:10:00Z")
    True
    >>> microseconds("20/10/2025 06:03") == microseconds("Mon Oct 20 06:03:00 +0000 2025")
    True
    >>> microseconds("soon"), microseconds(True), microseconds(-5), microseconds("08/05/2025")
    (None, None, None, None)
    """
    if type(moment) is int:
        return _of_number(moment)
    if isinstance(moment, dict):
        moment = moment.get("$date")
    if isinstance(moment, datetime | date):
        moment = moment.isoformat()
    if isinstance(moment, str):
        text = moment.strip()
        if not text or len(text) > LONGEST:
            return None
        if _NUMBER.fullmatch(text) and not _CALENDAR.fullmatch(text):
            return _of_number(int(text) if text.isdecimal() else float(text))
        return _of_text(text)
    return _of_number(moment) if isinstance(moment, float) else None


def _of_number(number: int | float) -> int | None:
    if not 0 < number < LATEST_S * UNITS[0][1]:
        return None
    units = 1 if number < UNITS[-2][0] else next(units for least, units in UNITS if number >= least)
    # Whole numbers stay whole: a float holds no microseconds of our days exactly.
    since = number * 1_000_000 // units if isinstance(number, int) else round(number * (1_000_000 / units))
    return since if 0 < since < LATEST_S * 1_000_000 else None


def _of_text(text: str) -> int | None:
    for read in (_iso, _days_first, _written, parsedate_to_datetime):
        parsed = _tried(read, text)
        if parsed is not None:
            try:
                since = micros(parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed)
            except OverflowError:
                return None
            return since if 0 < since < LATEST_S * 1_000_000 else None
    return None


def _tried(read: Callable[[str], datetime | None], text: str) -> datetime | None:
    try:
        return read(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _iso(text: str) -> datetime:
    plain = _SPACED_OFFSET.sub("", _ZONE_NAME.sub("+00:00", text))
    return datetime.fromisoformat(_FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), plain))


def _days_first(text: str) -> datetime | None:
    """Return a time like 20/10/2025 06:03, or with the month first; None where both would be days of a month."""
    match = _DAYS_FIRST.fullmatch(_ZONE_NAME.sub("", text))
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first <= 12 and second <= 12 and first != second and match[2] != ".":
        return None
    day, month = (second, first) if second > 12 else (first, second)
    clock = match[5] or "00:00"
    written = f"{year:04}-{month:02}-{day:02} {clock}" + (f" {match[6]}" if match[6] else "")
    hours = ("%I" if match[6] else "%H") + ":%M" + (":%S" if clock.count(":") == 2 else "")
    return datetime.strptime(written, f"%Y-%m-%d {hours}" + (" %p" if match[6] else "")).replace(tzinfo=UTC)


def _written(text: str) -> datetime | None:
    plain = _ZONE_NAME.sub("", text)
    for form in _WRITTEN:
        parsed = _tried(partial(_in_form, form=form), plain)
        if parsed is not None:
            return parsed
    return None


def _in_form(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007
