"""Reads one line of an input file: an answer, the `data` of one, a list, or a bare post, with or without a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from core.windows import EPOCH

TIMES = ("fetched_at", "observed_at")
AROUND = ("aweme", "post", "item", "body", "response", "answer")
MS_FROM = 100_000_000_000
LATEST_S = 4_102_444_800


@dataclass(frozen=True, slots=True)
class InputLine:
    """The content of a line.

    Parameters
    ----------
    data: input for `pipelines.normalise.raw.keep`
    fetched: microseconds since the epoch; None if the line has no time
    name: requested hashtag, if the line holds the request's parameters
    """

    data: Any
    fetched: int | None = None
    name: str = ""


def read_line(text: bytes) -> InputLine | str:
    """Return the content of a line, or the reason why it can't be used."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return "not JSON"
    if not isinstance(value, dict):
        return InputLine(value)
    fetched, name = None, ""
    time_key = next((key for key in TIMES if value.get(key) is not None), None)
    if time_key is not None:
        fetched = microseconds(value[time_key])
        if fetched is None:
            return f"{time_key} is no time"
    params = value.get("params")
    if isinstance(params, dict) and isinstance(params.get("name"), str):
        name = params["name"]
    return InputLine(_data(value), fetched, name)


def microseconds(moment: Any) -> int | None:
    """Return a time given as Unix seconds, Unix milliseconds or ISO 8601 in microseconds since the epoch, else None.

    Examples
    --------
    >>> microseconds(1746684600) == microseconds("2025-05-08T06:10:00Z") == microseconds(1746684600000.0)
    True
    >>> microseconds("soon"), microseconds(True), microseconds(-5)
    (None, None, None)
    """
    if isinstance(moment, str):
        try:
            parsed = datetime.fromisoformat(moment)
        except ValueError:
            return None
        since = (parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed) - EPOCH
        moment = since.total_seconds()
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        return None
    seconds = moment / 1000 if moment >= MS_FROM else moment
    return round(seconds * 1_000_000) if 0 < seconds < LATEST_S else None


def _data(value: Mapping[str, Any]) -> Any:
    """Return the answer's data, unwrapped from the line's own object and from `data`."""
    if "aweme_id" not in value:
        inner = next((value[name] for name in AROUND if isinstance(value.get(name), dict | list)), value)
        if isinstance(inner, dict) and "data" in inner and "aweme_id" not in inner:
            return inner["data"]
        return inner
    return value
