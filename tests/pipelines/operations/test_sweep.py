"""What older versions kept of people is found everywhere in the lake, counted and erased, once."""

from datetime import UTC, datetime, timedelta

import polars as pl

from core.tables import RAW, SOUND_SNAPSHOTS, VIDEOS
from pipelines.normalise.raw import keep, pack, unpack
from pipelines.normalise.tables import normalise
from pipelines.operations.sweep import sweep
from storage.memory.lake import MemoryLake
from tests.support.awemes import aweme
from tests.support.raw_pages import KEY, frame, raw

AT = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)
DAY = timedelta(days=1)
OLD_CAPTION, OLD_TITLE = "book at +44 20 7946 0958 or ig: jane_roe #a", "sunet original - Jane Roe"


def older_lake() -> MemoryLake:
    """A lake with a page as an older version kept it, a page of today, and the tables made of both then."""
    old = raw([aweme(1, ["a"])], "r1", AT)
    page = unpack(old["body"])
    page["posts"][0] |= {"desc": OLD_CAPTION, "music": {"mid": "9", "user_count": None, "title": OLD_TITLE}}
    rows = frame(old | {"body": pack(page)}, raw([aweme(2, ["a"])], "r2", AT), raw(None, "r3", AT) | {"body": None})
    lake = MemoryLake({table.name: table for table in (RAW, VIDEOS, SOUND_SNAPSHOTS)})
    lake.replace(RAW.name, rows, AT - DAY, AT + DAY)
    made = normalise(rows.filter(pl.col("body").is_not_null())).frames
    captions = [
        OLD_CAPTION if video == "1" else caption
        for video, caption in made["videos"].select("video_id", "caption").rows()
    ]
    lake.replace(VIDEOS.name, made["videos"].with_columns(caption=pl.Series(captions)), AT - DAY, AT + DAY)
    sounds = [
        {"sound_id": "9", "title": OLD_TITLE, "uses": None, "licensed": None},
        {"sound_id": "8", "title": OLD_TITLE, "uses": 4, "licensed": None},
        {"sound_id": "7", "title": "Song", "uses": 4, "licensed": True},
        {"sound_id": "6", "title": "original sound - jane", "uses": 4, "licensed": True},
    ]
    window = made["sound_snapshots"]["window"][0]
    stored = pl.DataFrame([row | {"fetched_at": AT, "window": window} for row in sounds], schema=SOUND_SNAPSHOTS.schema)
    lake.replace(SOUND_SNAPSHOTS.name, stored, AT - DAY, AT + DAY)
    return lake


def test_all_of_it_is_found_and_the_rest_stays() -> None:
    lake = older_lake()
    assert sweep(lake) == {
        "captions in raw": 1, "captions in videos": 1, "titles in raw": 1, "titles in sound_snapshots": 3,
    }  # fmt: skip
    assert set(lake.read("videos")["caption"]) == {"book at or #a", "look #a"}
    sounds = lake.read("sound_snapshots").select("sound_id", "title", "uses", "licensed").rows()
    assert sounds == [("6", None, 4, None), ("7", "Song", 4, True), ("8", None, 4, None)]
    old, new, none = lake.read("raw")["body"]
    assert none is None
    assert unpack(old)["posts"][0]["desc"] == "book at or #a"
    assert unpack(old)["posts"][0]["music"] == {"mid": "9", "user_count": None}
    assert unpack(new) == keep([aweme(2, ["a"])], KEY).body


def test_a_second_sweep_finds_nothing_and_writes_nothing() -> None:
    lake = older_lake()
    sweep(lake)
    versions = [lake.version(name) for name in ("raw", "videos", "sound_snapshots")]
    assert not any(sweep(lake).values())
    assert [lake.version(name) for name in ("raw", "videos", "sound_snapshots")] == versions


def test_what_is_made_again_from_an_unswept_page_holds_no_title() -> None:
    """A title that an older version kept has no mark, so that a rebuild does not bring it back."""
    titles = normalise(older_lake().read("raw").filter(pl.col("body").is_not_null())).frames["sound_snapshots"]
    assert titles["title"].to_list() == ["Song of May"]
