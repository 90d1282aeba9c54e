"""Reads a post of the raw pages into the columns of the lake. An unknown value is None, never 0."""

from collections.abc import Mapping
from typing import Any

from core.hashtags import clean_hashtag
from pipelines.normalise.counts import LARGEST, Doubt, read_count, whole_number

LATEST_S = 4_102_444_800
COUNTERS = (
    ("plays", "play_count"),
    ("likes", "digg_count"),
    ("comments", "comment_count"),
    ("shares", "share_count"),
    ("saves", "collect_count"),
)
PHOTO_TYPES = frozenset({2, 150})
PLATFORM = "tiktok"
UNKNOWN_LANGUAGES = frozenset({"", "un"})


def post_row(post: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of `videos` and of the snapshots that a kept post fills.

    `created_at` is in microseconds since the epoch, `duration_s` in seconds. Followers and uses of 0 are unknown, and
    so is 0 plays of a photo post or of a post that has other reactions. Where the platform says that it lost counts
    (`lose_count`) and shows no plays, every 0 is unknown. `rounded` names the counts that were rounded by the source,
    None if there are none; `lost` lists those that were there and could not be read.
    """
    statistics, author, music = post["statistics"], post["author"], post["music"]
    values = {name: statistics.get(key) for name, key in COUNTERS}
    values |= {"followers": author.get("follower_count"), "uses": music.get("user_count")}
    counts, rounded, lost = _plain_counts(values)
    followers, uses = counts.pop("followers"), counts.pop("uses")
    created, duration = whole_number(post.get("create_time")), whole_number(post.get("duration"))
    return _without_lost(counts, statistics.get("lose_count"), _is_photo(post)) | {
        "video_id": str(post["aweme_id"]),
        "created_at": created * 1_000_000 if created and created < LATEST_S else None,
        "hashtags": _hashtags(post),
        "creator_id": _text(author.get("uid")),
        "followers": followers or None,
        "sound_id": _text(music.get("mid")),
        "uses": uses or None,
        "title": _text(music.get("title")) if music.get("licensed") is True else None,
        "caption": _caption(post.get("desc")),
        "language": None if (language := _text(post.get("desc_language"))) in UNKNOWN_LANGUAGES else language,
        "region": _text(post.get("region")),
        "duration_s": duration / 1000 if duration else None,
        "is_ad": post["is_ads"] if isinstance(post.get("is_ads"), bool) else None,
        "platform": PLATFORM,
        "rounded": ",".join(rounded) or None,
        "lost": lost,
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _caption(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _plain_counts(values: dict[str, Any]) -> tuple[dict[str, int | None], list[str], list[str]]:
    """Return counts, and the names of those that were rounded and of those that were there and could not be read."""
    rounded: list[str] = []
    lost: list[str] = []
    for name in [name for name, value in values.items() if type(value) is not int or not 0 <= value <= LARGEST]:
        values[name], doubt = read_count(values[name])
        if doubt is not None:
            (rounded if doubt is Doubt.ROUNDED else lost).append(name)
    return values, rounded, lost


def _without_lost(counts: dict[str, int | None], lose_count: Any, photo: bool) -> dict[str, int | None]:
    """Return the counters of a post with the zeros that are unknown as None."""
    if counts["plays"] == 0:
        if lose_count:
            return {name: count or None for name, count in counts.items()}
        if photo or any(counts.values()):
            return {**counts, "plays": None}
    return counts


def _is_photo(post: Mapping[str, Any]) -> bool:
    kind = post.get("aweme_type")
    return (type(kind) is int and kind in PHOTO_TYPES) or "image_post_info" in post


def _hashtags(post: Mapping[str, Any]) -> list[str]:
    """Return the distinct hashtags in order: those of the caption, then those that are only listed."""
    named = [entry["hashtag_name"] for entry in post["text_extra"]] + [entry["cha_name"] for entry in post["cha_list"]]
    cleaned = (clean_hashtag(name) for name in named if isinstance(name, str))
    return list(dict.fromkeys(tag for tag in cleaned if tag))
