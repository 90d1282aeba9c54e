"""Typed requests about hashtags, keywords and posts, with the units each may cost.

Requests about accounts and sounds are in `sources.ensembledata.accounts`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import xxhash

CHUNK_POSTS = 20
CHUNKS_A_UNIT = 10
MULTI_INFO_IDS = 100
LARGEST_FEED = 5_000
EXACT_POSTS = 10
PERIODS = (0, 1, 7, 30, 90, 180)
ANSWER_WITHIN_S, WALK_WITHIN_S = 120.0, 600.0


class Endpoint(StrEnum):
    """Paths below the base address."""

    HASHTAG_POSTS = "/tt/hashtag/posts"
    HASHTAG_RECENT_POSTS = "/tt/hashtag/recent-posts"
    KEYWORD_SEARCH = "/tt/keyword/search"
    KEYWORD_FULL_SEARCH = "/tt/keyword/full-search"
    USER_POSTS = "/tt/user/posts"
    USER_POSTS_FROM_SECUID = "/tt/user/posts-from-secuid"
    USER_INFO = "/tt/user/info"
    USER_INFO_FROM_SECUID = "/tt/user/info-from-secuid"
    USER_SEARCH = "/tt/user/search"
    USER_FOLLOWERS = "/tt/user/followers"
    USER_FOLLOWINGS = "/tt/user/followings"
    USER_LIKED_POSTS = "/tt/user/liked-posts"
    POST_INFO = "/tt/post/info"
    MULTI_INFO = "/tt/post/multi-info"
    COMMENTS = "/tt/post/comments"
    COMMENT_REPLIES = "/tt/post/comments-replies"
    MUSIC_SEARCH = "/tt/music/info"
    MUSIC_POSTS = "/tt/music/posts"
    MUSIC_DETAILS = "/tt/music/details"
    LIVE_SEARCH = "/tt/live/search"
    USED_UNITS = "/customer/get-used-units"
    HISTORY = "/customer/get-history"


@dataclass(frozen=True)
class Request:
    """One call.

    Parameters
    ----------
    endpoint: path of the endpoint
    params: query parameters as sent, without the token
    estimate: largest expected cost in EnsembleData units
    """

    endpoint: Endpoint
    params: Mapping[str, str]
    estimate: int

    @property
    def canonical(self) -> str:
        """The parameters as JSON with sorted names, equal for equal calls."""
        return json.dumps(dict(self.params), sort_keys=True, ensure_ascii=False)

    @property
    def timeout_s(self) -> float:
        """Seconds to wait for the answer: ten minutes for a whole feed, otherwise two minutes."""
        whole = self.endpoint is Endpoint.KEYWORD_FULL_SEARCH
        whole |= self.endpoint is Endpoint.HASHTAG_RECENT_POSTS and self.estimate > 1
        return WALK_WITHIN_S if whole else ANSWER_WITHIN_S

    def request_id(self, slot: datetime) -> str:
        """Return the id of this call in a slot: the same call of the same slot has the same id."""
        return xxhash.xxh3_128_hexdigest(f"{slot.isoformat()}|{self.endpoint}|{self.canonical}")


def query(**values: str | int | bool | None) -> dict[str, str]:
    """Return parameters as sent: Booleans in lower case, without None and empty text.

    Examples
    --------
    >>> query(name="a", cursor=0, country="", exactly=True, since=None)
    {'name': 'a', 'cursor': '0', 'exactly': 'true'}
    """
    given = {name: value for name, value in values.items() if value is not None and value != ""}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


def hashtag_posts(name: str, cursor: int = 0) -> Request:
    """About 20 posts of a hashtag in the platform's own order; 1 unit."""
    return Request(Endpoint.HASHTAG_POSTS, query(name=name, cursor=cursor), 1)


