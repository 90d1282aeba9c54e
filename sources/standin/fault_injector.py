"""Faults in how the stand-in server answers: errors that pass, bodies that can't be read, envelopes that differ."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from starlette.responses import Response

from sources.standin.answer import BAD_URL, Answer, Refused
from sources.standin.faults import Faults

UNITS_HEADER = "units_charged"
SLOW_S = 2.0
GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
REFUSED_USERS: Mapping[int, str] = {
    471: "User restricted.",
    472: "Private user.",
    473: "User not found.",
    474: "This profile isn't available in your region.",
}
REFUSED_POSTS: Mapping[int, str] = {469: "Topic restricted.", 520: "Post restricted."}
_PASSING: Mapping[str, tuple[int, str]] = {
    "error_500": (500, "Internal error."),
    "error_429": (429, "Too many requests."),
}


class Mischief:
    """Spoils answers as its faults say.

    Parameters
    ----------
    faults: which strike, and how often
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._struck: set[tuple[str, str]] = set()

    async def before(self, path: str, asked: str, now: datetime) -> Response | None:
        """What comes instead of an answer, at no cost; a `Refused` may be raised.

        Parameters
        ----------
        path: of the endpoint
        asked: the whole query but the token
        """
        for name, (status, detail) in _PASSING.items():
            if self._once(name, path, asked, now):
                raise Refused(status, detail)
        if self._once("html_502", path, asked, now):
            return Response(GATEWAY, 502, media_type="text/html")
        if self._faults.strikes("slow_answer", path, asked, now):
            await asyncio.sleep(SLOW_S)
        self._refuse_item(path, asked)
        return None

    def answer(self, path: str, asked: str, now: datetime, found: Answer) -> Response:
        """The answer as it goes out."""
        strikes = self._faults.strikes
        body = found.body
        if strikes("alternate_envelope", path, asked):
            body = alternative(body)
        if path.startswith("/tt/keyword/") and strikes("other_cards", path, asked):
            body = with_other_card(body)
        if strikes("null_data", path, asked, now):
            body = {"data": None}
        content = orjson.dumps([body] if strikes("json_list", path, asked, now) else body)
        if strikes("broken_json", path, asked, now):
            content = content[: len(content) // 2]
        status = 404 if strikes("data_with_error", path, asked, now) else 200
        headers = {} if strikes("no_units_header", path, asked) else {UNITS_HEADER: str(found.units)}
        if self._once("no_answer", path, asked, now):
            return Response(b"", status, {"content-length": str(len(content))}, "application/json")
        return Response(content, status, headers, "application/json")

    def forgives(self, refused: Refused, asked: str) -> bool:
        """Whether an unknown user is answered with data null."""
        return refused.status == 463 and self._faults.strikes("unknown_user_null", asked)

    def _once(self, name: str, path: str, asked: str, now: datetime) -> bool:
        """Whether a fault strikes that does not strike the same request twice in a row."""
        key = (name, path + asked)
        if key in self._struck:
            self._struck.discard(key)
            return False
        if self._faults.strikes(name, path, asked, now):
            self._struck.add(key)
            return True
        return False

    def _refuse_item(self, path: str, asked: str) -> None:
        if path == "/tt/post/info" and "/photo/" in asked and self._faults.strikes("photo_urls", asked):
            raise Refused(462, BAD_URL)
        about = {"user": REFUSED_USERS, "post": REFUSED_POSTS}.get(path.split("/")[2], {})
        if about and self._faults.strikes("item_refused", path, asked):
            status = list(about)[int(self._faults.drawn("which", path, asked) * len(about))]
            raise Refused(status, about[status], units=1)


def with_other_card(body: Mapping[str, Any]) -> dict[str, Any]:
    """A search whose first card is about accounts."""
    data, card = body["data"], {"type": 4, "user_list": []}
    if isinstance(data, list):
        return {**body, "data": [card, *data]}
    return {
        **body,
        "data": {name: [card, *value] if isinstance(value, list) else value for name, value in data.items()},
    }


def alternative(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same items in another envelope that the interface has been seen to use.

    Examples
    --------
    >>> alternative({"data": [1], "nextCursor": 5}), alternative({"data": {"posts": [1], "id": "2"}})
    ({'data': {'aweme_list': [1]}, 'nextCursor': 5}, {'data': {'data': [1], 'id': '2'}})
    >>> alternative({"data": {"data": [1], "nextCursor": 5}})
    {'data': {'aweme_list': [1], 'nextCursor': 5}}
    """
    data = body["data"]
    if isinstance(data, list):
        return {**body, "data": {"aweme_list": data}}
    if not isinstance(data, dict):
        return dict(body)
    names = {"posts": "data", "data": "aweme_list", "aweme_list": "data"}
    return {**body, "data": {names.get(name, name): value for name, value in data.items()}}
