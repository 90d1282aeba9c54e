"""From an answer of EnsembleData to what may be kept of it: known envelopes, an allow-list of fields, no person.

What is kept has the shape and the names of the mobile interface, so that a mistake further down can be mended from the
raw pages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.normalise_privacy import licensed_title, pseudonym, without_handles

POST_FIELDS = ("aweme_id", "create_time", "desc_language", "region", "duration", "is_ads", "aweme_type")
COUNTERS = ("play_count", "digg_count", "comment_count", "share_count", "collect_count", "lose_count")
HASHTAG = 1
MENTION = 0
VIDEO_CARD = 1


@dataclass(frozen=True)
class Kept:
    """What may be kept of an answer.

    Parameters
    ----------
    body: {"posts": [...], "totals": {"view_count", "video_count"}?}, fit for JSON
    set_aside: reason -> number of items whose shape is not known
    """

    body: dict[str, Any]
    set_aside: Counter[str]


def keep(data: Any, key: bytes) -> Kept:
    """Return what may be kept of `data`, the value under `data` of an answer; `key` hashes creators."""
    items, totals, reason = _open(data)
    set_aside: Counter[str] = Counter()
    if reason:
        set_aside[reason] += 1
    posts = []
    for item in items:
        post, reason = _unwrap(item)
        if post is None:
            set_aside[reason] += 1
        else:
            posts.append(_keep_post(post, key))
    body: dict[str, Any] = {"posts": posts}
    if totals:
        body["totals"] = totals
    if set_aside:
        body["set_aside"] = dict(set_aside)
    return Kept(body, set_aside)


def _open(data: Any) -> tuple[list[Any], dict[str, Any], str]:
    """Items, totals and, for an envelope nobody knows, the reason."""
    if data is None:
        return [], {}, ""
    if isinstance(data, list):
        return data, {}, ""
    if not isinstance(data, dict):
        return [], {}, f"data is a {type(data).__name__}"
    totals = {name: data[name] for name in ("view_count", "video_count") if name in data}
    for name in ("posts", "data", "aweme_list"):
        if name in data:
            items = data[name]
            if items is None:
                return [], totals, ""
            return (items, totals, "") if isinstance(items, list) else ([], totals, f"{name} is no list")
    return [], totals, "" if totals else "unknown envelope"


def _unwrap(item: Any) -> tuple[Mapping[str, Any] | None, str]:
    """The post inside an item, or why there is none."""
    if not isinstance(item, dict):
        return None, "not an object"
    post = item.get("aweme_info") or item.get("aweme_detail") or item.get("aweme") or item
    if isinstance(post, dict) and isinstance(post.get("aweme_id"), str | int) and post["aweme_id"]:
        return post, ""
    if item.get("type", VIDEO_CARD) != VIDEO_CARD:
        return None, "not a video card"
    if "itemInfos" in item:
        return None, "remapped web post"
    return None, "web item" if "stats" in item or "statsV2" in item else "no aweme_id"


def _keep_post(post: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    kept = {name: post[name] for name in POST_FIELDS if name in post}
    statistics = _mapping(post, "statistics")
    kept["statistics"] = {name: statistics[name] for name in COUNTERS if name in statistics}
    extra = [one for one in _list(post, "text_extra") if isinstance(one, dict)]
    kept["desc"] = _caption(post.get("desc"), extra)
    kept["text_extra"] = [
        {"type": HASHTAG, "hashtag_name": one["hashtag_name"]}
        for one in extra
        if one.get("type") == HASHTAG and one.get("hashtag_name")
    ]
    kept["cha_list"] = [{"cha_name": name} for name in _names(_list(post, "cha_list"), "cha_name")]
    author = _mapping(post, "author")
    identity = author.get("uid") or post.get("author_user_id")
    kept["author"] = {"follower_count": author.get("follower_count")}
    if identity:
        kept["author"]["uid"] = pseudonym(key, str(identity))
    music = _mapping(post, "music")
    sound = music.get("mid") or music.get("id_str") or music.get("id")
    kept["music"] = {
        "mid": str(sound) if sound else None,
        "user_count": music.get("user_count"),
        "title": licensed_title(music, author.get("unique_id")),
    }
    if "duration" not in kept:
        kept["duration"] = _mapping(post, "video").get("duration")
    if _mapping(post, "image_post_info"):
        kept["image_post_info"] = {}
    return kept


def _caption(text: Any, extra: Iterable[Mapping[str, Any]]) -> str | None:
    if not isinstance(text, str):
        return None
    spans = ((one.get("start"), one.get("end")) for one in extra if one.get("type") == MENTION)
    return without_handles(text, ((a, b) for a, b in spans if isinstance(a, int) and isinstance(b, int) and a >= 0))


def _mapping(post: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = post.get(name)
    return value if isinstance(value, dict) else {}


def _list(post: Mapping[str, Any], name: str) -> list[Any]:
    value = post.get(name)
    return value if isinstance(value, list) else []


def _names(items: Iterable[Any], name: str) -> list[str]:
    return [item[name] for item in items if isinstance(item, dict) and isinstance(item.get(name), str) and item[name]]
