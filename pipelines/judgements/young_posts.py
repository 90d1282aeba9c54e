"""The posts of the last 48 h with their latest readings, carried from hour to hour, for `core.judgements.boosting`."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.judgements.boosting import POSTS, YOUNG
from core.tables import VIDEO_SNAPSHOTS, VIDEOS
from storage.lake.interface import Lake

READ = ("hashtag", "video_id", "fetched_at", "plays", "likes", "comments", "shares")
VIDEO_COLUMNS = ("video_id", "created_at", "creator_id")


@dataclass(frozen=True)
class YoungPosts:
    """The young posts known at a moment.

    Parameters
    ----------
    at: the moment
    videos: video_id, created_at, creator_id of the videos made in the 48 h before `at`, or dated later
    readings: the latest reading with plays of each of them under each hashtag
    """

    at: datetime
    videos: pl.DataFrame
    readings: pl.DataFrame

    @classmethod
    def none(cls, at: datetime) -> "YoungPosts":
        """Return the state in which nothing is known yet."""
        columns = (
            {name: VIDEOS.schema[name] for name in VIDEO_COLUMNS},
            {name: VIDEO_SNAPSHOTS.schema[name] for name in READ},
        )
        return cls(at, *(pl.DataFrame(schema=schema) for schema in columns))

    @property
    def posts(self) -> pl.DataFrame:
        """Rows of `core.judgements.boosting.POSTS`, sorted by hashtag and video."""
        return self.readings.join(self.videos, on="video_id").select(*POSTS).sort("hashtag", "video_id")


def advance(state: YoungPosts, at: datetime, snapshots: pl.DataFrame, videos: pl.DataFrame) -> YoungPosts:
    """Return what is known at `at`.

    Parameters
    ----------
    snapshots, videos: rows of those tables of the windows after `state.at` up to `at`
    """
    seen = pl.concat([state.videos, videos.select(VIDEO_COLUMNS)]).unique("video_id", keep="first", maintain_order=True)
    young = seen.filter(pl.col("created_at") > at - YOUNG)
    read = pl.concat([state.readings, snapshots.select(READ).filter(pl.col("plays").is_not_null())])
    mine = read.join(young.select("video_id"), on="video_id", how="semi")
    latest = mine.sort("fetched_at", "plays").unique(["hashtag", "video_id"], keep="last", maintain_order=True)
    return YoungPosts(at, young, latest)


def advance_from_lake(state: YoungPosts, lake: Lake, at: datetime) -> YoungPosts:
    """Return what is known at `at`: from the windows since the state, or from 48 h of them where it does not fit."""
    if not at - YOUNG < state.at <= at:
        state = YoungPosts.none(at - YOUNG)
    return advance(
        state,
        at,
        lake.read(VIDEO_SNAPSHOTS.name, start=state.at, end=at, columns=READ),
        lake.read(VIDEOS.name, start=state.at, end=at, columns=VIDEO_COLUMNS),
    )
