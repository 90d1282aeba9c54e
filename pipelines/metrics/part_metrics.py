"""The metrics of one part of the lake's hashtags over a range of windows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import polars as pl

from core.metrics.keyed_frame import Keys, keys_of
from core.metrics.observed import VideoReadings
from core.metrics.readings import with_tags, with_videos
from core.metrics.state import MetricState
from core.metrics.tally import TallyTables, merged, tables_of
from core.metrics.window import Observation, observe, rows_of_windows, taken_in
from core.windows import window_ends
from pipelines.metrics.metrics import load_state
from pipelines.metrics.parts import BucketPart, WindowRange
from storage.lake.interface import Lake

WINDOWS_AT_ONCE = 24
ROWS_AT_ONCE = 1_500_000
WINDOWS_READ_AT_ONCE = 6
_VIDEOS = ("video_id", "created_at", "creator_id", "sound_id", "window")
_READINGS = ("hashtag", "video_id", "fetched_at", "plays", "likes", "comments", "shares", "saves")
_TOTALS = ("hashtag", "fetched_at", "views_total")


def part_rows(lake: Lake, part: BucketPart, span: WindowRange) -> pl.DataFrame:
    """Return the rows of a whole bucket in a range of windows, without the columns that compare hashtags."""
    state = load_state(lake, span.start, span.length, part)
    frames = []
    for stop in stops(span, _windows_at_once(lake, part, span)):
        totals = _totals_read(lake, part.bucket, state, stop)
        observation = _observed(lake, part, with_tags(state, totals), stop)
        state = observation.before if stop == span.end else observation.state_after(stop)
        rows, state = rows_of_windows(state, stop, observation.tally, totals)
        frames.append(rows)
    return pl.concat(frames)


def part_tally(lake: Lake, part: BucketPart, span: WindowRange) -> TallyTables:
    """Return the tally of a piece of a bucket in a range of windows."""
    state = load_state(lake, span.start, span.length, part)
    tables = []
    for stop in stops(span):
        ends = list(window_ends(state.as_of, stop, span.length))
        observation = _observed(lake, part, state, stop)
        tables.append(tables_of(observation.tally, observation.before.tags, ends, span.length))
        if stop < span.end:
            state = replace(observation.state_after(stop), as_of=stop)
    return TallyTables.stacked(tables)


def merged_rows(lake: Lake, bucket: int, tables: TallyTables, span: WindowRange) -> pl.DataFrame:
    """Return the rows of a bucket from the tallies of its pieces, as `part_rows` returns those of a whole bucket."""
    state = load_state(lake, span.start, span.length, BucketPart(bucket), videos=False)
    frames = []
    for stop in stops(span):
        totals = _totals_read(lake, bucket, state, stop)
        state = with_tags(state, tables.sums, totals)
        ends = list(window_ends(state.as_of, stop, span.length))
        rows, state = rows_of_windows(state, stop, merged(tables, state.tags, ends, span.length), totals)
        frames.append(rows)
    return pl.concat(frames)


def _windows_at_once(lake: Lake, part: BucketPart, span: WindowRange) -> int:
    """Return how many windows of a bucket fit into memory at once, by their readings."""
    times = lake.read(
        "video_snapshots",
        start=span.start,
        end=span.end,
        columns=["window"],
        buckets=[part.bucket],
        ordered=False,
    )
    fitting = ROWS_AT_ONCE * len(list(window_ends(span.start, span.end, span.length))) // max(times.height, 1)
    return min(max(fitting, 1), WINDOWS_AT_ONCE)


def stops(span: WindowRange, windows: int = WINDOWS_AT_ONCE) -> Iterator[datetime]:
    """Yield the ends of steps of `windows` windows through a range, so that only one step is in memory at once."""
    moment = span.start
    while moment < span.end:
        moment = min(span.end, moment + windows * span.length)
        yield moment


def _observed(lake: Lake, part: BucketPart, state: MetricState, end: datetime) -> Observation:
    """Return what is observed of a part's videos in the windows up to `end`."""
    informed, readings = taken_in(state, end, _videos_read(lake, part, state, end))
    return observe(_with_videos(lake, informed, readings, end), readings, end)


def _videos_read(lake: Lake, part: BucketPart, state: MetricState, end: datetime) -> Iterator[pl.DataFrame]:
    """Yield a part's readings of videos up to `end`, some windows at a time."""
    for start, stop in pairwise(
        [state.as_of, *stops(WindowRange(state.as_of, end, state.length), WINDOWS_READ_AT_ONCE)]
    ):
        rows = lake.read(
            "video_snapshots", start=start, end=stop, columns=_READINGS, buckets=[part.bucket], ordered=False
        )
        yield part.of(rows)


def _with_videos(lake: Lake, state: MetricState, readings: VideoReadings, end: datetime) -> MetricState:
    """Return the state that knows the videos of some readings, whenever they were written.

    Most videos are known or new. A video whose earlier readings are gone, or were under other hashtags, is searched for
    in the past.
    """
    sought = readings.videos[~state.videos.holds(readings.videos).to_numpy()]
    informed = _with_written(lake, state, sought, state.as_of, end)
    sought = sought[~informed.videos.holds(sought).to_numpy()]
    return informed if not len(sought) else _with_written(lake, informed, sought, None, state.as_of)


def _with_written(lake: Lake, state: MetricState, sought: Keys, start: datetime | None, end: datetime) -> MetricState:
    """Return the state that also knows those of the videos `sought` that were written in (start, end]."""
    videos = lake.read("videos", start=start, end=end, columns=_VIDEOS, ordered=False)
    wanted = pl.Series(keys_of(videos["video_id"])).is_in(pl.Series(sought).implode())
    return with_videos(state, videos.filter(wanted).sort("window"))


def _totals_read(lake: Lake, bucket: int, state: MetricState, end: datetime) -> pl.DataFrame:
    return lake.read("hashtag_snapshots", start=state.as_of, end=end, columns=_TOTALS, buckets=[bucket])
