"""Metrics of a recording against the slow reference: two weeks of each of the real ones, in the middle of them."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from core.windows import DAY, HOUR, window_ends
from pipelines.metrics.parts import WindowRange
from pipelines.recordings.metrics import recording_metrics
from sources.recordings.loading import Recording, load_recording
from tests.support.paths import SHARED_DATA
from tests.support.reference_metrics import all_windows, assert_equal
from tests.support.requirements import require_data

FORTNIGHT = 14 * DAY


def some_of(folder: str, tags: list[str], start: datetime, end: datetime) -> Recording:
    """The readings of a recording in (start, end] of some of its hashtags."""
    require_data(SHARED_DATA / folder)
    whole = load_recording([SHARED_DATA / folder])
    inside = pl.col("fetched_at").is_between(start, end, closed="right")
    if whole.hashtag_snapshots is not None:
        return replace(whole, hashtag_snapshots=whole.hashtag_snapshots.filter(pl.col("hashtag").is_in(tags) & inside))
    assert whole.videos is not None
    assert whole.video_snapshots is not None
    hashtags = pl.col("hashtags").list.eval(pl.element().filter(pl.element().is_in(tags)))
    videos = whole.videos.with_columns(hashtags).filter(pl.col("hashtags").list.len() > 0)
    readings = whole.video_snapshots.filter(inside).join(videos.select("video_id"), "video_id", "semi")
    return replace(whole, videos=videos, video_snapshots=readings)


def reference(recording: Recording, start: datetime, span: WindowRange) -> list[dict[str, object]]:
    """What the slow reference says, going through all windows from `start`."""
    videos, readings, totals = [], [], []
    if recording.videos is not None and recording.video_snapshots is not None:
        videos = recording.videos.with_columns(creator_id="creator_handle").to_dicts()
        tagged = recording.videos.select("video_id", hashtag="hashtags").explode("hashtag")
        readings = recording.video_snapshots.join(tagged, on="video_id").to_dicts()
    if recording.hashtag_snapshots is not None:
        totals = recording.hashtag_snapshots.to_dicts()
    ends = list(window_ends(start, span.end, span.length))
    rows = all_windows(readings, totals, videos, ends, span.length)
    return [row for row in rows if row["window_end"] > span.start]


def test_two_weeks_of_recorded_totals() -> None:
    start = datetime(2025, 6, 20, tzinfo=UTC)
    span = WindowRange(start + DAY, start + DAY + FORTNIGHT, HOUR)
    recording = some_of("hashtag-views", ["kindredscurse", "wildefae", "gracereilly"], start, span.end)
    rows = recording_metrics(recording, span).drop("window").to_dicts()
    assert sum(row["z_14d"] is not None for row in rows) > 100
    assert_equal(rows, reference(recording, start, span))


def test_two_weeks_of_recorded_videos() -> None:
    start = datetime(2025, 5, 25, tzinfo=UTC)
    span = WindowRange(start + DAY, start + DAY + FORTNIGHT, HOUR)
    recording = some_of("videos-vn", ["douyin", "thinhhanh", "xhtiktok"], start, span.end)
    rows = recording_metrics(recording, span).drop("window").to_dicts()
    assert sum(row["views_increment"] is not None for row in rows) > 20
    assert_equal(rows, reference(recording, start, span))


def test_windows_of_three_hours_in_the_middle_of_a_long_recording() -> None:
    begin, start = datetime(2025, 5, 20, tzinfo=UTC), datetime(2025, 6, 20, tzinfo=UTC)
    span = WindowRange(start, start + 2 * DAY, 3 * HOUR)
    recording = some_of("hashtag-views", ["kindredscurse", "wildefae", "hellsbelles"], begin, span.end)
    rows = recording_metrics(recording, span).drop("window").to_dicts()
    assert begin + 3 * HOUR in {row["first_detected_at"] for row in rows}
    assert_equal(rows, reference(recording, begin, span))
