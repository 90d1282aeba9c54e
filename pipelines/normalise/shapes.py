"""Converts posts from TikTok's two web shapes into the names and units of the mobile interface.

The older one comes from recent-posts with `remap_output=true`, the newer one (`itemStruct`) with `new_version=true`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.normalise.counts import whole_number

HASHTAG, MENTION = 1, 0
MS = 1000

Shape = Mapping[str, Any]


def mapping(parent: Shape, name: str) -> Shape:
    """Return the object under `name`, or an empty one."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def objects(parent: Shape, name: str) -> list[Shape]:
    """Return the objects in the list under `name`; anything else is left out."""
    value = parent.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def web_post(item: Shape) -> dict[str, Any]:
    """Convert an older web post (`itemInfos`). It has no saves, region or language; its text names the hashtags."""
    info, author, music = (mapping(item, name) for name in ("itemInfos", "authorInfos", "musicInfos"))
    text = info.get("text")
    return {
        "aweme_id": info.get("id"),
        "create_time": info.get("createTime"),
        "desc": text,
        "duration": milliseconds(mapping(mapping(info, "video"), "videoMeta").get("duration")),
        "is_ads": info.get("isAd"),
        "author": {
            "uid": author.get("userId") or info.get("authorId"),
            "unique_id": author.get("uniqueId"),
            "nickname": author.get("nickName"),
            "follower_count": mapping(item, "authorStats").get("followerCount"),
        },
        "statistics": _counts(info.get),
        "text_extra": _spans(item, text),
        "cha_list": [
            {"cid": challenge.get("challengeId"), "cha_name": challenge.get("challengeName")}
            for challenge in objects(item, "challengeInfoList")
        ],
        "music": {
            "mid": music.get("musicId") or info.get("musicId"),
            "title": music.get("musicName"),
            "author": music.get("authorName"),
            "is_original_sound": music.get("original"),
        },
    }


def item_struct(item: Shape) -> dict[str, Any]:
    """Convert a newer web item. The texts of `statsV2` are exact, the numbers of `stats` may be rounded."""
    author, music = mapping(item, "author"), mapping(item, "music")
    handle = item["author"] if isinstance(item.get("author"), str) else author.get("uniqueId")
    contents = objects(item, "contents")
    text = item.get("desc") or next((content.get("desc") for content in contents), None)
    exact, rounded = mapping(item, "statsV2"), mapping(item, "stats")
    followers = mapping(item, "authorStatsV2").get("followerCount") or mapping(item, "authorStats").get("followerCount")
    post = {
        "aweme_id": item.get("id"),
        "create_time": item.get("createTime"),
        "desc": text,
        "desc_language": item.get("textLanguage"),
        "region": item.get("locationCreated"),
        "duration": milliseconds(mapping(item, "video").get("duration")),
        "is_ads": item.get("isAd"),
        "author": {
            "uid": author.get("id") or item.get("authorId"),
            "unique_id": handle,
            "nickname": author.get("nickname") or item.get("nickname"),
            "follower_count": followers,
        },
        "statistics": _counts(lambda name: _better(exact.get(name), rounded.get(name))),
        "text_extra": _spans(item, text) or [span for part in contents for span in _spans(part, part.get("desc"))],
        "cha_list": [
            {"cid": challenge.get("id"), "cha_name": challenge.get("title")}
            for challenge in objects(item, "challenges")
        ],
        "music": {
            "mid": music.get("id"),
            "title": music.get("title"),
            "author": music.get("authorName"),
            "is_copyrighted": music.get("isCopyrighted"),
            "is_original_sound": music.get("original"),
            "owner_handle": music.get("ownerHandle"),
        },
    }
    return post | ({"image_post_info": {"images": []}} if item.get("imagePost") else {})


def _counts(read: Callable[[str], Any]) -> dict[str, Any]:
    names = ("play", "digg", "comment", "share", "collect")
    return {f"{name}_count": count for name in names if (count := read(f"{name}Count")) is not None}


def _better(exact: Any, rounded: Any) -> Any:
    return exact if whole_number(exact) is not None or rounded is None else rounded


def _spans(item: Shape, text: Any) -> list[dict[str, Any]]:
    """Return the hashtags and mentions of `textExtra`; names that are missing there are read from the text."""
    spans = []
    for span in objects(item, "textExtra"):
        low = {key[:1].lower() + key[1:]: value for key, value in span.items() if isinstance(key, str)}
        start, end, kind = low.get("start"), low.get("end"), low.get("type")
        name = low.get("hashtagName") or (_cut(text, start, end) if kind == HASHTAG else "")
        spans.append({"type": kind, "start": start, "end": end, "hashtag_name": name})
    return spans


def _cut(text: Any, start: Any, end: Any) -> str:
    """Return the hashtag between two offsets of a text in UTF-16 code units, or an empty string."""
    if not (isinstance(text, str) and type(start) is int and type(end) is int and 0 <= start < end):
        return ""
    part = text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", errors="ignore")
    return part[1:] if part.startswith("#") else ""


def milliseconds(seconds: Any) -> int | None:
    """Return a number of seconds, or its digits, in milliseconds; None for anything else."""
    try:
        return round(float(seconds) * MS) if not isinstance(seconds, bool) else None
    except (TypeError, ValueError, OverflowError):
        return None
