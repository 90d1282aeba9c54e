"""Reads counts as platforms and people write them: numbers, their digits, `1,203`, and rounded ones like `1.2M`."""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Any

LARGEST = 2**63 - 1
LONGEST = 24
THOUSAND, MILLION, BILLION = 3, 6, 9
POWERS = {
    **dict.fromkeys(("k", "tsd", "тыс", "천", "千", "rb", "n"), THOUSAND),
    **dict.fromkeys(("万", "萬", "만"), 4),
    **dict.fromkeys(("m", "mn", "mio", "mln", "млн", "jt", "tr"), MILLION),
    **dict.fromkeys(("亿", "億", "억"), 8),
    **dict.fromkeys(("b", "bn", "mrd", "млрд"), BILLION),
}
_GROUPED = re.compile(r"\d{1,3}(?:([,.'’  _ ])\d{3})(?:\1\d{3})*")
_POINT_ZERO = re.compile(r"(\d{1,18})\.0+")
_SHORT = re.compile(r"(\d{1,12}(?:[.,]\d{1,3})?)\s?([^\W\d_]{1,4})\.?\+?")


class Doubt(StrEnum):
    """What is not plain about a count: it was rounded by its source, or it was there and could not be read."""

    ROUNDED = "rounded"
    LOST = "lost"


def whole_number(value: Any) -> int | None:
    """Return a count given as a number or as its digits; None for anything else, below 0 or beyond 64 bits.

    Examples
    --------
    >>> whole_number("12"), whole_number(-1), whole_number(True), whole_number("many")
    (12, None, None, None)
    """
    if type(value) is not int:
        digits = isinstance(value, str) and len(value) < LONGEST and value.isascii() and value.isdigit()
        if not digits and not (isinstance(value, float) and value.is_integer()):
            return None
        value = int(value)
    return value if 0 <= value <= LARGEST else None


def read_count(value: Any) -> tuple[int | None, Doubt | None]:
    """Return a count and what is not plain about it; an absent one (null, an empty text) is None without doubt.

    Examples
    --------
    >>> read_count(7), read_count("1,203"), read_count("1.2M")[0], read_count("")
    ((7, None), (1203, None), 1200000, (None, None))
    >>> read_count("1.2M")[1].value, read_count("many")[1].value, read_count(-1)[1].value
    ('rounded', 'lost', 'lost')
    """
    if type(value) is int:
        return (value, None) if 0 <= value <= LARGEST else (None, Doubt.LOST)
    if value is None:
        return None, None
    plain = whole_number(value)
    if plain is not None:
        return plain, None
    if not isinstance(value, str):
        return None, Doubt.LOST
    text = unicodedata.normalize("NFKC", value[: 2 * LONGEST]).strip() if len(value) <= LONGEST else ""
    if not value.strip():
        return None, None
    if text.isdecimal():
        return read_count(int(text))
    if match := _POINT_ZERO.fullmatch(text):
        return int(match[1]), None
    if _GROUPED.fullmatch(text):
        return read_count(int("".join(filter(str.isdecimal, text))))
    return _short(text)


def _short(text: str) -> tuple[int | None, Doubt]:
    match = _SHORT.fullmatch(text)
    power = POWERS.get(match[2].casefold()) if match else None
    if match is None or power is None:
        return None, Doubt.LOST
    count = Decimal(match[1].replace(",", ".")).scaleb(power)
    return (int(count), Doubt.ROUNDED) if count == int(count) and count <= LARGEST else (None, Doubt.LOST)
