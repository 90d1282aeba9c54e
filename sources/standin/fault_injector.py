"""Injects faults into the stand-in server's answers: passing errors, unreadable bodies, other envelopes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import xxhash
from starlette.responses import Response

from core.errors import UsageError
from sources.standin.answer import BAD_URL, EndpointAnswer, Refused

FAULTS: Mapping[str, str] = {
    "slow_answer": "the answer takes two seconds",
    "no_answer": "the connection breaks off before the body, after charging, once for each request",
    "error_500": "an internal error, once for each request: asked again, it is answered",
    "error_429": "too many requests, once for each request",
    "html_502": "a gateway's HTML page with status 502, once for each request",
    "broken_json": "the body is cut in half",
    "json_list": "the body is a JSON list instead of an object",
    "data_with_error": "a good body under status 404",
    "null_data": "status 200 with data null, charged all the same",
    "unknown_user_null": "an unknown user is answered with data null instead of 463",
    "item_refused": "a request about one user or post is refused with 471, 472, 473, 474, 469 or 520",
    "photo_urls": "post/info does not know the address of a photo post",
    "other_cards": "a search holds a card that is no video",
    "no_units_header": "the header units_charged is missing",
    "alternate_envelope": "items stand elsewhere: under aweme_list, in a bare list or one level deeper",
    "duplicate_pages": "a page repeats half of the posts of the page before",
    "repeated_cursor": "nextCursor is the cursor that was sent",
    "empty_page": "a page in the middle of a feed is empty, with a cursor",
    "early_end": "a feed ends after its first page",
    "zero_plays": "a post shows 0 plays",
    "missing_plays": "a post has no play_count",
    "falling_counts": "a post's counters show less than they did, by up to a tenth",
    "deleted_posts": "a post is gone from answers by id",
    "pinned_posts": "an account's best post stands first in its posts, with is_top",
}

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


class FaultInjector:
    """Decides where each fault strikes, and spoils the answers there. Equal requests meet equal faults.

    Parameters
    ----------
    shares: name of a fault -> share of its occasions on which it strikes, 0 to 1
    seed: random seed that chooses these occasions

    Raises
    ------
    UsageError: for an unknown fault, or a share outside 0 to 1
    """

    def __init__(self, shares: Mapping[str, float] | None = None, seed: int = 0) -> None:
        self.shares = dict(shares or {})
        self._seed = seed
        self._struck: set[tuple[str, str]] = set()
        for name, share in self.shares.items():
            if name not in FAULTS:
                raise UsageError(f"unknown fault {name!r}; the faults are {', '.join(FAULTS)}")
            if not 0 <= share <= 1:
                raise UsageError(f"fault {name}: the share must be between 0 and 1, not {share:g}")

    def strikes(self, name: str, *occasion: object) -> bool:
        """Return whether a fault strikes on this occasion."""
        share = self.shares.get(name, 0.0)
        return share > 0 and self.drawn(name, *occasion) < share

    def drawn(self, *key: object) -> float:
        """Return a number in [0, 1) that depends on the seed and the key alone."""
        return xxhash.xxh64_intdigest("|".join(map(str, (self._seed, *key)))) / 2**64

    async def before(self, path: str, query: str, now: datetime) -> Response | None:
        """Return the response to send instead of an answer, at no cost, or None.

        Parameters
        ----------
        path: path of the endpoint
        query: the whole query without the token

        Raises
        ------
        Refused: when the fault is an error status
        """
        for name, (status, detail) in _PASSING.items():
            if self._strikes_once(name, path, query, now):
                raise Refused(status, detail)
        if self._strikes_once("html_502", path, query, now):
            return Response(GATEWAY, 502, media_type="text/html")
        if self.strikes("slow_answer", path, query, now):
            await asyncio.sleep(SLOW_S)
        self._refuse_item(path, query)
        return None

    def respond(self, path: str, query: str, now: datetime, answer: EndpointAnswer) -> Response:
        """Return an answer as it goes out."""
        body = answer.body
        if self.strikes("alternate_envelope", path, query):
            body = alternative(body)
        if path.startswith("/tt/keyword/") and self.strikes("other_cards", path, query):
            body = with_other_card(body)
        if self.strikes("null_data", path, query, now):
            body = {"data": None}
        content = orjson.dumps([body] if self.strikes("json_list", path, query, now) else body)
        if self.strikes("broken_json", path, query, now):
            content = content[: len(content) // 2]
        status = 404 if self.strikes("data_with_error", path, query, now) else 200
        headers = {} if self.strikes("no_units_header", path, query) else {UNITS_HEADER: str(answer.units)}
        if self._strikes_once("no_answer", path, query, now):
            return Response(b"", status, {"content-length": str(len(content))}, "application/json")
        return Response(content, status, headers, "application/json")

    def forgives(self, refused: Refused, query: str) -> bool:
        """Return whether an unknown user is answered with data null instead of the error."""
        return refused.status == 463 and self.strikes("unknown_user_null", query)

    def _strikes_once(self, name: str, path: str, query: str, now: datetime) -> bool:
        """Return whether a fault strikes that never strikes the same request twice in a row."""
        key = (name, path + query)
        if key in self._struck:
            self._struck.discard(key)
            return False
        if self.strikes(name, path, query, now):
            self._struck.add(key)
            return True
        return False

    def _refuse_item(self, path: str, query: str) -> None:
        if path == "/tt/post/info" and "/photo/" in query and self.strikes("photo_urls", query):
            raise Refused(462, BAD_URL)
        about = {"user": REFUSED_USERS, "post": REFUSED_POSTS}.get(path.split("/")[2], {})
        if about and self.strikes("item_refused", path, query):
            status = list(about)[int(self.drawn("which", path, query) * len(about))]
            raise Refused(status, about[status], units=1)


def read_faults(texts: Sequence[str], seed: int = 0) -> FaultInjector:
    """Return the injector for switches written `name=share`, or `name` for a share of 1.

    Raises
    ------
    UsageError: for a switch that can't be read, an unknown fault, or a share outside 0 to 1

    Examples
    --------
    >>> read_faults(["duplicate_pages=0.1", "error_500"]).shares
    {'duplicate_pages': 0.1, 'error_500': 1.0}
    """
    shares = {}
    for text in texts:
        name, _, share = text.partition("=")
        try:
            shares[name.strip()] = float(share) if share else 1.0
        except ValueError:
            raise UsageError(f"fault {text!r}: write name=share, for example duplicate_pages=0.1") from None
    return FaultInjector(shares, seed)


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
