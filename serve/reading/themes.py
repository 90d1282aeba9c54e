"""The themes of the newest clustering: their size a day before, their growth and their best-ranked hashtag."""

from datetime import datetime, timedelta

import polars as pl

from core.tables import THEMES
from core.windows import DAY
from serve.reading.snapshot import Snapshot
from storage.lake.interface import Lake

SLACK = timedelta(hours=3)
THEME_COLUMNS = tuple(name for name in THEMES.schema if name not in ("centroid", "window"))


def newest_themes(lake: Lake, now: datetime) -> pl.DataFrame:
    """Return the rows of the newest clustering of the last day, each with its size a day before (size_24h_ago)."""
    rows = lake.read("themes", start=now - 2 * DAY - SLACK, columns=THEME_COLUMNS)
    newest = rows["at"].max()
    if not isinstance(newest, datetime):
        return rows.with_columns(size_24h_ago=pl.col("size"))
    earlier = rows.filter(pl.col("at").is_between(newest - DAY - SLACK, newest - DAY)).sort("at")
    sizes = earlier.unique("cluster_id", keep="last").select("cluster_id", size_24h_ago="size")
    return rows.filter(pl.col("at") == newest).join(sizes, on="cluster_id", how="left").sort("cluster_id")


def with_growth(themes: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    """Add what the hashtags of each theme gained, its growth and its best-ranked hashtag; largest gains first."""
    tagged = themes.select("cluster_id", hashtag="members").explode("hashtag")
    measured = tagged.join(snapshot.trends.select("hashtag", "views_gained", "views_total", "delta_24h"), on="hashtag")
    whole = pl.col("delta_24h").is_not_null() & pl.col("views_total").is_not_null()
    before = (pl.col("views_total") - pl.col("delta_24h")).filter(whole).sum()
    sums = measured.group_by("cluster_id").agg(
        pl.when(pl.col("views_gained").count() > 0).then(pl.col("views_gained").sum()).alias("views_gained"),
        pl.when(before > 0).then(pl.col("delta_24h").filter(whole).sum() / before).alias("growth_24h"),
    )
    ranked = tagged.join(snapshot.predictions.select("hashtag", "rank").drop_nulls(), on="hashtag").sort("rank")
    best = ranked.group_by("cluster_id", maintain_order=True).agg(
        best_rank=pl.col("rank").first(), best_hashtag=pl.col("hashtag").first()
    )
    joined = themes.join(sums, on="cluster_id", how="left").join(best, on="cluster_id", how="left")
    order = ["views_gained", "size", "cluster_id"]
    return joined.sort(order, descending=[True, True, False], nulls_last=True)


def theme_of(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    """Return hashtag -> id and label of its theme now."""
    tagged = snapshot.themes.select("cluster_id", "theme_label", tag="members").explode("tag")
    return {tag: (cluster_id, label) for cluster_id, label, tag in tagged.iter_rows()}
