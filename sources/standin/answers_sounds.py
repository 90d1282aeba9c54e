"""Answers of the endpoints for sounds, comments and live streams. Comments and streams are drawn from the ids."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import xxhash

from sources.standin.account_shapes import listed
from sources.standin.answer import Answering, EndpointAnswer, paged, require_country
from sources.standin.aweme import aweme, music
from sources.standin.backend import Backend, page_of
from sources.standin.parameters import Parameters
from sources.standin.post import Post, Poster, Sound

SOUNDS_A_PAGE = 10
SOUND_POSTS_A_PAGE = 18
COMMENTS_A_PAGE = 30
LIVES_A_PAGE, LIVES_AT_MOST = 20, 50
SOUND_SORTINGS = ("0", "1", "2", "3", "4")
FILTERS = ("0", "1", "2")
COMMENT_TEXTS = ("nice", "again please", "🔥🔥🔥", "who else?", "part two when", "so true", "learned something", "haha")


def music_search(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Ten sounds that match a name; 2 units."""
    name, cursor = parameters.text("name"), parameters.integer("cursor", 0)
    sorting, kind = parameters.choice("sorting", SOUND_SORTINGS, "0"), parameters.choice("filter_by", FILTERS, "0")
    orders: Mapping[str, Callable[[Sound], Any]] = {
        "2": lambda sound: -int(sound.sound_id) if sound.sound_id.isdigit() else 0,
        "3": lambda sound: sound.duration_s,
        "4": lambda sound: -sound.duration_s,
    }

    def answer() -> EndpointAnswer:
        sounds = backend.society.sounds(name, now, titles=kind in ("0", "1"), creators=kind in ("0", "2"))
        ordered = sorted(sounds, key=orders[sorting]) if sorting in orders else sounds
        page, more = page_of(ordered, cursor, SOUNDS_A_PAGE)
        return EndpointAnswer(paged("music", [music(sound) for sound in page], more), 2)

    return answer


def music_posts(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Eighteen posts with a sound; 1 unit."""
    sound_id, cursor = parameters.text("music_id"), parameters.integer("cursor", 0)

    def answer() -> EndpointAnswer:
        page = backend.society.sound_posts(sound_id, now, cursor, SOUND_POSTS_A_PAGE)
        return EndpointAnswer(paged("aweme_list", [aweme(post) for post in page.posts], page.next_cursor), 1)

    return answer


def music_details(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """A sound, null for an unknown one; 2 units."""
    sound_id = parameters.text("id")

    def answer() -> EndpointAnswer:
        sound = backend.society.sound(sound_id, now)
        if sound is None:
            return EndpointAnswer(None, 2)
        link = {"share_url": f"https://www.tiktok.com/music/sound-{sound.sound_id}"}
        return EndpointAnswer({**music(sound), "share_info": link}, 2)

    return answer


def comments(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Thirty comments of a post, none for an unknown one; 1 unit."""
    video, cursor = parameters.text("aweme_id"), parameters.integer("cursor", 0)

    def answer() -> EndpointAnswer:
        posts = backend.posts([video], now)
        total = (posts[0].counters.comments or 0) if posts else 0
        page, more = page_of(range(total), cursor, COMMENTS_A_PAGE)
        shown = [_comment(backend, posts[0], now, f"{video} {place}", "0") for place in page]
        return EndpointAnswer({**paged("comments", shown, more), "total": total}, 1)

    return answer


def comment_replies(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Replies to a comment; 1 unit."""
    video, comment = parameters.text("aweme_id"), parameters.text("comment_id")
    cursor = parameters.integer("cursor", 0)

    def answer() -> EndpointAnswer:
        posts = backend.posts([video], now)
        total = _replies(comment) if posts else 0
        page, more = page_of(range(total), cursor, COMMENTS_A_PAGE)
        shown = [_comment(backend, posts[0], now, f"{comment} {place}", comment) for place in page]
        return EndpointAnswer({**paged("comments", shown, more), "total": total}, 1)

    return answer


def live_search(backend: Backend, parameters: Parameters, now: datetime) -> Callable[[], EndpointAnswer]:
    """Twenty live streams; 1 unit, 2 with a country."""
    keyword, cursor = parameters.text("keyword"), parameters.integer("cursor", 0)
    country = parameters.text("country", "")

    def answer() -> EndpointAnswer:
        require_country(country)
        key = xxhash.xxh32_intdigest(f"live {keyword} {now:%Y-%m-%d %H}")
        page, more = page_of(backend.society.some(key, key % LIVES_AT_MOST), cursor, LIVES_A_PAGE)
        return EndpointAnswer(paged("lives", [_live(poster) for poster in page], more), 1 + bool(country))

    return answer


SOUND_ANSWERS: Mapping[str, Answering] = {
    "/tt/music/info": music_search,
    "/tt/music/posts": music_posts,
    "/tt/music/details": music_details,
    "/tt/post/comments": comments,
    "/tt/post/comments-replies": comment_replies,
    "/tt/live/search": live_search,
}


def _replies(comment: str) -> int:
    return xxhash.xxh32_intdigest(f"replies {comment}") % 4


def _comment(backend: Backend, post: Post, now: datetime, key: str, reply_to: str) -> dict[str, Any]:
    drawn = xxhash.xxh64_intdigest(key)
    comment = str(7_000_000_000_000_000_000 + drawn % 10**18)
    lasted = max(1, int(now.timestamp()) - post.created_s)
    people = backend.society.some(drawn % 2**31, 1)
    return {
        "cid": comment,
        "aweme_id": post.post_id,
        "text": COMMENT_TEXTS[drawn % len(COMMENT_TEXTS)],
        "create_time": post.created_s + drawn % lasted,
        "digg_count": drawn // 7 % 200,
        "reply_comment_total": _replies(comment) if reply_to == "0" else 0,
        "reply_id": reply_to,
        "reply_comment": None,
        "status": 1,
        "comment_language": "",
        "author_pin": False,
        "user": listed(people[0]) if people else {},
        "text_extra": [],
    }


def _live(poster: Poster) -> dict[str, Any]:
    stream = str(7_200_000_000_000_000_000 + xxhash.xxh64_intdigest(poster.uid) % 10**18)
    raw = {"id": stream, "title": f"{poster.nickname} is live", "user_count": len(poster.handle) * 7}
    live = {"aweme_id": stream, "aweme_type": 101, "author": listed(poster), "room": {"is_battle": False}}
    return {"type": 1, "lives": {**live, "rawdata": json.dumps(raw)}}
