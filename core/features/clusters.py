"""Features of group D: what is known of a hashtag's cluster."""

from datetime import datetime

import polars as pl

from core.windows import HOUR_US


def with_clusters(rows: pl.DataFrame, clusters: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Add cluster_size_log, cluster_growth_24h and cluster_age_h, null where a hashtag is in no cluster.

    Parameters
    ----------
    rows: hashtag and growth_24h_past of all hashtags at `as_of`
    clusters: hashtag, cluster_id, size, born_at, from a clustering before `as_of`
    """
    growth = pl.col("growth_24h_past").median().over("cluster_id")
    age = (pl.lit(as_of).cast(clusters.schema["born_at"]) - pl.col("born_at")).dt.total_microseconds() / HOUR_US
    joined = rows.join(clusters, on="hashtag", how="left", maintain_order="left").with_columns(
        pl.col("size").log1p().alias("cluster_size_log"),
        pl.when(pl.col("cluster_id").is_not_null()).then(growth).alias("cluster_growth_24h"),
        age.alias("cluster_age_h"),
    )
    return joined.drop("cluster_id", "size", "born_at")
