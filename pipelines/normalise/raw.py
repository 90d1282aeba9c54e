"""Reduces an answer of EnsembleData to what may be kept: known envelopes, an allow-list of fields, no personal data.

The kept body has the shape and the names of the mobile interface, so that later steps can be corrected and run again
from the raw pages.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from pipelines.normalise.captions import without_personal_data
from pipelines.normalise.envelope import open_answer
from pipelines.normalise.privacy import licensed_title, pseudonym
from pipelines.normalise.shapes import HASHTAG, MENTION, mapping, objects

POST_FIELDS = ("aweme_id", "create_time", "desc_language", "region", "duration", "is_ads", "aweme_type")
COMPRESSION = 3
COUNTERS = ("play_count", "digg_count", "comment_count", "share_count", "collect_count", "lose_count")


@dataclass(frozen=True)
class Kept:
    """The part of an answer that may be kept.

    Parameters
    ----------
    body: {"posts": [...], "totals": {"view_count", "video_count", "name"?}?, "set_aside"?}, fit for JSON
    set_aside: reason -> number of items of unknown shape
    """

    body: dict[str, Any]
    set_aside: Counter[str]


def keep(data: Any, key: bytes) -> Kept:
    """Return what may be kept of the value under `data` of an answer; `key` is the secret key of creators' hashes."""
    opened = open_answer(data)
    body: dict[str, Any] = {"posts": [_keep_post(post, key) for post in opened.posts]}
    if opened.totals:
        body["totals"] = opened.totals
    if opened.set_aside:
        body["set_aside"] = dict(opened.set_aside)
    return Kept(body, opened.set_aside)


def pack(body: Mapping[str, Any]) -> bytes:
    """Return a kept body as column `body` of table `raw` holds it: JSON, compressed."""
    return zlib.compress(orjson.dumps(body), COMPRESSION)


def unpack(packed: bytes) -> dict[str, Any]:
    """Return the body that `pack` wrote."""
    body: dict[str, Any] = orjson.loads(zlib.decompress(packed))
    return body


def _keep_post(post: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    kept = {name: post[name] for name in POST_FIELDS if name in post}
    statistics = mapping(post, "statistics")
    kept["statistics"] = {name: statistics[name] for name in COUNTERS if name in statistics}
    extra = objects(post, "text_extra")
    kept["desc"] = _caption(post.get("desc"), extra)
    kept["text_extra"] = [
        {"type": HASHTAG, "hashtag_name": span["hashtag_name"]}
        for span in extra
        if span.get("type") == HASHTAG and span.get("hashtag_name")
    ]
    kept["cha_list"] = [
        {"cha_name": name}
        for challenge in objects(post, "cha_list")
        if isinstance(name := challenge.get("cha_name"), str) and name
    ]
    author = mapping(post, "author")
    identity = author.get("uid") or post.get("author_user_id")
    kept["author"] = {"follower_count": author.get("follower_count")}
    if identity:
        kept["author"]["uid"] = pseudonym(key, str(identity))
    music = mapping(post, "music")
    sound = music.get("mid") or music.get("id_str") or music.get("id")
    kept["music"] = {
        "mid": str(sound) if sound else None,
        "user_count": music.get("user_count"),
    }
    title = licensed_title(music, (author.get("unique_id"), author.get("nickname")))
    if title is not None:
        kept["music"] |= {"title": title, "licensed": True}
    if kept.get("duration") is None:
        kept["duration"] = mapping(post, "video").get("duration")
    if mapping(post, "image_post_info"):
        kept["image_post_info"] = {}
    return kept


def _caption(text: Any, extra: Iterable[Mapping[str, Any]]) -> str | None:
    if not isinstance(text, str):
        return None
    spans = ((span.get("start"), span.get("end")) for span in extra if span.get("type") == MENTION)
    return without_personal_data(
        text, ((a, b) for a, b in spans if isinstance(a, int) and isinstance(b, int) and a >= 0)
    )
