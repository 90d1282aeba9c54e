"""Erases videos and creators from every table, and keeps them out from then on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from core.tables import CREATOR_SNAPSHOTS, RAW, SOUND_SNAPSHOTS, VIDEO_SNAPSHOTS, VIDEOS
from pipelines.normalise.privacy import pseudonym
from pipelines.normalise.raw import DAMAGED_PAGE, DAMAGED_POST, pack, unpack
from pipelines.operations.days import days_in, days_of
from storage.lake.interface import Lake
from storage.records.interface import Records

FORGOTTEN = "forgotten"
ORPHANED = ("creator_id", "sound_id")
TORN_ID = "0"
UNREADABLE = frozenset((DAMAGED_PAGE, DAMAGED_POST))
"""What may hold someone and can't be read is erased as well."""


@dataclass(frozen=True)
class Forgotten:
    """Keyed hashes of the videos and creators that must not come back.

    Parameters
    ----------
    key: secret key of the hashes
    videos: hashes of video ids
    creators: hashes of creators' pseudonyms; the pseudonyms themselves are stored nowhere any more
    """

    key: bytes
    videos: frozenset[str] = frozenset()
    creators: frozenset[str] = frozenset()

    def without(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return a kept page without the posts that are forgotten."""
        return {**body, "posts": [post for post in body["posts"] if not self._names(post)]}

    def _names(self, post: Mapping[str, Any]) -> bool:
        creator = post["author"].get("uid")
        if self.creators and creator and pseudonym(self.key, creator) in self.creators:
            return True
        return bool(self.videos) and pseudonym(self.key, str(post["aweme_id"])) in self.videos


def forgotten(records: Records, key: bytes) -> Forgotten:
    """Return the videos and creators that the records list as forgotten."""
    saved = records.value(FORGOTTEN) or {"videos": [], "creators": []}
    return Forgotten(key, frozenset(saved["videos"]), frozenset(saved["creators"]))


def remember_forgotten(
    records: Records, key: bytes, videos: Collection[str], creators: Collection[str], now: datetime
) -> None:
    """Keep videos (ids) and creators (pseudonyms) out of everything that is fetched from now on."""
    before = forgotten(records, key)
    value = {
        "videos": sorted(before.videos.union(pseudonym(key, video) for video in videos)),
        "creators": sorted(before.creators.union(pseudonym(key, creator) for creator in creators)),
    }
    records.put_value(FORGOTTEN, value, now)


def erase(lake: Lake, videos: Collection[str], creators: Collection[str]) -> dict[str, int]:
    """Erase videos (ids), and creators (pseudonyms) with all their posts; return the rows changed by table.

    The followers of a creator and the uses of a sound go with the last video that names them. Older versions of the
    tables still hold everything until `lake.vacuum`.
    """
    catalogue = lake.read(VIDEOS.name, columns=["video_id", "creator_id", "sound_id"])
    erased = catalogue.filter(pl.col("video_id").is_in(list(videos)) | pl.col("creator_id").is_in(list(creators)))
    ids = sorted({*videos, *erased["video_id"]})
    left = catalogue.filter(~pl.col("video_id").is_in(ids))
    people, sounds = (sorted(set(erased[name].drop_nulls()) - set(left[name].drop_nulls())) for name in ORPHANED)
    people += creators
    return {
        RAW.name: _erase_raw(lake, ids, list(creators)),
        VIDEOS.name: _erase_rows(lake, VIDEOS.name, pl.col("video_id").is_in(ids)),
        VIDEO_SNAPSHOTS.name: _erase_rows(lake, VIDEO_SNAPSHOTS.name, pl.col("video_id").is_in(ids)),
        CREATOR_SNAPSHOTS.name: _erase_rows(lake, CREATOR_SNAPSHOTS.name, pl.col("creator_id").is_in(people)),
        SOUND_SNAPSHOTS.name: _erase_rows(lake, SOUND_SNAPSHOTS.name, pl.col("sound_id").is_in(sounds)),
    }


def _erase_rows(lake: Lake, table: str, condition: pl.Expr) -> int:
    columns = sorted({"window", *condition.meta.root_names()})
    hit = lake.read(table, columns=columns).filter(condition)
    for start, end in days_of(hit["window"]):
        rows = lake.read(table, start=start, end=end)
        lake.replace(table, rows.filter(~condition.fill_null(value=False)), start, end)
    return hit.height


def _erase_raw(lake: Lake, videos: list[str], creators: list[str]) -> int:
    """Remove posts from the bodies of raw pages, and ids from their parameters."""
    changed = 0
    for start, end in days_in(lake, RAW.name):
        rows = lake.read(RAW.name, start=start, end=end)
        bodies = [_body_without(body, set(videos), set(creators)) for body in rows["body"]]
        new_params = [_params_without(params, videos) for params in rows["params"]]
        after = rows.with_columns(pl.Series("body", bodies, pl.Binary), pl.Series("params", new_params, pl.String))
        differs = after["body"].ne_missing(rows["body"]) | (after["params"] != rows["params"])
        if differs.any():
            lake.replace(RAW.name, after, start, end)
            changed += int(differs.sum())
    return changed


def _body_without(body: bytes | None, videos: set[str], creators: set[str]) -> bytes | None:
    if body is None:
        return None
    page = unpack(body)
    kept = [
        post
        for post in page["posts"]
        if str(post["aweme_id"]) not in videos and post["author"].get("uid") not in creators
    ]
    if len(kept) == len(page["posts"]) and UNREADABLE.isdisjoint(page.get("set_aside", {})):
        return body
    return pack({**page, "posts": kept})


def _params_without(params: str, videos: list[str]) -> str:
    for video in videos if "ids" in params else ():
        params = params.replace(video, TORN_ID)
    return params
