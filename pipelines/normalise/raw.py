"""Reduces an answer of EnsembleData to what may be kept: known envelopes, an allow-list of fields, no personal data.

The kept body has the shape and the names of the mobile interface, so that later steps can be corrected and run again
from the raw pages.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import orjson

from pipelines.normalise.captions import without_personal_data
from pipelines.normalise.counts import LARGEST
from pipelines.normalise.isolation import read_each
from pipelines.normalise.privacy import licensed_title, pseudonym
from pipelines.normalise.shapes import HASHTAG, MENTION, Shape, mapping, objects
from pipelines.normalise.walk import open_answer

UNREADABLE = "unreadable"
LONGEST_SCALAR = 64
LARGEST_ID = 10**20
INVISIBLE = "\u2060"
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
POST_FIELDS = ("aweme_id", "create_time", "desc_language", "region", "duration", "is_ads", "aweme_type")
DAMAGED_PAGE = "a stored page that can't be read"
DAMAGED_POST = "a stored post that can't be read"
IDS, TEXT = (str, int), (str, type(None))
NO_OBJECT: dict[str, Any] = {}
NO_LIST: list[Any] = []
MOST_ITEMS = 10**6
COMPRESSION = 3
COUNTERS = ("play_count", "digg_count", "comment_count", "share_count", "collect_count", "lose_count")


@dataclass(frozen=True)
class Kept:
    """The part of an answer that may be kept.

    Parameters
    ----------
    body: {"posts": [...], "totals": [{"name"?, "post_name"?, "view_count"?, "video_count"?}, ...]?, "set_aside"?}, fit
        for JSON; `name` is the hashtag's own, `post_name` that of a post that carries the hashtag's id
    set_aside: reason -> number of items that are no post or can't be read
    """

    body: dict[str, Any]
    set_aside: Counter[str]


def keep(data: Any, key: bytes) -> Kept:
    """Return what may be kept of the value under `data` of an answer; `key` is the secret key of creators' hashes."""
    opened = open_answer(data)
    posts, totals = [post for post, _ in opened.posts], [totals for totals, _ in opened.totals]
    return Kept(keep_items(posts, totals, opened.set_aside, key), Counter(opened.set_aside))


def keep_items(
    posts: Sequence[Shape], totals: Sequence[Shape], set_aside: dict[str, int], key: bytes
) -> dict[str, Any]:
    """Return the body of posts in the mobile shape and of totals; a post that fails joins `set_aside`."""
    body: dict[str, Any] = {"posts": read_each(posts, lambda post: _keep_post(post, key), "a post", set_aside)}
    if totals:
        body["totals"] = read_each(totals, lambda entry: _keep_totals(entry, posts), "totals", set_aside)
    if set_aside:
        body["set_aside"] = dict(set_aside)
    return body


def pack(body: Mapping[str, Any]) -> bytes:
    """Return a kept body as column `body` of table `raw` holds it: JSON, compressed."""
    return zlib.compress(orjson.dumps(body), COMPRESSION)


def unpack(packed: bytes) -> dict[str, Any]:
    """Return the body that `pack` wrote, fit to be read whatever is stored: `posts` holds objects with id and author.

    What of it is not so is counted in `set_aside`, a body that can't be unpacked as a whole.
    """
    try:
        body = orjson.loads(zlib.decompress(packed))
    except (zlib.error, ValueError, TypeError):
        body = None
    aside = Counter(_counts(body.get("set_aside")) if isinstance(body, dict) else {})
    if not isinstance(body, dict) or not isinstance(body.get("posts"), list):
        aside[DAMAGED_PAGE] += 1
        return {"posts": [], "set_aside": dict(aside)}
    posts = [post for post in body["posts"] if _is_kept_post(post)]
    if len(posts) < len(body["posts"]):
        aside[DAMAGED_POST] += len(body["posts"]) - len(posts)
    others = {name: value for name, value in body.items() if name != "set_aside"}
    return {**others, "posts": posts} | ({"set_aside": dict(aside)} if aside else {})


def parameters(text: str) -> dict[str, Any]:
    """Return the parameters of a request as table `raw` holds them; none where they are not as they should be."""
    try:
        query = orjson.loads(text)
    except (ValueError, TypeError):
        return {}
    return query if isinstance(query, dict) else {}


def _is_kept_post(post: Any) -> bool:
    """Whether a stored post has the types that everything which reads stored pages counts on."""
    if not isinstance(post, dict) or type(post.get("aweme_id")) not in IDS:
        return False
    author, music = post.get("author"), post.get("music", NO_OBJECT)
    return (
        isinstance(author, dict)
        and isinstance(music, dict)
        and isinstance(post.get("statistics", NO_OBJECT), dict)
        and isinstance(post.get("text_extra", NO_LIST), list)
        and isinstance(post.get("cha_list", NO_LIST), list)
        and isinstance(post.get("desc"), TEXT)
        and isinstance(author.get("uid"), TEXT)
        and isinstance(music.get("title"), TEXT)
    )


