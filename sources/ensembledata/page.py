"""An answer of EnsembleData: its data, or what was wrong and what to do about it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from core.json_elements import UNREADABLE, salvage
from core.lenient_json import parse
from sources.ensembledata.errors import Action
from sources.ensembledata.requests import Request

UNITS_HEADER = "units_charged"


@dataclass(frozen=True)
class Page:
    """One answer.

    Parameters
    ----------
    request: request that was sent
    status: HTTP status; 0 if no answer came in time
    data: value under `data`; None for an error, but for what can be read of a broken body
    error: reason why there is no data, or not all of it, in one line; None for a good answer
    units_charged: EnsembleData units in the headers of this answer and of the failed tries before it; None if no
        answer came
    fetched_at: time at which it arrived, UTC
    more: cursor of the next page; None on the last
    action: what to do about an error
    page_token: goes with `more` on endpoints that want both
    """

    request: Request
    status: int
    data: Any
    error: str | None
    units_charged: int | None
    fetched_at: datetime
    more: int | None = None
    action: Action | None = None
    page_token: str | None = None


def parse_body(content: bytes) -> tuple[dict[str, Any], str | None]:
    """Return the body as a JSON object, or why it isn't one: its hash, its length and the parser's message.

    A body that is cut off or broken somewhere was paid for: beside the problem it comes with the parts of its list that
    can be read under `data`, and `core.json_elements.UNREADABLE` for each other part.
    """
    try:
        body = parse(content)
    except ValueError as error:
        problem = str(error)
        parts = salvage(content)
        whole = [part for part in parts if isinstance(part, dict) and "data" in part]
        if whole:
            read = [part["data"] for part in whole] + [UNREADABLE] * parts.count(UNREADABLE)
            return {**whole[0], "data": read}, _problem(content, f"{problem}; what could be read is kept")
    else:
        if isinstance(body, dict):
            return body, None
        problem = f"a JSON {type(body).__name__}, not an object"
    return {}, _problem(content, problem)


def _problem(content: bytes, problem: str) -> str:
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    return f"blake2b {digest}, {len(content)} bytes: {problem}"


def units_of(response: httpx.Response) -> int:
    """Return the units in the header; 0 if it is absent or unreadable."""
    try:
        return max(0, int(response.headers.get(UNITS_HEADER, "0")))
    except ValueError:
        return 0


def next_cursor(body: dict[str, Any]) -> tuple[int | None, str | None]:
    """Return cursor and page token of the next page, wherever the body holds them; a cursor may be a string."""
    for place in (body.get("data"), body):
        cursor = place.get("nextCursor") if isinstance(place, dict) else None
        if isinstance(cursor, str) and cursor.isascii() and cursor.isdigit():
            cursor = int(cursor)
        if isinstance(cursor, int) and not isinstance(cursor, bool):
            token = place.get("nextPageToken") if isinstance(place, dict) else None
            return cursor, token if isinstance(token, str) and token else None
    return None, None
