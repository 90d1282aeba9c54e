"""Features that set a hashtag against others: those of its moment (set v2), and those of its cluster (group D)."""

from datetime import datetime

import polars as pl

from core.features.set_v2 import COHORT_RANKED, SEQUENCE_DAYS
from core.labels.labels import VIRAL_SHARE
from core.windows import HOUR_US

DAYS = 28
_DAYS = tuple(f"day_{day}" for day in range(DAYS))


def with_cohort(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the features of `AGAINST_OTHERS`, and without the days that are in no feature set.

    Parameters
    ----------
    rows: `at`, the columns of `core.features.rises`, gained_3h and gained_72h of all hashtags of each moment, null
        where unknown; a hashtag that is not compared has null in `day_*` and in every column that is ranked
    """
    tops = rows.with_columns(_top(name) for name in _DAYS)
    bounds = tops.with_columns(
        pl.col(name).filter(pl.col(f"top_{name}")).min().over("at").alias(f"bound_{name}") for name in _DAYS[:7]
    )
    compared = bounds.with_columns(
        threshold_7d=pl.mean_horizontal([f"bound_{name}" for name in _DAYS[:7]]),
        top_days_7d=_share(_DAYS[:7]),
        top_days_28d=_share(_DAYS),
        days_since_top=pl.min_horizontal(
            [pl.when(f"top_{name}").then(pl.lit(float(day))) for day, name in enumerate(_DAYS)]
        ),
        cohort_growth_24h=pl.col("day_0").mean().over("at"),
        **{f"rank_{name}": place_among(name) for name in COHORT_RANKED},
    )
    against = compared.with_columns(
        step_to_threshold=pl.col("rounding_step") - pl.col("threshold_7d").log10(),
        day_to_threshold=pl.col("day_0") / pl.col("threshold_7d"),
        pace_to_threshold=pl.col("pace_4_rises_waiting") / pl.col("threshold_7d"),
        daily_to_threshold=pl.col("daily_growth_7d") / pl.col("threshold_7d"),
    )
    return against.select(pl.exclude(*_DAYS[SEQUENCE_DAYS:], "^top_day_.*$", "^bound_day_.*$"))


def place_among(name: str) -> pl.Expr:
    """Return the rank of a feature among the hashtags of its moment, 0 to 1, null where the feature is unknown."""
    return (pl.col(name).rank("average").over("at") - 0.5) / pl.col(name).count().over("at")


def with_clusters(rows: pl.DataFrame, clusters: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Return the rows with cluster_size_log, cluster_growth_24h and cluster_age_h, null for a hashtag in no cluster.

    Parameters
    ----------
    rows: hashtag and growth_24h_past of all hashtags at `as_of`
    clusters: hashtag, cluster_id, size, born_at, from a clustering before `as_of`
    as_of: the moment of the features
    """
    growth = pl.col("growth_24h_past").median().over("cluster_id")
    age = (pl.lit(as_of).cast(clusters.schema["born_at"]) - pl.col("born_at")).dt.total_microseconds() / HOUR_US
    joined = rows.join(clusters, on="hashtag", how="left", maintain_order="left").with_columns(
        pl.col("size").log1p().alias("cluster_size_log"),
        pl.when(pl.col("cluster_id").is_not_null()).then(growth).alias("cluster_growth_24h"),
        age.alias("cluster_age_h"),
    )
    return joined.drop("cluster_id", "size", "born_at")


def _top(name: str) -> pl.Expr:
    """Return whether a day's growth was positive and in the top 5 % of its moment's hashtags, as for the label."""
    largest = (pl.col(name).count() * VIRAL_SHARE + 0.5).floor().clip(lower_bound=1).cast(pl.Int64)
    among = pl.col(name) >= pl.col(name).top_k(largest).min()
    return ((pl.col(name) > 0) & among).over("at").alias(f"top_{name}")


def _share(names: tuple[str, ...]) -> pl.Expr:
    return pl.mean_horizontal([pl.col(f"top_{name}").cast(pl.Float64) for name in names])
