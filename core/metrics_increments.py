"""What each observed video gained in a window (SPEC 3: c_e, c_b, dc), and how many videos there are."""

from datetime import datetime, timedelta

import polars as pl

COUNTERS = ("plays", "likes", "comments", "shares", "saves")
LOOK_BACK = timedelta(hours=24)


def last_counters(readings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per (code, video_id), sorted: the last known value of each counter among `readings`.

    Parameters
    ----------
    readings: code, video_id, the keys video and pair, fetched_at and the counters, all of one window, in any order

    Returns
    -------
    the counters and keys, `plays_at` (when the plays were read, null when unknown) and `read_at` (the last reading at all)
    """
    return (
        readings.lazy()
        .sort("code", "video_id", "fetched_at", "plays")
        .group_by("code", "video_id", maintain_order=True)
        .agg(
            pl.col(COUNTERS).last(ignore_nulls=True),
            pl.col("fetched_at").filter(pl.col("plays").is_not_null()).last().alias("plays_at"),
            pl.col("fetched_at").last().alias("read_at"),
            pl.col("video", "pair").first(),
        )
        .collect()
    )


def gain(start: datetime, end: datetime) -> pl.Expr:
    """Return dplays of the window (start, end]: max(0, c_e - c_b) x min(1, L / (t_e - t_b)).

    A video created inside the window without an earlier reading in [start - 24 h, start] gained all its plays; another
    without one gained an unknown number. Needs plays, plays_at, plays_before, before_at and created_at.
    """
    apart = (pl.col("plays_at") - pl.col("before_at")).dt.total_microseconds()
    share = pl.min_horizontal(pl.lit(1.0), (end - start) // timedelta(microseconds=1) / apart)
    rise = (pl.col("plays") - pl.col("plays_before")).clip(lower_bound=0) * share
    is_new = pl.col("created_at").is_between(start, end, closed="right")
    return (
        pl.when(pl.col("before_at") >= start - LOOK_BACK)
        .then(rise)
        .when(is_new)
        .then(pl.col("plays").cast(pl.Float64))
        .alias("gain")
    )


def volumes(start: datetime, end: datetime) -> list[pl.Expr]:
    """Return aggregations over a hashtag's observed videos: volume, new_videos, views_increment, increment_coverage."""
    known = pl.col("gain").count()
    return [
        pl.len().cast(pl.Int64).alias("volume"),
        pl.col("created_at").is_between(start, end, closed="right").sum().cast(pl.Int64).alias("new_videos"),
        pl.when(known > 0).then(pl.col("gain").sum()).alias("views_increment"),
        (known / pl.len()).alias("increment_coverage"),
    ]
