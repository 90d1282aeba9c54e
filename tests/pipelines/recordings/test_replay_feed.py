from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.tables import FETCHED
from core.windows import window_end
from pipelines.normalise.privacy import pseudonym
from pipelines.normalise.tables import NORMALISED_TABLES
from pipelines.recordings.replay_feed import Replay, ReplayFeed
from sources.recordings.loading import Recording, load_recording
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.paths import SHARED_DATA
from tests.support.requirements import require_data

T0 = datetime(2025, 5, 14, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEY = b"test key"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    pl.DataFrame(
        {
            "video_id": ["1", "2", "3"],
            "created_at": [T0, T0, T0],
            "creator_handle": ["somebody", "else", "unread"],
            "hashtags": [["a", "b"], [], ["c"]],
            "caption": ["see @somebody  #a", None, None],
            "sound_id": ["9", "8", "8"],
            "sound_title": ["original sound - somebody", "Song", "Song"],
        }
    ).write_parquet(tmp_path / "videos.parquet")
    times = [T0 + 3 * MINUTE, T0 + 9 * MINUTE, T0 + 20 * MINUTE, T0 + 20 * MINUTE]
    pl.DataFrame(
        {
            "video_id": ["1", "1", "1", "2"],
            "fetched_at": times,
            "plays": [5, 7, 9, 1],
            "likes": [1, 1, 1, 1],
            "comments": [1, 1, 1, 1],
            "shares": [1, None, 1, 1],
            "creator_followers": [10, 11, 0, 5],
            "sound_uses": [None, 4, 4, 2],
        }
    ).write_parquet(tmp_path / "video_snapshots.parquet")
    pl.DataFrame(
        {"hashtag": ["a", "a"], "fetched_at": [T0 + 5 * MINUTE, T0 + 15 * MINUTE], "views_total": [100, 110]}
    ).write_parquet(tmp_path / "hashtag_snapshots.parquet")
    return load_recording([tmp_path])


def test_a_window_holds_its_last_reading(recording: Recording) -> None:
    frames = ReplayFeed(recording, KEY).frames(T0, T0 + 15 * MINUTE)
    assert frames["video_snapshots"].select("hashtag", "video_id", "plays", "shares").rows() == [
        ("a", "1", 7, None),
        ("b", "1", 7, None),
    ]
    assert frames["hashtag_snapshots"]["views_total"].to_list() == [110]
    assert frames["creator_snapshots"].select("creator_id", "followers").rows() == [(pseudonym(KEY, "somebody"), 11)]
    assert frames["sound_snapshots"].select("sound_id", "uses", "title").rows() == [("9", 4, None)]
    assert frames["videos"]["caption"].to_list() == ["see #a"]


def test_titles_stay_only_where_the_recording_calls_the_sound_licensed(tmp_path: Path, recording: Recording) -> None:
    videos = pl.read_parquet(tmp_path / "videos.parquet")
    titles = ["Song by Somebody", "sunet original - Jane Roe", "Song"]
    for licensed, kept in (
        ([True, None, True], {None, "Song"}),
        ([True, True, False], {None, "sunet original - Jane Roe"}),
    ):
        marked = videos.with_columns(
            sound_id=pl.Series(["7", "8", "9"]),
            sound_title=pl.Series(titles),
            sound_licensed=pl.Series(licensed, dtype=pl.Boolean),
        )
        marked.write_parquet(tmp_path / "videos.parquet")
        read = pl.DataFrame({"video_id": ["1", "2", "3"], "fetched_at": [T0 + MINUTE] * 3, "plays": [1, 1, 1]})
        counts = {name: pl.lit(1) for name in ("likes", "comments", "shares", "sound_uses")}
        read.with_columns(**counts).write_parquet(tmp_path / "video_snapshots.parquet")
        sounds = ReplayFeed(load_recording([tmp_path]), KEY).frames(T0, T0 + 15 * MINUTE)["sound_snapshots"]
        assert set(sounds["title"]) == kept
        assert sounds["licensed"].to_list() == [title is not None or None for title in sounds["title"]]


def test_a_video_is_given_in_the_window_of_its_first_reading(recording: Recording) -> None:
    feed = ReplayFeed(recording, KEY)
    assert feed.frames(T0, T0 + 15 * MINUTE)["videos"]["video_id"].to_list() == ["1"]
    assert feed.frames(T0 + 15 * MINUTE, T0 + 30 * MINUTE)["videos"]["video_id"].to_list() == ["2"]


def test_frames_have_the_schema_of_their_tables(recording: Recording) -> None:
    feed = ReplayFeed(recording, KEY)
    for start in (T0, T0 + timedelta(days=9)):
        frames = feed.frames(start, start + 15 * MINUTE)
        assert {name: dict(frame.schema) for name, frame in frames.items()} == {
            table.name: table.schema for table in NORMALISED_TABLES
        }


def test_running_twice_and_in_any_steps_leaves_the_same_tables(recording: Recording) -> None:
    lakes = []
    for steps in ((60,), (10, 13, 28, 28, 60), (15, 30, 45, 60)):
        lake, records = MemoryLake({table.name: table for table in FETCHED}), MemoryRecords()
        replay = Replay(ReplayFeed(recording, KEY), lake, records, T0)
        for step in steps:
            replay.run(T0 + step * MINUTE, T0 + step * MINUTE)
        lakes.append(lake)
    for table in NORMALISED_TABLES:
        first = lakes[0].read(table.name)
        assert first.height
        assert all(lake.read(table.name).equals(first) for lake in lakes[1:]), table.name


def test_the_result_says_where_its_rows_stand(recording: Recording) -> None:
    lake = MemoryLake({table.name: table for table in FETCHED})
    replay = Replay(ReplayFeed(recording, KEY), lake, MemoryRecords(), T0)
    for end in (T0 + 15 * MINUTE, T0 + 30 * MINUTE):
        result = replay.run(end, end)
        for name, frame in result.frames.items():
            assert lake.read_address(result.addresses[name]).equals(frame)
            assert (result.addresses[name].start, result.addresses[name].end) == (end - 15 * MINUTE, end)


def test_what_was_read_before_the_start_can_be_known_at_once(recording: Recording) -> None:
    lake, whole = (MemoryLake({table.name: table for table in FETCHED}) for _ in range(2))
    begin = T0 + 10 * MINUTE
    assert ReplayFeed(recording, KEY).fill(lake, begin) == 3
    assert ReplayFeed(recording, KEY).fill(lake, T0 - timedelta(days=1)) == 0
    Replay(ReplayFeed(recording, KEY), lake, MemoryRecords(), begin).run(T0 + 60 * MINUTE, T0 + 60 * MINUTE)
    Replay(ReplayFeed(recording, KEY), whole, MemoryRecords(), T0).run(T0 + 60 * MINUTE, T0 + 60 * MINUTE)
    for table in NORMALISED_TABLES:
        assert lake.read(table.name).equals(whole.read(table.name))


@pytest.mark.parametrize("name", ["videos-vn", "hashtag-views"])
def test_a_real_recording_is_given_out_whole_hour_by_hour(name: str) -> None:
    require_data(SHARED_DATA / name)
    feed = ReplayFeed(load_recording([SHARED_DATA / name]), KEY)
    end = window_end(feed.last, timedelta(hours=1))
    start = end - timedelta(hours=12)
    whole = feed.frames(start, end)
    hours = [feed.frames(start + timedelta(hours=n), start + timedelta(hours=n + 1)) for n in range(12)]
    for table in NORMALISED_TABLES:
        parts = pl.concat([frames[table.name] for frames in hours]).sort(*table.key, "window")
        assert parts.equals(whole[table.name]), table.name
