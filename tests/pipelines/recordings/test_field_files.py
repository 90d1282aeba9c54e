"""Files made after public reports of people who do this job: every post of them is there, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.recordings.normalisation import Normalisation, normalise_file
from sources.recordings.loading import load_recording
from tests.support.paths import SHARED_DATA
from tests.support.requirements import require_data

FIELD = SHARED_DATA / "field"
KEY = b"test key"
COLLECTED = datetime(2025, 10, 20, 6, 3, 48, tzinfo=UTC)
ASKED_US = 1_700_000_000_000_000
EXPECTED: dict[str, tuple[int, int, dict[str, int]]] = {
    "c01_iteminfo_itemstruct.jsonl": (1, 0, {}),
    "c02_pretty_printed.json": (1, 0, {}),
    "c02b_pretty_array.json": (3, 0, {}),
    "c03_itemlist.jsonl": (15, 0, {}),
    "c03b_web_search.jsonl": (4, 0, {"not a video card": 1}),
    "c04_zeeschuimer.ndjson": (3, 0, {}),
    "c05_author_is_a_string.jsonl": (3, 0, {}),
    "c06_hashtag_search.jsonl": (0, 4, {}),
    "c06b_challenge_detail.jsonl": (0, 1, {}),
    "c06c_hashtag_object.jsonl": (0, 1, {}),
    "c07_apify_rows.jsonl": (3, 0, {}),
    "c08_research_api.jsonl": (3, 0, {}),
    "c08b_research_rows.jsonl": (3, 0, {}),
    "c08c_research_rows_asked_for.jsonl": (3, 0, {}),
    "c09_lone_surrogate_in_a_page.jsonl": (21, 0, {}),
    "c10_nan.jsonl": (3, 0, {}),
    "c11_nul_in_text.jsonl": (3, 0, {}),
    "c11b_nul_bytes_in_file.jsonl": (3, 0, {}),
    "c12_utf8_bom.jsonl": (3, 0, {}),
    "c12b_utf16_powershell.jsonl": (3, 0, {}),
    "c13_short_counts_float_ids.jsonl": (1, 0, {"a video id that was rounded": 2}),
    "c14_body_is_text.jsonl": (3, 0, {}),
    "c15_same_to_the_eye.jsonl": (16, 0, {}),
    "c16_no_author_live_gone.jsonl": (1, 0, {"a live room": 1, "a removed post": 1}),
    "c19_times_people_write.jsonl": (14, 0, {}),
    "c20_sounds_named_after_people.jsonl": (16, 0, {}),
    "hard/at0001.jsonl": (10, 0, {"unknown shape: aweme_id, fetched_at": 1}),
    "hard/cr.jsonl": (10, 0, {}),
    "hard/crlf.jsonl": (10, 0, {}),
    "hard/deep.jsonl": (10, 0, {"not JSON": 1}),
    "hard/deep900.jsonl": (10, 0, {"nested too deeply": 1}),
    "hard/dupkey.jsonl": (0, 0, {"unknown shape: aweme_id": 1}),
    "hard/trunc10.gz": (0, 0, {"the compressed file is cut off": 1}),
    "hard/u2028.jsonl": (10, 0, {}),
}
SAME_ID_TWICE = ("deeplist", "digits", "hugeint", "latin1", "surr", "unhash")
"""Files whose odd post has the id and time of a whole one beside it."""


def normalised(name: str, out: Path, **options: Any) -> Normalisation:
    require_data(FIELD / name)
    result = normalise_file(FIELD / name, out, KEY, **options)
    assert result.accepted + result.duplicates + result.quarantined.total() == result.items
    return result


def read(out: Path, part: str) -> pl.DataFrame:
    return pl.read_parquet(out / f"{part}.parquet")


@pytest.mark.parametrize("name", EXPECTED)
def test_every_item_of_a_file_is_accounted_for(name: str, tmp_path: Path) -> None:
    posts, totals, aside = EXPECTED[name]
    result = normalised(name, tmp_path)
    assert (result.accepted, result.duplicates, result.totals, result.quarantined) == (posts, 0, totals, aside)


@pytest.mark.parametrize("name", SAME_ID_TWICE)
def test_an_odd_post_costs_nothing_beside_it(name: str, tmp_path: Path) -> None:
    result = normalised(f"hard/{name}.jsonl", tmp_path, fetched=ASKED_US)
    assert (result.items, result.accepted, result.duplicates, result.quarantined) == (11, 10, 1, {})


def test_random_bytes_hold_nothing(tmp_path: Path) -> None:
    result = normalised("hard/binary.jsonl", tmp_path)
    assert result.accepted == 0
    assert set(result.quarantined) == {"not JSON"}


def test_times_come_from_the_row_before_the_file(tmp_path: Path) -> None:
    result = normalised("c04_zeeschuimer.ndjson", tmp_path)
    assert result.times == {"row": 3}
    minutes = [(time - COLLECTED).total_seconds() / 60 for time in read(tmp_path, "video_snapshots")["fetched_at"]]
    assert minutes == [0, 1, 2]


def test_times_are_read_as_people_write_them(tmp_path: Path) -> None:
    result = normalised("c19_times_people_write.jsonl", tmp_path)
    assert result.times == {"row": 12, "file": 2}
    times = read(tmp_path, "video_snapshots").sort("video_id")["fetched_at"].to_list()
    rounded = [time.replace(microsecond=0) for time in times]
    to_the_minute = COLLECTED.replace(second=0)
    assert rounded[:11] == [*[COLLECTED] * 4, to_the_minute, *[COLLECTED] * 6]
    assert rounded[11] == datetime(2025, 10, 26, 2, 30, tzinfo=UTC)
    assert [time.microsecond for time in (times[2], times[7], times[9])] == [123_456, 500_000, 123_456]


def test_web_items_whose_author_is_a_text_keep_their_creator(tmp_path: Path) -> None:
    normalised("c05_author_is_a_string.jsonl", tmp_path / "text")
    normalised("c03_itemlist.jsonl", tmp_path / "object")
    ids = {row["video_id"]: row["creator_id"] for row in read(tmp_path / "object", "videos").iter_rows(named=True)}
    for row in read(tmp_path / "text", "videos").iter_rows(named=True):
        assert row["creator_id"] is not None
        assert ids.get(row["video_id"], row["creator_id"]) == row["creator_id"]


@pytest.mark.parametrize(
    "name", ["c06_hashtag_search.jsonl", "c06b_challenge_detail.jsonl", "c06c_hashtag_object.jsonl"]
)
def test_totals_of_hashtags_are_those_of_the_page(name: str, tmp_path: Path) -> None:
    normalised(name, tmp_path)
    first = read(tmp_path, "hashtag_snapshots").sort("hashtag").row(0, named=True)
    assert (first["hashtag"], first["views_total"], first["videos_total"]) == ("testtag18", 503_200_000_000, 42_100_000)
    assert first["fetched_at"] == COLLECTED


def test_rows_of_rented_actors_and_of_the_research_api_are_whole(tmp_path: Path) -> None:
    normalised("c07_apify_rows.jsonl", tmp_path / "a")
    reading = read(tmp_path / "a", "video_snapshots").sort("video_id").row(0, named=True)
    names = ("plays", "likes", "comments", "shares", "saves", "creator_followers")
    assert [reading[name] for name in names] == [14_200_000, 866_000, 18_900, 34_700, 59_100, 427_700]
    video = read(tmp_path / "a", "videos").sort("video_id").row(0, named=True)
    assert (video["hashtags"], video["region"], video["duration_s"]) == (["testtag10", "testtag11"], "US", 35.0)
    assert video["creator_id"]
    normalised("c08_research_api.jsonl", tmp_path / "r")
    reading = read(tmp_path / "r", "video_snapshots").sort("video_id").row(0, named=True)
    assert [reading[name] for name in names] == [12_000, 340, 12, 5, None, None]
    video = read(tmp_path / "r", "videos").sort("video_id").row(0, named=True)
    assert (video["hashtags"], video["region"], video["duration_s"]) == (["testtag1", "testtag2"], "US", 31.0)
    assert video["created_at"] == datetime.fromtimestamp(1_760_900_000, UTC)
    assert video["sound_id"] == "6900000000000000009"


def test_counts_that_are_short_are_rounded_and_those_that_are_no_number_are_lost(tmp_path: Path) -> None:
    result = normalised("c13_short_counts_float_ids.jsonl", tmp_path)
    reading = read(tmp_path, "video_snapshots").row(0, named=True)
    names = ("plays", "likes", "comments", "shares", "saves", "rounded")
    assert [reading[name] for name in names] == [1_200_000, 317_400, 1_203, 12, 4_500, "plays,likes,saves"]
    assert (result.rounded, result.lost) == ({"plays": 1, "likes": 1, "saves": 1}, {})
    result = normalised("c10_nan.jsonl", tmp_path)
    saves = read(tmp_path, "video_snapshots").sort("video_id")["saves"].to_list()
    assert (saves, result.lost) == ([0, None, 0], {"saves": 1})


def test_texts_and_hashtags_are_clean(tmp_path: Path) -> None:
    normalised("c11_nul_in_text.jsonl", tmp_path)
    videos = read(tmp_path, "videos").sort("video_id")
    assert videos["hashtags"].to_list() == [["testtag1"]] * 3
    assert videos["region"].to_list() == ["US"] * 3
    assert all("\x00" not in caption for caption in videos["caption"])


def test_a_post_without_an_author_has_none(tmp_path: Path) -> None:
    normalised("c16_no_author_live_gone.jsonl", tmp_path)
    assert read(tmp_path, "videos")["creator_id"].to_list() == [None]


def test_folders_that_spark_wrote_are_read_like_files() -> None:
    require_data(FIELD / "c18_spark")
    recording = load_recording([FIELD / "c18_spark"])
    assert recording.videos is not None
    assert recording.video_snapshots is not None
    assert (recording.videos.height, recording.video_snapshots.height) == (4, 120)
