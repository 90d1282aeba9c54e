"""What each endpoint answers: the envelope around the backend's posts and the units it costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sources.standin_aweme import aweme
from sources.standin_backend import PAGE_POSTS, Backend, Sorting
from sources.standin_parameters import Parameters
from sources.standin_post import Post
from sources.standin_webpost import webpost

CHUNKS_A_UNIT = 10
MOST_CHUNKS = 250
MOST_IDS = 100
UNITS_A_POST = 2
EXACT_POSTS = 10
PERIODS = ("0", "1", "7", "30", "90", "180")
_COUNTRY_CODES = (
    "ADAEAFAGAIALAMAOARASATAUAWAXAZBABBBDBEBFBGBHBIBJBMBNBOBQBRBSBTBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCW"
    "CXCYCZDEDJDKDMDODZECEEEGERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGTGUGWGYHKHNHRHTHUIDIEILIMINIQ"
    "IRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMX"
    "MYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSS"
    "STSVSXSYSZTCTDTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW"
)
COUNTRIES = frozenset(_COUNTRY_CODES[i : i + 2] for i in range(0, len(_COUNTRY_CODES), 2))


@dataclass(frozen=True)
class Answer:
    """A good answer: what stands under `data`, and its cost."""

    data: Any
    units: int


class Refused(Exception):
    """An answer with another status: `detail` as the interface words it."""

    def __init__(self, status: int, detail: Any, units: int = 0) -> None:
        super().__init__(detail)
        self.status, self.detail, self.units = status, detail, units


Answering = Callable[[Backend, Parameters, datetime], Callable[[], Answer]]
"""Reads the parameters first (so that they can be refused before anything is charged), answers when called."""


def hashtag_posts(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], Answer]:
    """A page of a hashtag's feed; 1 unit whatever comes."""
    name, cursor = parameters.text("name"), parameters.integer("cursor", 0)

    def answer() -> Answer:
        page = backend.hashtag_page(name, now, cursor)
        return Answer(_paged([aweme(post) for post in page.posts], page.next_cursor), 1)

    return answer


def recent_posts(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], Answer]:
    """A hashtag's totals and recent posts; a unit for every ten chunks of 20 posts walked, at least one."""
    name, days = parameters.text("name"), parameters.integer("days")
    remapped, most = parameters.flag("remap_output", True), parameters.integer("max_cursor", 10_000)

    def answer() -> Answer:
        found = backend.recent(name, now, days, min(most, MOST_CHUNKS * PAGE_POSTS))
        totals = backend.totals(name, now)
        shape: Callable[[Post], dict[str, Any]] = webpost if remapped else aweme
        data = {
            "id": totals.hashtag_id if totals else "",
            "description": "",
            "is_commerce": False,
            "video_count": totals.videos if totals else 0,
            "view_count": totals.views if totals else 0,
            "posts": [shape(post) for post in found.posts],
        }
        return Answer(data, max(1, -(-found.chunks // CHUNKS_A_UNIT)))

    return answer


def keyword_search(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], Answer]:
    """Posts that match a keyword; 1 unit, and one a post for the authors' figures. Every country sees the same."""
    name, cursor = parameters.text("name"), parameters.integer("cursor", 0)
    period = int(parameters.choice("period", PERIODS))
    sorting = Sorting(parameters.choice("sorting", [one.value for one in Sorting], "0"))
    country, exactly = parameters.text("country", ""), parameters.flag("match_exactly", False)
    with_authors = parameters.flag("get_author_stats", False)

    def answer() -> Answer:
        if country and country.upper() not in COUNTRIES:
            raise Refused(466, "Invalid country code.")
        page = backend.search(name, now, period, sorting, cursor, EXACT_POSTS if exactly else PAGE_POSTS, exactly)
        posts = page.posts
        if with_authors:
            whole = {post.post_id: post for post in backend.posts([post.post_id for post in posts], now)}
            posts = tuple(whole.get(post.post_id, post) for post in posts)
        return Answer(_paged([_card(post) for post in posts], page.next_cursor), 1 + with_authors * len(posts))

    return answer


def multi_info(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], Answer]:
    """Posts by id, at most 100; 2 units for each that exists, the others are left out."""
    ids = [one.strip() for one in parameters.text("ids").split(";") if one.strip()]

    def answer() -> Answer:
        if len(ids) > MOST_IDS:
            raise Refused(464, "Number of passed IDs are more than the maximum allowed.")
        found = [aweme(post) for post in backend.posts(ids, now)]
        return Answer(found, UNITS_A_POST * len(found))

    return answer


ANSWERS: Mapping[str, Answering] = {
    "/tt/hashtag/posts": hashtag_posts,
    "/tt/hashtag/recent-posts": recent_posts,
    "/tt/keyword/search": keyword_search,
    "/tt/post/multi-info": multi_info,
}


def _paged(items: list[dict[str, Any]], next_cursor: int | None) -> dict[str, Any]:
    return {"data": items} if next_cursor is None else {"nextCursor": next_cursor, "data": items}


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
