"""Features of a recording with videos, computed hour by hour and kept at the requested times."""

from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from core.errors import UsageError
from core.features import FEATURE_SET
from core.labels.labels import HORIZON, Views, outcomes
from core.labels.rises import TotalReadings
from core.metrics.state import empty_state
from core.windows import HOUR, window_end
from pipelines.metrics.features import advance_rises, features
from pipelines.metrics.metrics import advance
from pipelines.recordings.replay_feed import ReplayFeed
from sources.recordings.loading import Recording

KEY = ["hashtag", "at"]


def walked_table(
    recording: Recording, key: bytes, moments: Sequence[datetime], on_moment: Callable[[datetime], None]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the features of every hashtag read by each of `moments`, and the outcomes that can be resolved.

    A hashtag without a row in the hour's metrics has unknown features.

    Parameters
    ----------
    key: secret key of creators' pseudonyms
    moments: full hours
    on_moment: called with each moment reached

    Raises
    ------
    UsageError: if a moment isn't a full hour
    """
    if odd := [moment for moment in moments if window_end(moment, HOUR) != moment]:
        raise UsageError(f"a recording with videos can only be predicted at full hours, not at {odd[0]:%H:%M}")
    feed = ReplayFeed(recording, key)
    start = window_end(recording.first, HOUR) - HOUR
    state, rises, rows = empty_state(start, HOUR), TotalReadings.none(), []
    while state.as_of < max(moments):
        end = state.as_of + HOUR
        frames = feed.frames(state.as_of, end)
        totals = frames["hashtag_snapshots"]
        metrics, state = advance(state, end, frames["video_snapshots"], totals, frames["videos"])
        rises = advance_rises(rises, state, totals)
        if end in moments:
            rows.append(features(state, rises, metrics).select(*KEY, *FEATURE_SET.inputs))
            on_moment(end)
    return _of_all(feed, rows, start, moments), _outcomes(feed, recording.last, start, moments)


def _of_all(feed: ReplayFeed, rows: list[pl.DataFrame], start: datetime, moments: Sequence[datetime]) -> pl.DataFrame:
    read = _read(feed, start, max(moments))
    first = read.group_by("hashtag").agg(known_from=pl.col("fetched_at").min())
    times = pl.DataFrame({"at": sorted(set(moments))}, schema={"at": read.schema["fetched_at"]})
    keys = times.join_where(first, pl.col("known_from") <= pl.col("at")).select(KEY)
    return keys.join(pl.concat(rows), on=KEY, how="left").sort("at", "hashtag")


def _read(feed: ReplayFeed, start: datetime, end: datetime) -> pl.DataFrame:
    frames = feed.frames(start, end)
    return pl.concat(
        [frames[name].select("hashtag", "fetched_at") for name in ("video_snapshots", "hashtag_snapshots")]
    )


def _outcomes(feed: ReplayFeed, last: datetime, start: datetime, moments: Sequence[datetime]) -> pl.DataFrame:
    frames = feed.frames(start, last)
    resolved = [moment for moment in sorted(set(moments)) if moment + HORIZON <= last]
    return outcomes(Views.of(frames["hashtag_snapshots"], frames["video_snapshots"]), resolved)
