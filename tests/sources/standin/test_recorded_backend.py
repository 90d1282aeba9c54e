from datetime import timedelta

import pytest

from core.windows import HOUR
from sources.recordings.loading import load_recording
from sources.standin.aweme import aweme
from sources.standin.backend import Sorting
from sources.standin.recorded_backend import RecordingBackend
from tests.support.paths import SHARED_DATA
from tests.support.small_worlds import READ_AT, small_recording

SECOND = timedelta(seconds=1)
FIRST, SECOND_ID, THIRD = "7000000000000000001", "7000000000000000002", "7000000000000000003"
REAL = SHARED_DATA / "videos-vn"


def ids(backend: RecordingBackend, name: str, hours: float) -> list[str]:
    return [post.post_id for post in backend.hashtag_page(name, READ_AT + hours * HOUR, 0).posts]


def test_a_post_is_there_from_its_first_reading_on() -> None:
    backend = small_recording()
    assert ids(backend, "dance", -0.1) == []
    assert ids(backend, "dance", 0) == [FIRST]
    assert ids(backend, "dance", 1) == [SECOND_ID, FIRST]
    assert ids(backend, "dance", 2) == [FIRST, SECOND_ID]
    assert ids(backend, "nosuchtag", 2) == []


def test_the_last_reading_at_or_before_the_clock_is_served() -> None:
    backend = small_recording()
    (before,) = backend.posts([FIRST], READ_AT + 2 * HOUR - SECOND)
    (after,) = backend.posts([FIRST], READ_AT + 2 * HOUR)
    assert (before.counters.plays, before.counters.likes, before.counters.shares) == (100, 10, None)
    assert (after.counters.plays, after.counters.likes) == (None, 12)
    assert "play_count" not in aweme(after)["statistics"]
    assert backend.posts([FIRST, "123"], READ_AT - SECOND) == ()


def test_ids_and_handles_are_the_recordings_own() -> None:
    first, third = small_recording().posts([FIRST, THIRD], READ_AT + 9 * HOUR)
    assert (first.account.handle, first.text, first.duration_s) == ("anna", "Look at my Dance", 12.5)
    assert (third.account.uid, third.created_s, third.sound) == ("680001", 0, None)
    assert first.sound is not None
    assert first.sound.sound_id == "71"
    post = aweme(first)
    assert post["desc"] == "Look at my Dance #dance #fyp"
    assert [span["hashtag_name"] for span in post["text_extra"]] == ["dance", "fyp"]


def test_totals_are_the_recorded_ones_or_else_the_last_known_plays() -> None:
    backend = small_recording()

    def views(name: str, hours: float) -> int | None:
        totals = backend.totals(name, READ_AT + hours * HOUR)
        return totals.views if totals else None

    assert [views("fyp", hours) for hours in (-1, 0, 0.5, 1, 9)] == [None, 5_000, 5_000, 6_000, 6_000]
    assert [views("dance", hours) for hours in (-1, 0, 1, 9)] == [None, 100, 140, 140]
    assert views("booktok", 5) == 900
    assert backend.hashtag_page("booktok", READ_AT, 0).posts == ()


def test_a_search_looks_into_captions_and_hashtags() -> None:
    backend = small_recording()
    late = READ_AT + 9 * HOUR

    def found(keyword: str, period: int = 0, sorting: Sorting = Sorting.RECENT, exactly: bool = False) -> list[str]:
        return [post.post_id for post in backend.search(keyword, late, period, sorting, 0, 20, exactly).posts]

    assert found("DANCE") == [SECOND_ID, FIRST]
    assert found("dan") == [SECOND_ID, FIRST]
    assert found("dan", exactly=True) == []
    assert found("dance", exactly=True) == [SECOND_ID, FIRST]
    assert found("dance", period=1) == [SECOND_ID]
    assert found("dance", sorting=Sorting.LIKES) == [SECOND_ID, FIRST]
    assert found("") == []


def test_recent_posts_are_walked_in_chunks() -> None:
    backend = small_recording()
    walk = backend.recent("dance", READ_AT + 2 * HOUR, 1, 20)
    assert ([post.post_id for post in walk.posts], walk.chunks) == ([SECOND_ID], 1)


def test_busy_tags_are_those_read_most() -> None:
    backend = small_recording()
    assert backend.busy_tags(READ_AT + 2 * HOUR, 9) == ["dance", "fyp", "booktok"]
    assert RecordingBackend(None, None, None).busy_tags(READ_AT, 3) == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the real recordings (../shared/data) are not here")
def test_a_real_recording_is_served_whole() -> None:
    recording = load_recording([REAL])
    backend = RecordingBackend(recording.videos, recording.video_snapshots, recording.hashtag_snapshots)
    tag = backend.busy_tags(recording.last, 1)[0]
    seen: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        page = backend.hashtag_page(tag, recording.last, cursor, 500)
        seen += [post.post_id for post in page.posts]
        cursor = page.next_cursor
    assert recording.videos is not None
    assert recording.video_snapshots is not None
    read = recording.videos.join(recording.video_snapshots, on="video_id", how="semi")
    assert len(seen) == len(set(seen)) == read["hashtags"].list.contains(tag).sum()
