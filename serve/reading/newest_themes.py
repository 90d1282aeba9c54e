"""The newest clustering as the lake holds it, with what it was a day before."""

from datetime import datetime, timedelta

import polars as pl

from core.tables import THEMES
from core.windows import DAY
from storage.lake.interface import Lake

SLACK = timedelta(hours=3)
THEME_COLUMNS = tuple(name for name in THEMES.schema if name not in ("centroid", "window"))


def newest_themes(lake: Lake, now: datetime) -> pl.DataFrame:
    """Return the rows of the newest clustering of the last day, each with its size a day before (size_24h_ago)."""
    found = lake.read("themes", start=now - 2 * DAY - SLACK, columns=THEME_COLUMNS)
    newest = found["at"].max()
    if not isinstance(newest, datetime):
        return found.with_columns(size_24h_ago=pl.col("size"))
    earlier = found.filter(pl.col("at").is_between(newest - DAY - SLACK, newest - DAY)).sort("at")
    sizes = earlier.unique("cluster_id", keep="last").select("cluster_id", size_24h_ago="size")
    return found.filter(pl.col("at") == newest).join(sizes, on="cluster_id", how="left").sort("cluster_id")
