"""The metrics of one part of the lake's hashtags over a stretch of windows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import polars as pl

from core.metrics_merge import TallyTables, merged, tables_of
from core.metrics_readings import with_tags
from core.metrics_state import MetricState
from core.metrics_window import observe, rows_of_windows, taken_in
from core.windows import window_ends
from pipelines.metrics import load_state
from pipelines.parts import Part, Stretch
from storage.lake import Lake

WINDOWS_AT_ONCE = 24
_VIDEOS = ("video_id", "created_at", "creator_id", "sound_id")
_READINGS = ("hashtag", "video_id", "fetched_at", "plays", "likes", "comments", "shares", "saves")
_TOTALS = ("hashtag", "fetched_at", "views_total")


def part_rows(lake: Lake, part: Part, stretch: Stretch) -> pl.DataFrame:
    """Return the rows of a stretch's windows, of a whole bucket, without what compares hashtags."""
    state = load_state(lake, stretch.start, stretch.length, part)
    frames = []
    for stop in stops(stretch):
        totals = _totals_read(lake, part.bucket, state, stop)
        known, readings = taken_in(with_tags(state, totals), stop, *_videos_read(lake, part, state, stop))
        observation = observe(known, readings, stop)
        state = observation.known if stop == stretch.end else observation.state_after(stop)
        rows, state = rows_of_windows(state, stop, observation.tally, totals)
        frames.append(rows)
    return pl.concat(frames)


def part_tally(lake: Lake, part: Part, stretch: Stretch) -> TallyTables:
    """Return what the videos of a piece of a bucket add up to in the windows of a stretch."""
    state = load_state(lake, stretch.start, stretch.length, part)
    tables = []
    for stop in stops(stretch):
        ends = list(window_ends(state.as_of, stop, stretch.length))
        observation = observe(*taken_in(state, stop, *_videos_read(lake, part, state, stop)), stop)
        tables.append(tables_of(observation.tally, observation.known.tags, ends, stretch.length))
        if stop < stretch.end:
            state = replace(observation.state_after(stop), as_of=stop)
    return TallyTables.stacked(tables)


def merged_rows(lake: Lake, bucket: int, tables: TallyTables, stretch: Stretch) -> pl.DataFrame:
    """Return the rows of a bucket from the tallies of its pieces, as `part_rows` does of a whole one."""
    state = load_state(lake, stretch.start, stretch.length, Part(bucket), videos=False)
    frames = []
    for stop in stops(stretch):
        totals = _totals_read(lake, bucket, state, stop)
        state = with_tags(state, tables.sums, totals)
        ends = list(window_ends(state.as_of, stop, stretch.length))
        rows, state = rows_of_windows(state, stop, merged(tables, state.tags, ends, stretch.length), totals)
        frames.append(rows)
    return pl.concat(frames)


def stops(stretch: Stretch) -> Iterator[datetime]:
    """Yield where to stop on the way through a stretch, so that only so many windows are in memory at once."""
    moment = stretch.start
    while moment < stretch.end:
        moment = min(stretch.end, moment + WINDOWS_AT_ONCE * stretch.length)
        yield moment


def _videos_read(lake: Lake, part: Part, state: MetricState, end: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a part's readings of videos up to `end`, and the videos among them that are new."""
    start, buckets = state.as_of, [part.bucket]
    readings = part.of(
        lake.read("video_snapshots", start=start, end=end, columns=_READINGS, buckets=buckets, ordered=False)
    )
    videos = lake.read("videos", start=start, end=end, columns=_VIDEOS, ordered=False)
    return readings, videos.join(readings.select("video_id"), "video_id", "semi")


def _totals_read(lake: Lake, bucket: int, state: MetricState, end: datetime) -> pl.DataFrame:
    return lake.read("hashtag_snapshots", start=state.as_of, end=end, columns=_TOTALS, buckets=[bucket])
