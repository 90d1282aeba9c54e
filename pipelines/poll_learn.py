"""What the polling planner learns from what was fetched."""

from datetime import datetime, timedelta

import polars as pl

from pipelines.poll_state import Candidate, PollState

HALF_LIFE = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(hours=48)
MOST_CANDIDATES = 500
LEAST_AGE_H = 1.0


def absorb(
    state: PollState,
    until: datetime,
    hashtag_snapshots: pl.DataFrame,
    video_snapshots: pl.DataFrame,
    videos: pl.DataFrame,
) -> PollState:
    """Return the state with everything fetched in (state.until, until] taken into account.

    The frames hold the rows of their tables whose window lies in that range. A post counts for the hashtags it carries
    once, when it is first seen.
    """
    panel = dict(state.panel)
    readings = hashtag_snapshots.filter(pl.col("views_total").is_not_null()).sort("fetched_at", "hashtag")
    for tag, at, views in readings.select("hashtag", "fetched_at", "views_total").iter_rows():
        if tag in panel:
            panel[tag] = panel[tag].read(at, views)
    candidates = {
        tag: Candidate(one.videos, one.plays_per_hour * _decay(until - state.until), one.seen_at)
        for tag, one in state.candidates.items()
        if until - one.seen_at <= FORGOTTEN_AFTER
    }
    for tag, count, rate, seen in _first_seen(video_snapshots, videos).iter_rows():
        if tag in panel:
            continue
        before = candidates.get(tag, Candidate(0, 0.0, seen))
        candidates[tag] = Candidate(before.videos + count, before.plays_per_hour + rate, max(before.seen_at, seen))
    best = sorted(candidates, key=lambda tag: (-candidates[tag].plays_per_hour, tag))[:MOST_CANDIDATES]
    return PollState(until, panel, {tag: candidates[tag] for tag in best}, state.swapped_at)


def _decay(passed: timedelta) -> float:
    return float(0.5 ** (passed / HALF_LIFE))


def _first_seen(video_snapshots: pl.DataFrame, videos: pl.DataFrame) -> pl.DataFrame:
    """Hashtag, new posts, their plays per hour of age (Float64), and when the last was seen; sorted by hashtag."""
    age_h = ((pl.col("fetched_at") - pl.col("created_at")).dt.total_seconds() / 3600).clip(LEAST_AGE_H)
    rate = (pl.col("plays") / age_h).fill_null(0.0)
    return (
        video_snapshots.select("hashtag", "video_id", "plays", "fetched_at", "window")
        .join(videos.select("video_id", "created_at", "window"), on=["video_id", "window"])
        .sort("hashtag", "video_id")
        .group_by("hashtag", maintain_order=True)
        .agg(pl.len().alias("videos"), rate.sum().alias("plays_per_hour"), pl.col("fetched_at").max().alias("seen_at"))
    )
