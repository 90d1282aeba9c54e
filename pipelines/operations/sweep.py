"""Finds and erases what older versions of the software kept of people: names in titles, contacts in captions.

The rules of today go over the whole lake, a day at a time. What passes them already is left alone, so that after a stop
in the middle the next run goes on, and a second run finds nothing.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from core.tables import RAW, SOUND_SNAPSHOTS, VIDEOS
from pipelines.normalise.captions import without_personal_data
from pipelines.normalise.privacy import names_a_person
from pipelines.normalise.raw import pack, unpack
from pipelines.operations.days import days_in
from storage.lake.interface import Lake


def sweep(lake: Lake) -> dict[str, int]:
    """Erase personal data from the lake; return what was erased: captions and titles, by table.

    A title is erased unless it was kept because the platform calls its sound licensed. Older versions of the tables
    still hold everything until `lake.vacuum`.
    """
    captions, titles = _sweep_raw(lake)
    return {
        "captions in raw": captions,
        "captions in videos": _sweep_videos(lake),
        "titles in raw": titles,
        "titles in sound_snapshots": _sweep_sounds(lake),
    }


def _sweep_raw(lake: Lake) -> tuple[int, int]:
    captions = titles = 0
    for start, end in days_in(lake, RAW.name):
        rows = lake.read(RAW.name, start=start, end=end)
        bodies: list[bytes | None] = []
        erased = 0
        for body in rows["body"]:
            page = None if body is None else unpack(body)
            swept = [_sweep_post(post) for post in page["posts"]] if page else []
            captions += sum(caption for _, caption, _ in swept)
            titles += sum(title for _, _, title in swept)
            changed = any(caption or title for _, caption, title in swept)
            erased += changed
            bodies.append(pack({**page, "posts": [post for post, _, _ in swept]}) if page and changed else body)
        if erased:
            lake.replace(RAW.name, rows.with_columns(pl.Series("body", bodies, pl.Binary)), start, end)
    return captions, titles


def _sweep_post(post: Mapping[str, Any]) -> tuple[dict[str, Any], bool, bool]:
    """Return a kept post as the rules of today keep it, whether its caption changed, and whether its title went."""
    caption, music = post.get("desc"), post.get("music") or {}
    clean = without_personal_data(caption) if isinstance(caption, str) else caption
    title = music.get("title")
    personal = title is not None and not _may_stay(title, music.get("licensed"))
    kept = {name: value for name, value in music.items() if not personal or name not in ("title", "licensed")}
    return {**post, "desc": clean, "music": kept}, clean != caption, personal


def _sweep_videos(lake: Lake) -> int:
    erased = 0
    for start, end in days_in(lake, VIDEOS.name):
        rows = lake.read(VIDEOS.name, start=start, end=end)
        clean = [None if caption is None else without_personal_data(caption) for caption in rows["caption"]]
        after = rows.with_columns(pl.Series("caption", clean, pl.String))
        changed = int(after["caption"].ne_missing(rows["caption"]).sum())
        if changed:
            lake.replace(VIDEOS.name, after, start, end)
            erased += changed
    return erased


def _sweep_sounds(lake: Lake) -> int:
    """Erase titles; a row that holds nothing else goes with its title."""
    erased = 0
    for start, end in days_in(lake, SOUND_SNAPSHOTS.name):
        rows = lake.read(SOUND_SNAPSHOTS.name, start=start, end=end)
        marks = zip(rows["title"], rows["licensed"], strict=True)
        personal = pl.Series([title is not None and not _may_stay(title, licensed) for title, licensed in marks])
        if personal.any():
            title, licensed = (pl.when(~personal).then(pl.col(name)) for name in ("title", "licensed"))
            after = rows.with_columns(title=title, licensed=licensed).filter(~(personal & pl.col("uses").is_null()))
            lake.replace(SOUND_SNAPSHOTS.name, after, start, end)
            erased += int(personal.sum())
    return erased


def _may_stay(title: str, licensed: Any) -> bool:
    return licensed is True and not names_a_person(title, ())
