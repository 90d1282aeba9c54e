"""Parses JSON as people and programs write it: NaN, half characters, control characters, other encodings.

What is strict JSON takes the fast parser. Everything else takes one that is slower and lets more pass.
"""

import json
from typing import Any

import orjson

LONGEST_NUMBER = 40


def parse(data: bytes) -> Any:
    """Return the value that `data` holds.

    NaN and infinities become floats, control characters stay in their texts, half a surrogate pair stays a lone
    surrogate, and a whole number of more than 40 digits becomes a text. Bytes that are not UTF-8 are read as
    Windows-1252 where nothing in the document is UTF-8 beyond ASCII, else they are replaced by U+FFFD.

    Raises
    ------
    ValueError: `data` is no JSON value, or one that is nested too deeply

    Examples
    --------
    >>> parse(b'{"plays": NaN, "text": "a\\\\ud83d"}')
    {'plays': nan, 'text': 'a\\ud83d'}
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(_text(data), strict=False, parse_int=_integer)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        replaced = data.decode(errors="replace")
        if replaced.replace("\ufffd", "").isascii():
            return data.decode("cp1252", errors="replace")
        return replaced


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits
