"""Updates the planner's state with what was fetched."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import exp

import polars as pl

from core.windows import HOUR
from pipelines.polling.state import DAY_H, FRESH_H, Arm, Poll, PollKind, PollState, Posting

MOST_TAGS = 3_000
ARM_FORGOTTEN_AFTER = timedelta(days=7)


def absorb(
    state: PollState, until: datetime, hashtag_snapshots: pl.DataFrame, videos: pl.DataFrame, sightings: pl.DataFrame
) -> PollState:
    """Return the state with everything fetched in (state.until, until] taken into account.

    Parameters
    ----------
    hashtag_snapshots, videos: rows of the tables whose window lies in that range; a video is in the window in which
        it was first seen
    sightings: which poll returned which video, see `pipelines.polling.sightings`; the first poll to return a video
        is credited with its worth
    """
    posts = _posts(videos, until)
    arms = _earned(state, _worths(state, posts, sightings))
    oldest = until - ARM_FORGOTTEN_AFTER
    read = set(hashtag_snapshots.filter(pl.col("views_total").is_not_null())["hashtag"])
    return replace(
        state.answered(read),
        until=until,
        postings=_postings(state, until, posts),
        arms={key: arm for key, arm in arms.items() if arm.asked_at > oldest},
    )


def _posts(videos: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """Return one row per video and hashtag, with the video's weight in both counts (Float64)."""
    age_h = ((pl.lit(until) - pl.col("created_at")).dt.total_microseconds() / 3.6e9).clip(0.0)
    return (
        videos.lazy()
        .filter(pl.col("created_at").is_not_null())
        .select("video_id", "hashtags", (-age_h / FRESH_H).exp().alias("fresh"), (-age_h / DAY_H).exp().alias("day"))
        .explode("hashtags")
        .rename({"hashtags": "hashtag"})
        .filter(pl.col("hashtag").is_not_null())
        .collect()
    )


def _postings(state: PollState, until: datetime, posts: pl.DataFrame) -> Mapping[str, Posting]:
    hours = (until - state.until) / HOUR
    fresh, day = exp(-hours / FRESH_H), exp(-hours / DAY_H)
    postings = {tag: Posting(posting.fresh * fresh, posting.day * day) for tag, posting in state.postings.items()}
    for tag, new_fresh, new_day in posts.group_by("hashtag").agg(pl.col("fresh", "day").sum()).iter_rows():
        posting = postings.get(tag) or Posting()
        postings[tag] = Posting(posting.fresh + new_fresh, posting.day + new_day)
    if len(postings) <= MOST_TAGS:
        return postings
    kept = sorted(postings, key=lambda tag: (tag not in state.panel, -postings[tag].day, tag))[:MOST_TAGS]
    return {tag: postings[tag] for tag in kept}


def _worths(state: PollState, posts: pl.DataFrame, sightings: pl.DataFrame) -> Mapping[Poll, float]:
    """Return for each poll by how much the posts it returned first moved the surprise of their hashtags."""
    if posts.is_empty() or sightings.is_empty():
        return {}
    spreads = pl.DataFrame(
        {"hashtag": list(state.postings), "spread": [posting.spread for posting in state.postings.values()]},
        schema={"hashtag": pl.String, "spread": pl.Float64},
    )
    worth = (
        posts.join(spreads, on="hashtag", how="left")
        .group_by("video_id")
        .agg((pl.col("fresh") / pl.col("spread").fill_null(1.0)).sum().alias("worth"))
    )
    first = sightings.sort("fetched_at", "request_id").unique("video_id", keep="first", maintain_order=True)
    earned = first.join(worth, on="video_id").group_by("action", "name", "page").agg(pl.col("worth").sum())
    return {(PollKind(action), name, page): worth for action, name, page, worth in earned.iter_rows()}


def _earned(state: PollState, worths: Mapping[Poll, float]) -> dict[Poll, Arm]:
    """Return the arms with the worth of their last polls added; polls without an arm are left out."""
    arms = dict(state.arms)
    for key, worth in worths.items():
        if key in arms:
            arms[key] = replace(arms[key], worth=arms[key].worth + worth)
    return arms
