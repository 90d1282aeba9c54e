"""Answers of the endpoints for accounts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import xxhash

from sources.standin.account_shapes import listed, match, mobile_profile, web_profile
from sources.standin.answer import Answering, EndpointAnswer, Refused, paged
from sources.standin.answers_posts import post_shape
from sources.standin.aweme import aweme
from sources.standin.backend import Backend, page_of
from sources.standin.parameters import Parameters
from sources.standin.post import Post
from sources.standin.society import Profile

CHUNK_POSTS = 10
ACCOUNTS_A_PAGE = 10
LISTED_A_PAGE, LISTED_AT_MOST = 100, 10_000
LIKED_A_PAGE, LIKED = 20, 60
LIST_CURSOR = 1_700_000_000
MS = 1_000


def user_posts(
    by_sec_uid: bool, backend: Backend, parameters: Parameters, now: datetime
) -> Callable[[], EndpointAnswer]:
    """An account's posts in chunks of ten; 1 unit and one a chunk fetched. The cursor stands at the top, in ms."""
    find = _finder(by_sec_uid, backend, parameters, now)
    depth = parameters.integer("depth", above=0)
    start, oldest = parameters.integer("start_cursor", 0), parameters.integer("oldest_createtime", 0)
    shape = post_shape(parameters)

    def answer() -> EndpointAnswer:
        profile = find()
        if profile is None:
            raise Refused(463, "Invalid username or user id.", units=1)
        before_s = -(-start // MS) or None
        posts, chunks, more = _chunks(backend, profile.poster.uid, now, depth, before_s, oldest)
        beside = {"nextCursor": posts[-1].created_s * MS} if more else {}
        return EndpointAnswer([shape(post) for post in posts], 1 + chunks, beside)

    return answer


def user_info(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """An account by its handle; 1 unit."""
    find = _finder(False, backend, parameters, now)

    def answer() -> EndpointAnswer:
        profile = find()
        if profile is None:
            raise Refused(463, "Invalid username or user id.", units=1)
        return EndpointAnswer(web_profile(profile), 1)

    return answer


def user_info_from_secuid(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """An account by its secUid, null for an unknown one; 1 unit."""
    find = _finder(True, backend, parameters, now)
    parameters.flag("alternative_method", False)

    def answer() -> EndpointAnswer:
        profile = find()
        return EndpointAnswer(None if profile is None else {"user": mobile_profile(profile)}, 1)

    return answer


def user_search(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Ten accounts that match a keyword; 2 units."""
    keyword, cursor = parameters.text("keyword"), parameters.integer("cursor", 0)

    def answer() -> EndpointAnswer:
        page, more = page_of(backend.society.accounts(keyword, now), cursor, ACCOUNTS_A_PAGE)
        return EndpointAnswer(paged("users", [match(profile) for profile in page], more), 2)

    return answer


def account_list(name: str, backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """A hundred followers or followings, at most 10,000 in all; 2 units, 1 for an unknown secUid."""
    parameters.text("id")
    find = _finder(True, backend, parameters, now)
    cursor, token = parameters.integer("cursor", 0), parameters.text("page_token", "")

    def answer() -> EndpointAnswer:
        profile = find()
        if profile is None:
            return EndpointAnswer({name: [], "total": 0}, 1)
        total = (profile.poster.followers or 0) if name == "followers" else profile.following
        begin = int(token) if token.isdigit() else max(0, LIST_CURSOR - cursor) if cursor else 0
        end = min(total, LISTED_AT_MOST, begin + LISTED_A_PAGE)
        key = xxhash.xxh32_intdigest(f"{name} {profile.poster.uid} {begin}")
        data = {name: [listed(poster) for poster in backend.society.some(key, max(0, end - begin))], "total": total}
        more = end < min(total, LISTED_AT_MOST)
        return EndpointAnswer(({"nextCursor": LIST_CURSOR - end, "nextPageToken": str(end)} if more else {}) | data, 2)

    return answer


def liked_posts(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Posts that an account likes; 1 unit."""
    find, cursor = _finder(True, backend, parameters, now), parameters.integer("cursor", 0)

    def answer() -> EndpointAnswer:
        profile = find()
        if profile is None:
            return EndpointAnswer({"liked_posts": []}, 1)
        liked = backend.society.some(xxhash.xxh32_intdigest(f"likes {profile.poster.uid}"), LIKED)
        page, more = page_of(liked, cursor, LIKED_A_PAGE)
        posts = [post for poster in page for post in backend.society.newest(poster.uid, now, None, 1)]
        return EndpointAnswer(paged("liked_posts", [aweme(post) for post in posts], more), 1)

    return answer


ACCOUNT_ANSWERS: Mapping[str, Answering] = {
    "/tt/user/posts": partial(user_posts, False),
    "/tt/user/posts-from-secuid": partial(user_posts, True),
    "/tt/user/info": user_info,
    "/tt/user/info-from-secuid": user_info_from_secuid,
    "/tt/user/search": user_search,
    "/tt/user/followers": partial(account_list, "followers"),
    "/tt/user/followings": partial(account_list, "followings"),
    "/tt/user/liked-posts": liked_posts,
}


def _finder(by_sec_uid: bool, backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], Profile | None]:
    if by_sec_uid:
        sec_uid = parameters.text("secUid", shortest=1)
        return lambda: backend.society.find(now, sec_uid=sec_uid)
    handle = parameters.text("username", shortest=1)
    return lambda: backend.society.find(now, handle=handle)


def _chunks(
    backend: Backend, uid: str, now: datetime, depth: int, before_s: int | None, oldest: int
) -> tuple[Sequence[Post], int, bool]:
    """Posts, chunks fetched and whether there are more: up to `depth` chunks, the last one that with a post too old."""
    posts: list[Post] = []
    for chunk in range(depth):
        newest = backend.society.newest(uid, now, before_s, CHUNK_POSTS + 1)
        if not newest:
            return posts, chunk, False
        posts += newest[:CHUNK_POSTS]
        before_s = posts[-1].created_s
        more = len(newest) > CHUNK_POSTS
        if not more or posts[-1].created_s < oldest:
            return posts, chunk + 1, more
    return posts, depth, True
