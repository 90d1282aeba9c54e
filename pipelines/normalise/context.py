"""What stands around an item of a document and concerns it: when it was read, and which hashtag was requested."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import orjson

from pipelines.normalise.moments import microseconds

TIMES = (
    *("fetched_at", "observed_at", "collected_at", "scraped_at", "crawled_at", "retrieved_at", "captured_at"),
    *("recorded_at", "snapshot_at", "fetchedAt", "observedAt", "collectedAt", "scrapedAt", "crawledAt", "retrievedAt"),
    *("capturedAt", "timestamp_collected", "collection_timestamp", "collection_time", "date_collected"),
    *("fetch_time", "fetchTime", "scrape_time", "scrapeTime", "crawl_time", "crawlTime"),
)
ABOUT_ITSELF = ("__import_meta", "_meta", "meta", "metadata")
REQUESTS = ("request", "params", "query", "headers", "response_headers", "extra")
REQUEST_TIMES = (*TIMES, "now", "date", "Date", "time", "timestamp", "requested_at", "sent_at")
OF_A_REQUEST = ("startedDateTime", "requested_at", "request_time", "sent_at")
NAMES = ("name", "hashtag", "hashtag_name", "hashtagName", "challengeName")
URLS = ("url", "request_url")
_ABOUT_ITSELF = frozenset(ABOUT_ITSELF)
_NAMING = frozenset((*REQUESTS, *URLS))
_SPEAKING = _NAMING.union(TIMES, ABOUT_ITSELF, OF_A_REQUEST)


class Surroundings(NamedTuple):
    """What stands around an item.

    Parameters
    ----------
    moment: when it was read, microseconds since the epoch; None if nothing says so
    origin: which says so: the item's own `row`, a `wrapper` further out, or the `request`; empty without a moment
    bad_key: key of a time that can't be read; empty if there is none
    name: hashtag that was requested; empty if unknown
    depth: how deep in the document the time stands
    """

    moment: int | None = None
    origin: str = ""
    bad_key: str = ""
    name: str = ""
    depth: int = 0

    def inside(self, node: Mapping[str, Any], depth: int) -> "Surroundings":
        """Return what stands around the values of an object at a depth."""
        if node.keys().isdisjoint(_SPEAKING):
            return self
        around = self
        if not node.keys().isdisjoint(_NAMING) and (name := _name(node)):
            around = around._replace(name=name)
        about = [node[key] for key in node.keys() & _ABOUT_ITSELF if isinstance(node[key], dict)]
        for place in (node, *about) if about else (node,):
            if key := _told(place, TIMES):
                moment = microseconds(place[key])
                return Surroundings(moment, "wrapper", "" if moment else key, around.name, depth)
        if around.origin in ("", "request"):
            requests = (node[key] for key in REQUESTS if isinstance(node.get(key), dict))
            for place, keys in ((node, OF_A_REQUEST), *((request, REQUEST_TIMES) for request in requests)):
                key = _told(place, keys)
                moment = microseconds(place[key]) if key else None
                if moment is not None:
                    return around._replace(moment=moment, origin="request")
        return around

    def at(self, depth: int) -> "Surroundings":
        """Return what stands around an item at a depth; a time of its own or of what holds it directly is its row's."""
        if self.origin != "wrapper" or depth - self.depth > 1:
            return self
        return Surroundings(self.moment, "row", self.bad_key, self.name, self.depth)


NOWHERE = Surroundings()


def _told(place: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Return the first key of a time that is there and not empty."""
    for key in keys:
        if key in place:
            value = place[key]
            if value is not None and not (isinstance(value, str) and not value.strip()):
                return key
    return ""


def _name(node: Mapping[str, Any]) -> str:
    """Return the hashtag that the parameters or the address of a request name."""
    for key in REQUESTS:
        params = node.get(key)
        if isinstance(params, str):
            params = _parameters(params)
        if isinstance(params, dict):
            for name in NAMES:
                if isinstance(params.get(name), str) and params[name]:
                    return str(params[name])
    for key in URLS:
        url = node.get(key)
        if isinstance(url, str) and "/hashtag/" in url:
            try:
                return parse_qs(urlsplit(url).query).get("name", [""])[0]
            except ValueError:
                return ""
    return ""


def _parameters(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
