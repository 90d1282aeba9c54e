"""JSON as the records store it: values come back as plain lists, dicts, numbers, texts and nulls."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import orjson


def to_json(value: Any) -> str:
    """Return a value as JSON text: times in ISO 8601, NumPy numbers as numbers, NaN as null; else a TypeError.

    Examples
    --------
    >>> to_json({"share": float("nan"), "tags": ("a", "b")})
    '{"share":null,"tags":["a","b"]}'
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()


def from_json(text: str | bytes) -> Any:
    """Return the value of a JSON text."""
    return orjson.loads(text)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | Set) and not isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    raise TypeError(f"{type(value).__name__} can't be written as JSON")