def _counts(reasons: Any) -> dict[str, int]:
    whole = reasons.items() if isinstance(reasons, dict) else ()
    return {reason: items for reason, items in whole if type(items) is int and 0 < items <= MOST_ITEMS}


def storable(text: str) -> str:
    """Return a text without what no store takes: NUL and other control characters, and halves of characters."""
    return text if text.isprintable() else _UNSTORABLE.sub("", text)


def _scalar(value: Any, otherwise: str | None = None) -> Any:
    """Return a value that JSON can hold as it is, cleaned; `otherwise` stands for what can't be a value of a post."""
    if type(value) is int:
        return value if -LARGEST <= value <= LARGEST else otherwise
    if type(value) is str:
        return (value if value.isprintable() else storable(value)) if len(value) <= LONGEST_SCALAR else otherwise
    if value is None or isinstance(value, bool):
        return value
    return value if isinstance(value, float) and isfinite(value) else otherwise


def _count(value: Any) -> Any:
    return _scalar(value, UNREADABLE)


def _identity(value: Any) -> str | None:
    """Return an id as a text; a float has rounded it, and anything else is none."""
    if type(value) is str:
        return storable(value)[:LONGEST_SCALAR] or None
    return str(value) if type(value) is int and 0 < value <= LARGEST_ID else None


def _keep_totals(totals: Shape, posts: Sequence[Shape]) -> dict[str, Any]:
    kept = {name: _count(totals[name]) for name in ("view_count", "video_count") if name in totals}
    if isinstance(name := totals.get("name"), str):
        kept["name"] = storable(name)
    elif name := _name_of(_identity(totals.get("id")), posts):
        kept["post_name"] = name
    return kept


def _name_of(hashtag_id: str | None, posts: Sequence[Shape]) -> str:
    """Return the name of the hashtag with this id as a post writes it; recent-posts doesn't give it."""
    for post in posts if hashtag_id else ():
        for entry in (*objects(post, "cha_list"), *objects(post, "text_extra")):
            name = entry.get("cha_name") or entry.get("hashtag_name")
            if isinstance(name, str) and _identity(entry.get("cid") or entry.get("hashtag_id")) == hashtag_id:
                return storable(name)
    return ""


def _keep_post(post: Shape, key: bytes) -> dict[str, Any]:
    kept = {name: _scalar(post[name]) for name in POST_FIELDS if name in post}
    statistics = mapping(post, "statistics")
    kept["statistics"] = {
        name: value if type(value := statistics[name]) is int and 0 <= value <= LARGEST else _count(value)
        for name in COUNTERS
        if name in statistics
    }
    extra = objects(post, "text_extra")
    kept["desc"] = _caption(post.get("desc"), extra)
    kept["text_extra"] = [
        {"type": HASHTAG, "hashtag_name": name if name.isprintable() else storable(name)}
        for span in extra
        if span.get("type") == HASHTAG and isinstance(name := span.get("hashtag_name"), str) and name
    ]
    kept["cha_list"] = [
        {"cha_name": name if name.isprintable() else storable(name)}
        for challenge in objects(post, "cha_list")
        if isinstance(name := challenge.get("cha_name"), str) and name
    ]
    author = mapping(post, "author")
    identity = (
        _identity(author.get("uid")) or _identity(post.get("author_user_id")) or _identity(author.get("unique_id"))
    )
    kept["author"] = {"follower_count": _count(author.get("follower_count"))}
    if identity:
        kept["author"]["uid"] = pseudonym(key, identity.removeprefix("@"))
    music = mapping(post, "music")
    kept["music"] = {
        "mid": _identity(music.get("mid")) or _identity(music.get("id_str")) or _identity(music.get("id")),
        "user_count": _count(music.get("user_count")),
    }
    title = licensed_title(music, (author.get("unique_id"), author.get("nickname")))
    if title is not None:
        kept["music"] |= {"title": storable(title), "licensed": True}
    if kept.get("duration") is None:
        kept["duration"] = _scalar(mapping(post, "video").get("duration"))
    if mapping(post, "image_post_info"):
        kept["image_post_info"] = {}
    return kept


def _caption(text: Any, extra: Iterable[Mapping[str, Any]]) -> str | None:
    if not isinstance(text, str):
        return None
    if not text.isprintable():
        text = _UNSTORABLE.sub(INVISIBLE, text)  # spans count in code units, so that nothing may be dropped yet
    spans = ((span.get("start"), span.get("end")) for span in extra if span.get("type") == MENTION)
    whole = ((a, b) for a, b in spans if isinstance(a, int) and isinstance(b, int) and a >= 0)
    return without_personal_data(text, whole).replace(INVISIBLE, "")
