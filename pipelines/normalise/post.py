"""Reads a post of the raw pages into the columns of the lake. An unknown value is None, never 0."""

from collections.abc import Mapping
from typing import Any

from core.hashtags import clean_hashtag

LARGEST = 2**63 - 1
LATEST_S = 4_102_444_800
PHOTO_TYPES = frozenset({2, 150})
PLATFORM = "tiktok"
UNKNOWN_LANGUAGES = frozenset({"", "un"})


def post_row(post: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of `videos` and of the snapshots that a kept post fills.

    `created_at` is in microseconds since the epoch, `duration_s` in seconds. Followers and uses of 0 are unknown, and
    so is 0 plays of a photo post or of a post that has other reactions. Where the platform says that it lost counts
    (`lose_count`) and shows no plays, every 0 is unknown.
    """
    created = whole_number(post.get("create_time"))
    duration = whole_number(post.get("duration"))
    author, music = post["author"], post["music"]
    language = post.get("desc_language")
    region = post.get("region")
    return _counters(post) | {
        "video_id": str(post["aweme_id"]),
        "created_at": created * 1_000_000 if created and created < LATEST_S else None,
        "hashtags": _hashtags(post),
        "creator_id": author.get("uid"),
        "followers": whole_number(author.get("follower_count")) or None,
        "sound_id": music.get("mid"),
        "uses": whole_number(music.get("user_count")) or None,
        "title": music.get("title") if music.get("licensed") is True else None,
        "caption": post.get("desc"),
        "language": language if isinstance(language, str) and language not in UNKNOWN_LANGUAGES else None,
        "region": region if isinstance(region, str) and region else None,
        "duration_s": duration / 1000 if duration else None,
        "is_ad": post["is_ads"] if isinstance(post.get("is_ads"), bool) else None,
        "platform": PLATFORM,
    }


def whole_number(value: Any) -> int | None:
    """Return a count given as a number or as its digits; None for anything else, below 0 or beyond 64 bits.

    Examples
    --------
    >>> whole_number("12"), whole_number(-1), whole_number(True), whole_number("many")
    (12, None, None, None)
    """
    if type(value) is not int:
        digits = isinstance(value, str) and value.isascii() and value.isdigit()
        if not digits and not (isinstance(value, float) and value.is_integer()):
            return None
        value = int(value)
    return value if 0 <= value <= LARGEST else None


def _counters(post: Mapping[str, Any]) -> dict[str, int | None]:
    statistics = post["statistics"]
    counts = {
        "plays": whole_number(statistics.get("play_count")),
        "likes": whole_number(statistics.get("digg_count")),
        "comments": whole_number(statistics.get("comment_count")),
        "shares": whole_number(statistics.get("share_count")),
        "saves": whole_number(statistics.get("collect_count")),
    }
    if counts["plays"] == 0:
        if statistics.get("lose_count"):
            return {name: count or None for name, count in counts.items()}
        if _is_photo(post) or any(counts.values()):
            counts["plays"] = None
    return counts


def _is_photo(post: Mapping[str, Any]) -> bool:
    return post.get("aweme_type") in PHOTO_TYPES or "image_post_info" in post


def _hashtags(post: Mapping[str, Any]) -> list[str]:
    """Return the distinct hashtags in order: those of the caption, then those that are only listed."""
    named = [entry["hashtag_name"] for entry in post["text_extra"]] + [entry["cha_name"] for entry in post["cha_list"]]
    cleaned = (clean_hashtag(name) for name in named if isinstance(name, str))
    return list(dict.fromkeys(tag for tag in cleaned if tag))
