"""The clusters known before a moment, as features and the ranking use them."""

from datetime import datetime, timedelta

import polars as pl

from core.tables import UTC_TIME
from core.themes.co_use import cluster_spread
from core.windows import MICROSECOND
from storage.lake.interface import Lake

STALE = timedelta(hours=6)
CO_USE = timedelta(hours=24)
SCHEMA = {"hashtag": pl.String(), "cluster_id": pl.String(), "size": pl.Int64(), "born_at": UTC_TIME}


def known_clusters(lake: Lake, at: datetime) -> pl.DataFrame:
    """Return hashtag, cluster_id, size, born_at of the newest clustering before `at`, no rows when it is 6 hours old.

    A clustering at `at` itself does not count: it is made after the features of that moment, and rebuilding the
        features
    has to give the same table.
    """
    rows = lake.read(
        "clusters", start=at - STALE - MICROSECOND, end=at - MICROSECOND, columns=("hashtag", "at", "cluster_id")
    )
    newest = rows["at"].max()
    if not isinstance(newest, datetime):
        return pl.DataFrame(schema=SCHEMA)
    themes = lake.read("themes", start=newest - MICROSECOND, end=newest, columns=("cluster_id", "size", "born_at"))
    return rows.filter(pl.col("at") == newest).join(themes, on="cluster_id").select(*SCHEMA).sort("hashtag")


def known_spread(lake: Lake, at: datetime) -> pl.DataFrame:
    """Return hashtag and spread over clusters, from the videos first seen in the 24 h before `at`."""
    clusters = known_clusters(lake, at)
    if clusters.is_empty():
        return pl.DataFrame(schema={"hashtag": pl.String(), "spread": pl.Float64()})
    videos = lake.read("videos", start=at - CO_USE, end=at, columns=("video_id", "hashtags"), ordered=False)
    return cluster_spread(videos, clusters)
