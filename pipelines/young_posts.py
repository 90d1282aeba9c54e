"""The posts of the last 48 h with their latest readings, carried from hour to hour, for the rule of `core.boosting`."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.boosting import POSTS, YOUNG
from core.tables import VIDEO_SNAPSHOTS, VIDEOS
from storage.lake import Lake

READ = ("hashtag", "video_id", "fetched_at", "plays", "likes", "comments", "shares")
KNOWN = ("video_id", "created_at", "creator_id")


@dataclass(frozen=True)
class YoungPosts:
    """What is known at a moment.

    Parameters
    ----------
    at: the moment
    posts: rows of `core.boosting.POSTS`, one a hashtag and post of the 48 h before `at`
    """

    at: datetime
    posts: pl.DataFrame

    @classmethod
    def none(cls, at: datetime) -> "YoungPosts":
        """Nothing is known yet."""
        return cls(at, pl.DataFrame(schema=POSTS))


def advance(state: YoungPosts, at: datetime, snapshots: pl.DataFrame, videos: pl.DataFrame) -> YoungPosts:
    """Return what is known at `at`.

    Parameters
    ----------
    snapshots, videos: rows of those tables of the windows after `state.at` up to `at`
    """
    known = pl.concat([state.posts.select(KNOWN), videos.select(KNOWN)]).unique("video_id", keep="last")
    young = known.filter((pl.col("created_at") > at - YOUNG) & (pl.col("created_at") <= at))
    read = snapshots.select(READ).filter(pl.col("plays").is_not_null()).join(young, on="video_id")
    both = pl.concat([state.posts.filter(pl.col("created_at") > at - YOUNG), read.select(*POSTS)])
    latest = both.sort("fetched_at", "plays", nulls_last=False).unique(["hashtag", "video_id"], keep="last")
    return YoungPosts(at, latest.sort("hashtag", "video_id"))


def advance_from_lake(state: YoungPosts, lake: Lake, at: datetime) -> YoungPosts:
    """Return what is known at `at`: from the windows since the state, or from 48 h of them where it does not fit."""
    if not at - YOUNG < state.at <= at:
        state = YoungPosts.none(at - YOUNG)
    return advance(
        state,
        at,
        lake.read(VIDEO_SNAPSHOTS.name, start=state.at, end=at, columns=READ),
        lake.read(VIDEOS.name, start=state.at, end=at, columns=KNOWN),
    )
