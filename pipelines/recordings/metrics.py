"""Computes the metrics of a recording directly from its readings, without a lake or fetch windows."""

from datetime import datetime

import polars as pl

from core.metrics.formulas import MomentumRule
from core.metrics.state import MetricState
from core.metrics.window import finished, window_metrics
from core.tables import HASHTAG_SNAPSHOTS, UTC_TIME, VIDEO_SNAPSHOTS, VIDEOS
from pipelines.metrics.metrics import known_state
from pipelines.metrics.part_metrics import stops
from pipelines.metrics.parts import WindowRange
from sources.recordings.loading import Recording, columns_of

_ATTRIBUTES = ("video_id", "created_at", "creator_id", "sound_id")


def recording_metrics(recording: Recording, span: WindowRange, rule: MomentumRule | None = None) -> pl.DataFrame:
    """Return the `hashtag_metrics` rows of a range of windows, sorted by window and hashtag.

    The windows of the 14 days before are computed too, because z-scores look back on them. Still earlier readings only
    set the initial state.
    """
    videos, readings, totals = _frames(recording)
    longer = span.with_past(recording.first)
    begin = longer.start
    state = known_state(begin, span.length, _until(readings, begin), _until(totals, begin), videos)
    frames = []
    for stop in stops(longer):
        rows, state = window_metrics(
            state, stop, _between(readings, state, stop), _between(totals, state, stop), videos.clear()
        )
        frames.append(rows.filter(pl.col("window_end") > span.start))
    return finished(pl.concat(frames), rule or MomentumRule())


def _frames(recording: Recording) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return videos, their readings under each hashtag, and totals, the latter two by time."""
    empty = {name: pl.DataFrame(schema=columns_of(name)) for name in (VIDEOS.name, VIDEO_SNAPSHOTS.name)}
    videos = empty[VIDEOS.name] if recording.videos is None else recording.videos
    snapshots = empty[VIDEO_SNAPSHOTS.name] if recording.video_snapshots is None else recording.video_snapshots
    person = pl.coalesce("creator_id", "creator_handle").alias("creator_id")
    tagged = videos.select("video_id", hashtag="hashtags").explode("hashtag").drop_nulls("hashtag")
    readings = snapshots.join(tagged, on="video_id").sort("fetched_at", maintain_order=True)
    totals = recording.hashtag_snapshots
    totals = pl.DataFrame(schema=columns_of(HASHTAG_SNAPSHOTS.name)) if totals is None else totals
    attributes = videos.with_columns(person).select(_ATTRIBUTES)
    return attributes, readings, totals.sort("fetched_at", maintain_order=True)


def _until(rows: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    return rows.filter(pl.col("fetched_at") <= moment)


def _between(rows: pl.DataFrame, state: MetricState, end: datetime) -> pl.DataFrame:
    low, high = rows["fetched_at"].search_sorted(pl.Series([state.as_of, end], dtype=UTC_TIME), side="right")
    return rows.slice(low, high - low)
