"""Opens an answer of EnsembleData, whatever its envelope: its posts in the mobile shape, and items that are no post."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.normalise.shapes import item_struct, objects, web_post

LISTS = ("posts", "data", "aweme_list", "liked_posts")
WRAPPERS = ("aweme_info", "aweme_detail", "aweme", "itemStruct")
TOTALS = ("view_count", "video_count")
POST_KEYS = frozenset({"aweme_id", "itemInfos", "stats", "statsV2", *WRAPPERS})
VIDEO_CARD = 1
DEEPEST = 3


@dataclass
class Opened:
    """The content of an answer.

    Parameters
    ----------
    posts: posts in the mobile shape
    totals: view_count and video_count of the requested hashtag, and its name if a post gives it
    set_aside: reason -> number of items that are no post, or of unknown envelopes
    """

    posts: list[Mapping[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    set_aside: Counter[str] = field(default_factory=Counter)


def open_answer(data: Any) -> Opened:
    """Open `data`, the value under `data` of an answer: a list, an object around one, or one post; null is empty."""
    opened = Opened()
    for item in _items(data, opened, DEEPEST):
        post, reason = _post(item)
        if post is None:
            opened.set_aside[reason] += 1
        else:
            opened.posts.append(post)
    if opened.totals and (name := _name_of(opened.totals.pop("id", None), opened.posts)):
        opened.totals["name"] = name
    return opened


def _items(data: Any, opened: Opened, depth: int) -> list[Any]:
    if data is None:
        return []
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        opened.set_aside[f"data is a {type(data).__name__}"] += 1
        return []
    if not POST_KEYS.isdisjoint(data):
        return [data]
    opened.totals |= {name: data[name] for name in TOTALS if name in data}
    if opened.totals and "id" in data:
        opened.totals["id"] = data["id"]
    for name in LISTS:
        inner = data.get(name)
        if isinstance(inner, list):
            return inner
        if isinstance(inner, dict) and depth:
            return _items(inner, opened, depth - 1)
        if name in data:
            if inner is not None:
                opened.set_aside[f"{name} is a {type(inner).__name__}"] += 1
            return []
    if not opened.totals:
        opened.set_aside["an error answer" if "detail" in data else "unknown envelope"] += 1
    return []


def _post(item: Any) -> tuple[Mapping[str, Any] | None, str]:
    """Return the post inside an item, in the mobile shape, or the reason why there is none."""
    if not isinstance(item, dict):
        return None, "not an object"
    inner = item
    for name in WRAPPERS:
        wrapped = item.get(name)
        if isinstance(wrapped, dict) and wrapped:
            inner = wrapped
            break
    if "aweme_id" not in inner:
        if "itemInfos" in inner:
            inner = web_post(inner)
        elif "stats" in inner or "statsV2" in inner:
            inner = item_struct(inner)
        elif item.get("type", VIDEO_CARD) != VIDEO_CARD:
            return None, "not a video card"
    video = inner.get("aweme_id")
    if isinstance(video, str | int) and not isinstance(video, bool) and video:
        return inner, ""
    return None, "no video id"


def _name_of(hashtag_id: Any, posts: list[Mapping[str, Any]]) -> str:
    """Return the name of the hashtag with this id as one of its posts writes it; recent-posts doesn't give it."""
    for post in posts if hashtag_id else ():
        for entry in (*objects(post, "cha_list"), *objects(post, "text_extra")):
            name = entry.get("cha_name") or entry.get("hashtag_name")
            if isinstance(name, str) and str(entry.get("cid") or entry.get("hashtag_id") or "") == str(hashtag_id):
                return name
    return ""
