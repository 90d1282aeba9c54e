"""From snapshots to `hashtag_metrics`: the next window from the state before it, and that state from the lake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics.formulas import MomentumRule, first_detected, lanes
from core.metrics.observed import LOOK_BACK, VideoReadings
from core.metrics.people import KINDS
from core.metrics.readings import (
    MEMBERS,
    member_keys,
    with_keys,
    with_plays,
    with_seen,
    with_tags,
    with_totals,
    with_videos,
)
from core.metrics.state import (
    HISTORY_COLUMNS,
    NEVER,
    RECENT_COLUMNS,
    MetricState,
    empty_state,
    history_start,
    recent_start,
)
from core.metrics.time_log import TimeLog
from core.metrics.window import finished, window_metrics
from pipelines.metrics.parts import BucketPart
from storage.lake.interface import Lake

__all__ = ["MetricState", "MomentumRule", "advance", "load_state"]

_PLAYS = ("hashtag", "video_id", "fetched_at", "plays")
_TOTALS = ("hashtag", "fetched_at", "views_total")
_VIDEOS = ("video_id", "created_at", "creator_id", "sound_id", "window")
_WINDOW = ("hashtag", "window_end", "window_length")
_HISTORY = (*_WINDOW, "v_source", "views_gained", "views_total", "views_increment")


def advance(
    state: MetricState,
    end: datetime,
    video_snapshots: pl.DataFrame,
    hashtag_snapshots: pl.DataFrame,
    videos: pl.DataFrame,
    rule: MomentumRule | None = None,
) -> tuple[pl.DataFrame, MetricState]:
    """Return the `hashtag_metrics` rows of the windows after `state.as_of` up to `end`, and the state after them.

    Rows are sorted by window and hashtag. One call for many windows and many calls for one each give the same.

    Parameters
    ----------
    state: the state at the start of the first window
    end: end of the last window; raises ValueError for any other moment
    video_snapshots, hashtag_snapshots: rows of those tables fetched in these windows
    videos: rows of `videos` written in these windows; rows of known videos are ignored
    rule: weights of momentum and thresholds of emerging
    """
    rows, after = window_metrics(state, end, video_snapshots, hashtag_snapshots, videos)
    return finished(rows, rule or MomentumRule()), after


def latency_s(now: datetime, seconds: float, *readings: pl.DataFrame) -> float | None:
    """Return the seconds from the newest of some readings (fetched_at) to `seconds` after `now`, None without readings.

    What is computed after them is in its table then. The latency budget is in docs/formulas.md, section 2.
    """
    newest = [time for frame in readings if isinstance(time := frame["fetched_at"].max(), datetime)]
    return round((now - max(newest)) / timedelta(seconds=1) + seconds, 3) if newest else None


def load_state(
    lake: Lake, as_of: datetime, length: timedelta, part: BucketPart | None = None, *, videos: bool = True
) -> MetricState:
    """Return the state at `as_of` from the lake.

    It reads a few columns of every snapshot ever made, since V is a running maximum and plays stay known without limit;
    an agent does this once, when it starts.

    Parameters
    ----------
    lake: holds the snapshots and the metrics of earlier windows
    as_of: end of the last window
    length: length of a window
    part: the hashtags and videos of interest, all by default
    videos: whether the state needs to know videos
    """
    buckets = None if part is None else [part.bucket]
    plays = lake.read("video_snapshots", end=as_of, columns=_PLAYS, buckets=buckets)
    totals = lake.read("hashtag_snapshots", end=as_of, columns=_TOTALS, buckets=buckets)
    attributes = None
    if videos:
        attributes = lake.read("videos", end=as_of, columns=_VIDEOS).sort("window", maintain_order=True)
        if part is not None:
            attributes = attributes.join(part.of(plays).select("video_id"), "video_id", "semi", maintain_order="left")
    return _with_past(known_state(as_of, length, plays, totals, attributes, part), lake)


def known_state(
    as_of: datetime,
    length: timedelta,
    plays: pl.DataFrame,
    totals: pl.DataFrame,
    videos: pl.DataFrame | None,
    part: BucketPart | None = None,
) -> MetricState:
    """Return the state at `as_of` that knows all readings up to then, but the metrics of no window.

    Parameters
    ----------
    as_of: end of the last window
    length: length of a window
    plays: hashtag, video_id, fetched_at and plays of readings of videos
    totals: hashtag, fetched_at and views_total of readings of totals
    videos: attributes of at least the videos read; with None, readings of videos only tell when hashtags were detected
    part: the videos of interest, all by default
    """
    state = _with_detected(with_tags(empty_state(as_of, length), plays, totals), plays, totals)
    state = with_totals(state, totals, as_of)
    if videos is None:
        return state
    state = with_videos(state, videos)
    plays = with_keys(plays if part is None else part.of(plays), state.tags)
    return with_seen(with_plays(state, VideoReadings.of(plays), as_of), _seen(state, plays, as_of), as_of)


def _seen(state: MetricState, readings: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Return the videos observed in the 24 h before `as_of`, with their last reading, creator and sound."""
    recent = readings.filter(pl.col("fetched_at") > as_of - LOOK_BACK)
    seen = recent.group_by("pair").agg(pl.col("fetched_at").max().alias("read_at"), pl.col("code", "video").first())
    keys = member_keys(state.tags, seen["code"].to_numpy(), state.videos.find(seen["video"].to_numpy()))
    return seen.with_columns(pl.Series(name, keys[kind]) for kind, name in zip(KINDS, MEMBERS, strict=True))


def _with_detected(state: MetricState, plays: pl.DataFrame, totals: pl.DataFrame) -> MetricState:
    """Return the state with the moment at which each hashtag was first detected."""
    first = first_detected(plays, totals, state.length)
    at = np.full(len(state.tags), NEVER)
    at[state.tags.codes(first["hashtag"]).to_numpy()] = first["first_detected_at"].to_numpy()
    return replace(state, tags=state.tags.updated(first_detected_at=at))


def _with_past(state: MetricState, lake: Lake) -> MetricState:
    """Return the state with its history of windows."""
    history = _windows(state, lake, history_start(state.as_of, state.length), _HISTORY)
    recent = _windows(state, lake, recent_start(state.as_of, state.length), (*_WINDOW, *RECENT_COLUMNS))
    return replace(
        state,
        history=_with_lanes(_log(history, HISTORY_COLUMNS), history),
        recent=_log(recent, RECENT_COLUMNS),
    )


def _windows(state: MetricState, lake: Lake, start: datetime, columns: Sequence[str]) -> pl.DataFrame:
    """Return past metrics of the state's hashtags and window length, by time, with the hashtag's code."""
    rows = lake.read("hashtag_metrics", start=start, end=state.as_of, columns=columns)
    rows = rows.with_columns(code=state.tags.codes(rows["hashtag"])).sort("window_end", "hashtag")
    return rows.filter(pl.col("code").is_not_null() & (pl.col("window_length") == state.minutes))


def _with_lanes(history: TimeLog, rows: pl.DataFrame) -> TimeLog:
    lane = lanes(history.codes, history["views_gained"], (rows["v_source"] == "totals").to_numpy())
    return replace(history, columns={**history.columns, "lane": lane})


def _log(rows: pl.DataFrame, names: Sequence[str]) -> TimeLog:
    columns = {name: rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in names}
    return TimeLog(rows["window_end"].to_physical().to_numpy(), rows["code"].to_numpy(), columns)
