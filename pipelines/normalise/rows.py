"""Converts rows of posts, and objects of hashtags, into the names of the mobile shape, whatever their own are."""

import re
from collections.abc import Iterable
from typing import Any

import orjson

from pipelines.normalise.counts import whole_number
from pipelines.normalise.kinds import CAPTION, COMMENTS, CREATED, HASHTAGS, LIKES, PLAYS, SAVES, SHARES, VIDEO_ID
from pipelines.normalise.moments import microseconds
from pipelines.normalise.shapes import HASHTAG, Shape, mapping, milliseconds

COUNTS = {"play": PLAYS, "digg": LIKES, "comment": COMMENTS, "share": SHARES, "collect": SAVES}
CREATOR_ID = ("creator_id", "author_id", "authorId", "user_id", "userId")
CREATOR_HANDLE = ("creator_handle", "username", "author_unique_id", "author_username", "handle")
FOLLOWERS = ("creator_followers", "author_followers", "author_follower_count")
SOUND_ID = ("sound_id", "music_id", "musicId")
SOUND_TITLE = ("sound_title", "music_title", "musicName")
SOUND_USES = ("sound_uses", "music_uses")
SECONDS = ("duration_s", "video_duration", "duration")
LANGUAGE = ("language", "desc_language", "textLanguage")
REGION = ("region", "region_code", "locationCreated")
AD = ("is_ad", "isAd", "is_ads")
NAME = ("cha_name", "hashtag", "hashtag_name", "hashtagName", "challengeName", "title", "name")
VIEWS = ("views_total", "total_views", "viewCount", "view_count", "views")
VIDEOS = ("videos_total", "videoCount", "video_count", "videos", "use_count", "user_count")
LONGEST_S = 3_600
_IN_TEXT = re.compile(r"#([^\s#@.,;:!?()\[\]\"'/<&]+)")
_SEPARATORS = re.compile(r"[\s,;|#]+")


def first_of(row: Shape, names: Iterable[str]) -> Any:
    """Return the first value under one of these names that is there."""
    return next((value for name in names if (value := row.get(name)) is not None and value != ""), None)


def row_post(row: Shape) -> dict[str, Any]:
    """Convert a row of a post: counts, caption, time, author, sound and hashtags stand side by side."""
    author = next((mapping(row, name) for name in ("authorMeta", "author", "channel") if mapping(row, name)), {})
    music = next((mapping(row, name) for name in ("musicMeta", "music", "song") if mapping(row, name)), {})
    created = microseconds(first_of(row, CREATED))
    caption = first_of(row, CAPTION)
    listed = first_of(row, HASHTAGS)
    if listed is None and isinstance(caption, str):
        listed = _IN_TEXT.findall(caption)
    tags = list(dict.fromkeys(_tags(listed)))
    handle = first_of(row, CREATOR_HANDLE) or first_of(author, ("uniqueId", "unique_id", "username", "name"))
    if handle is None and isinstance(row.get("author"), str):
        handle = row["author"]
    title = first_of(music, ("musicName", "title", "name")) or first_of(row, SOUND_TITLE)
    post = {
        "aweme_id": first_of(row, VIDEO_ID),
        "create_time": created // 1_000_000 if created else None,
        "desc": caption,
        "desc_language": first_of(row, LANGUAGE),
        "region": first_of(row, REGION),
        "duration": _duration(first_of(mapping(row, "videoMeta"), ("duration",)) or first_of(row, SECONDS)),
        "is_ads": _flag(first_of(row, AD)),
        "author": {
            "uid": first_of(row, CREATOR_ID) or first_of(author, ("id", "uid")),
            "unique_id": handle,
            "nickname": first_of(author, ("nickName", "nickname")),
            "follower_count": first_of(row, FOLLOWERS) or first_of(author, ("fans", "followers", "followerCount")),
        },
        "statistics": {f"{name}_count": row[key] for name, keys in COUNTS.items() if (key := _key(row, keys))},
        "text_extra": [{"type": HASHTAG, "hashtag_name": tag} for tag in tags],
        "music": {
            "mid": first_of(music, ("musicId", "id", "mid")) or first_of(row, SOUND_ID),
            "title": title,
            "author": first_of(music, ("musicAuthor", "author", "artist")),
            "is_original_sound": first_of(music, ("musicOriginal", "original")),
            "user_count": first_of(row, SOUND_USES),
        },
    }
    return post | ({"image_post_info": {"images": []}} if row.get("isSlideshow") is True else {})


def hashtag_totals(node: Shape) -> dict[str, Any]:
    """Return `name`, `view_count` and `video_count` of an object of a hashtag, those that are there; and its `id`."""
    challenge = mapping(node, "challenge") or node
    places = (mapping(node, "statsV2"), mapping(node, "stats"), node)
    name = first_of(challenge, NAME)
    totals = {
        "id": first_of(challenge, ("id", "cid", "challengeId")),
        "name": name if isinstance(name, str) else None,
        "view_count": next((value for at in places if (value := first_of(at, VIEWS)) is not None), None),
        "video_count": next((value for at in places if (value := first_of(at, VIDEOS)) is not None), None),
    }
    return {name: value for name, value in totals.items() if value is not None}


def _duration(value: Any) -> int | None:
    """Return a duration in milliseconds; a number too large for seconds of a post is in milliseconds already."""
    length = milliseconds(value)
    return length if length is None or length <= LONGEST_S * 1000 else length // 1000


def _key(row: Shape, names: Iterable[str]) -> str | None:
    return next((name for name in names if row.get(name) is not None), None)


def _tags(value: Any) -> Iterable[str]:
    """Yield the names in a list of hashtags, of texts or objects, or in one text."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                value = orjson.loads(text)
            except orjson.JSONDecodeError:
                value = text.strip("[]").replace("'", "").replace('"', "")
        if isinstance(value, str):
            yield from filter(None, _SEPARATORS.split(value))
            return
    for entry in value if isinstance(value, list) else ():
        name = first_of(entry, ("name", "title", "hashtag_name", "cha_name")) if isinstance(entry, dict) else entry
        if isinstance(name, str) and name:
            yield name


def _flag(value: Any) -> bool | None:
    if isinstance(value, str) and value.strip().casefold() in ("true", "false"):
        return value.strip().casefold() == "true"
    return value if isinstance(value, bool) else bool(value) if whole_number(value) in (0, 1) else None
