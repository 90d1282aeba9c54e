"""What EnsembleData can be asked for: typed requests with the units each is expected to cost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import xxhash

CHUNK_POSTS = 20
CHUNKS_A_UNIT = 10
MULTI_INFO_IDS = 100


class Endpoint(StrEnum):
    """Paths below the base address."""

    HASHTAG_POSTS = "/tt/hashtag/posts"
    HASHTAG_RECENT_POSTS = "/tt/hashtag/recent-posts"
    KEYWORD_SEARCH = "/tt/keyword/search"
    MULTI_INFO = "/tt/post/multi-info"
    USED_UNITS = "/customer/get-used-units"
    HISTORY = "/customer/get-history"


@dataclass(frozen=True)
class Request:
    """One call.

    Parameters
    ----------
    endpoint: its path
    params: query parameters as they go out, without the token
    estimate: EnsembleData units it is expected to cost at most
    """

    endpoint: Endpoint
    params: Mapping[str, str]
    estimate: int

    @property
    def canonical(self) -> str:
        """The parameters as JSON with sorted names: equal calls, equal text."""
        return json.dumps(dict(self.params), sort_keys=True, ensure_ascii=False)

    def request_id(self, slot: datetime) -> str:
        """Name of this call in a slot of the cadence: the same call of the same slot is the same request."""
        return xxhash.xxh3_128_hexdigest(f"{slot.isoformat()}|{self.endpoint}|{self.canonical}")


def hashtag_posts(name: str, cursor: int = 0) -> Request:
    """About 20 posts of a hashtag in the platform's own order; 1 unit."""
    return Request(Endpoint.HASHTAG_POSTS, {"name": name, "cursor": str(cursor)}, 1)


def hashtag_recent_posts(name: str, days: int, max_cursor: int) -> Request:
    """A hashtag's total views and videos, and its first `max_cursor` posts of the last `days` days.

    Costs a unit for every ten chunks of 20 posts walked, at least one. The posts come as the mobile interface gives
    them (`remap_output=false`); the remapped ones lack region, language and saves.
    """
    chunks = -(-max(max_cursor, 1) // CHUNK_POSTS)
    params = {"name": name, "days": str(days), "remap_output": "false", "max_cursor": str(max_cursor)}
    return Request(Endpoint.HASHTAG_RECENT_POSTS, params, -(-chunks // CHUNKS_A_UNIT))


def keyword_search(
    name: str, period: int = 1, sorting: int = 2, cursor: int = 0, country: str = "", exactly: bool = False
) -> Request:
    """At most 20 posts that match a keyword, of the last `period` days (0 = any), by default newest first; 1 unit."""
    params = {"name": name, "cursor": str(cursor), "period": str(period), "sorting": str(sorting)}
    optional = {"country": country, "match_exactly": "true" if exactly else ""}
    return Request(Endpoint.KEYWORD_SEARCH, params | {key: value for key, value in optional.items() if value}, 1)


def multi_info(video_ids: Sequence[str]) -> Request:
    """The posts with these ids, at most 100; 2 units for each one that still exists."""
    if not 0 < len(video_ids) <= MULTI_INFO_IDS:
        raise ValueError(f"multi-info takes 1 to {MULTI_INFO_IDS} ids, not {len(video_ids)}")
    return Request(Endpoint.MULTI_INFO, {"ids": ";".join(video_ids)}, 2 * len(video_ids))


def used_units(day: date) -> Request:
    """Units the account used on a UTC day, by platform; free."""
    return Request(Endpoint.USED_UNITS, {"date": day.isoformat()}, 0)


def history(days: int) -> Request:
    """Units the account used on each of the last `days` days; free."""
    return Request(Endpoint.HISTORY, {"days": str(days)}, 0)
