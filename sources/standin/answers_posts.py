"""Answers of the endpoints for hashtags, keywords and posts: the envelope around the posts, and the units it costs."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sources.standin.answer import BAD_URL, Answering, EndpointAnswer, Refused, Shape, paged, require_country
from sources.standin.aweme import aweme
from sources.standin.backend import FEED_POSTS, PAGE_POSTS, Backend, Sorting
from sources.standin.parameters import Parameters
from sources.standin.post import Post, PostPage
from sources.standin.web_shapes import item_struct, web_post

CHUNKS_A_UNIT = 10
MOST_CHUNKS = 250
MOST_IDS = 100
UNITS_A_POST = 2
EXACT_POSTS = 10
PERIODS = ("0", "1", "7", "30", "90", "180")
_POST_URL = re.compile(
    r"https?://(?:www\.|m\.)?tiktok\.com/(?:@[^/?#\s]+/(?:video|photo)|v)/(\d{1,20})(?:\.html)?(?:[/?#]|$)"
)


def hashtag_posts(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """A page of a hashtag's feed; 1 unit whatever comes."""
    name, cursor = parameters.text("name"), parameters.integer("cursor", 0)

    def answer() -> EndpointAnswer:
        page = backend.hashtag_page(name, now, cursor)
        return EndpointAnswer(paged("data", [aweme(post) for post in page.posts], page.next_cursor), 1)

    return answer


def recent_posts(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """A hashtag's totals and recent posts; a unit for every ten chunks of 20 posts walked, at least one."""
    name, days = parameters.text("name"), parameters.integer("days")
    remapped, most = parameters.flag("remap_output", True), parameters.integer("max_cursor", 10_000)

    def answer() -> EndpointAnswer:
        recent = backend.recent(name, now, days, min(most, MOST_CHUNKS * PAGE_POSTS))
        totals = backend.totals(name, now)
        shape: Shape = web_post if remapped else aweme
        data = {
            "id": totals.hashtag_id if totals else "",
            "description": "",
            "is_commerce": False,
            "video_count": totals.videos if totals else 0,
            "view_count": totals.views if totals else 0,
            "posts": [shape(post) for post in recent.posts],
        }
        return EndpointAnswer(data, max(1, -(-recent.chunks // CHUNKS_A_UNIT)))

    return answer


def keyword_search(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Posts that match a keyword; 1 unit, and one a post for the authors' figures. Every country sees the same."""
    cursor, search = parameters.integer("cursor", 0), _Search(backend, parameters, now)
    with_authors = parameters.flag("get_author_stats", False)

    def answer() -> EndpointAnswer:
        page = search.page(cursor, search.page_posts)
        posts = page.posts
        if with_authors:
            whole = {post.post_id: post for post in backend.posts([post.post_id for post in posts], now)}
            posts = tuple(whole.get(post.post_id, post) for post in posts)
        cards = [_card(post) for post in posts]
        return EndpointAnswer(paged("data", cards, page.next_cursor), 1 + with_authors * len(posts))

    return answer


def keyword_full_search(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """All posts that match a keyword, at most 5,000; a unit for every 20 returned, or 10 with `match_exactly`."""
    search = _Search(backend, parameters, now)

    def answer() -> EndpointAnswer:
        cards = [_card(post) for post in search.page(0, FEED_POSTS).posts]
        return EndpointAnswer(cards, max(1, -(-len(cards) // search.page_posts)))

    return answer


def post_info(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """One post by its address; 2 units, also when it is gone."""
    url, shape = parameters.text("url"), post_shape(parameters)

    def answer() -> EndpointAnswer:
        match = _POST_URL.match(url)
        if match is None:
            raise Refused(462, BAD_URL)
        return EndpointAnswer([shape(post) for post in backend.posts([match.group(1)], now)], UNITS_A_POST)

    return answer


def multi_info(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Posts by id, at most 100; 2 units for each that exists, the others are left out."""
    ids = [part.strip() for part in parameters.text("ids").split(";") if part.strip()]
    shape = post_shape(parameters)

    def answer() -> EndpointAnswer:
        if len(ids) > MOST_IDS:
            raise Refused(464, "Number of passed IDs are more than the maximum allowed.")
        posts = [shape(post) for post in backend.posts(ids, now)]
        return EndpointAnswer(posts, UNITS_A_POST * len(posts))

    return answer


def post_shape(parameters: Parameters) -> Shape:
    """How posts are written: as the mobile interface does, or the newer web with `new_version`."""
    newer, download = parameters.flag("new_version", False), parameters.flag("download_video", False)
    return partial(item_struct, download_video=download) if newer else aweme


class _Search:
    """The parameters that both searches share."""

    def __init__(self, backend: Backend, parameters: Parameters, now: datetime) -> None:
        self._backend, self._now = backend, now
        self._name = parameters.text("name")
        self._period = int(parameters.choice("period", PERIODS))
        self._sorting = Sorting(parameters.choice("sorting", [sorting.value for sorting in Sorting], "0"))
        self._country, self._exactly = parameters.text("country", ""), parameters.flag("match_exactly", False)
        self.page_posts = EXACT_POSTS if self._exactly else PAGE_POSTS

    def page(self, cursor: int, count: int) -> PostPage:
        require_country(self._country)
        return self._backend.search(self._name, self._now, self._period, self._sorting, cursor, count, self._exactly)


POST_ANSWERS: Mapping[str, Answering] = {
    "/tt/hashtag/posts": hashtag_posts,
    "/tt/hashtag/recent-posts": recent_posts,
    "/tt/keyword/search": keyword_search,
    "/tt/keyword/full-search": keyword_full_search,
    "/tt/post/info": post_info,
    "/tt/post/multi-info": multi_info,
}


def _card(post: Post) -> dict[str, Any]:
    """A search result around a post."""
    number = int(post.post_id) if post.post_id.isdigit() else 0
    return {
        "type": 1,
        "aweme_info": aweme(post),
        "doc_type": 183,
        "doc_id": number,
        "provider_doc_id_str": post.post_id,
        "feedback_type": "video",
    }