def hashtag_recent_posts(name: str, days: int, max_cursor: int, remap_output: bool = False) -> Request:
    """A hashtag's total views and videos, and its first `max_cursor` posts of the last `days` days.

    Costs a unit for every ten chunks of 20 posts walked, at least one. The posts come as the mobile interface gives
    them (`remap_output=false`); the remapped ones lack region, language and saves.
    """
    chunks = -(-max(max_cursor, 1) // CHUNK_POSTS)
    params = query(name=name, days=days, remap_output=remap_output, max_cursor=max_cursor)
    return Request(Endpoint.HASHTAG_RECENT_POSTS, params, -(-chunks // CHUNKS_A_UNIT))


def keyword_search(
    name: str,
    period: int = 1,
    sorting: int = 2,
    cursor: int = 0,
    country: str = "",
    exactly: bool = False,
    author_stats: bool = False,
) -> Request:
    """At most 20 posts that match a keyword, of the last `period` days (0 = any), by default newest first.

    1 unit; with the authors' figures one more for each post.
    """
    params = query(name=name, cursor=cursor, period=_period(period), sorting=sorting, country=country)
    params |= query(match_exactly=exactly or None, get_author_stats=author_stats or None)
    posts = EXACT_POSTS if exactly else CHUNK_POSTS
    return Request(Endpoint.KEYWORD_SEARCH, params, 1 + author_stats * posts)


def keyword_full_search(
    name: str,
    period: int = 1,
    sorting: int = 0,
    country: str = "",
    exactly: bool = False,
    at_most: int = LARGEST_FEED,
) -> Request:
    """All posts that match a keyword; a unit for every 20 returned, or every 10 with `exactly`.

    `at_most` is the number of posts the caller expects; the API takes no limit.
    """
    params = query(name=name, period=_period(period), sorting=sorting, country=country, match_exactly=exactly or None)
    return Request(
        Endpoint.KEYWORD_FULL_SEARCH, params, max(1, -(-at_most // (EXACT_POSTS if exactly else CHUNK_POSTS)))
    )


def post_info(url: str, new_version: bool = False, download_video: bool = False) -> Request:
    """One post by its full address; 2 units."""
    flags = query(new_version=new_version or None, download_video=download_video or None)
    return Request(Endpoint.POST_INFO, query(url=url) | flags, 2)


def multi_info(video_ids: Sequence[str], new_version: bool = False, download_video: bool = False) -> Request:
    """The posts with these ids, at most 100; 2 units for each one that still exists.

    Raises
    ------
    ValueError: for no ids or more than 100
    """
    if not 0 < len(video_ids) <= MULTI_INFO_IDS:
        raise ValueError(f"multi-info takes 1 to {MULTI_INFO_IDS} ids, not {len(video_ids)}")
    flags = query(new_version=new_version or None, download_video=download_video or None)
    return Request(Endpoint.MULTI_INFO, query(ids=";".join(video_ids)) | flags, 2 * len(video_ids))


def multi_infos(video_ids: Sequence[str]) -> list[Request]:
    """Requests for any number of ids, 100 at a time."""
    return [multi_info(video_ids[at : at + MULTI_INFO_IDS]) for at in range(0, len(video_ids), MULTI_INFO_IDS)]


def comments(video_id: str, cursor: int = 0) -> Request:
    """About 30 comments of a post; 1 unit."""
    return Request(Endpoint.COMMENTS, query(aweme_id=video_id, cursor=cursor), 1)


def comment_replies(video_id: str, comment_id: str, cursor: int = 0) -> Request:
    """About 30 replies to a comment; 1 unit."""
    return Request(Endpoint.COMMENT_REPLIES, query(aweme_id=video_id, comment_id=comment_id, cursor=cursor), 1)


def used_units(day: date) -> Request:
    """Units the account used on a UTC day, by platform; free."""
    return Request(Endpoint.USED_UNITS, query(date=day.isoformat()), 0)


def history(days: int) -> Request:
    """Units the account used on each of the last `days` days; free."""
    return Request(Endpoint.HISTORY, query(days=days), 0)


def _period(days: int) -> int:
    if days not in PERIODS:
        raise ValueError(f"period must be one of {', '.join(map(str, PERIODS))} days, not {days}")
    return days
