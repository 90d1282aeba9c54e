"""What compares a hashtag with its own past and with the others, in Polars: the end of the Polars and Ray rivals."""

import math
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from benchmarks.rivals.columns import (
    COLUMNS,
    COUNTS,
    HALF_LIFE_WINDOWS,
    LEADERS,
    LONGEST_HALF_LIFE_H,
    MOMENTUM,
    RATED,
    ROUNDING,
    TIED_DECIMALS,
    Z_LEAST,
    Z_WINDOWS,
)
from core.tables import UTC_TIME
from core.windows import HOUR_US, micros


def over_time(grid: pl.DataFrame, windows: int) -> pl.DataFrame:
    """Return the rows of a grid of hashtags and windows with what compares a hashtag with its own past."""
    return (
        grid.lazy()
        .with_columns(_rates())
        .with_columns(_overlaps())
        .with_columns(velocity=_velocity(), log=_log())
        .with_columns(acceleration=_acceleration(), half_life_h=_half_life(), z_14d=_z_14d(windows))
        .filter(pl.col("volume").is_not_null())
        .collect()
    )


def _rates() -> list[pl.Expr]:
    rates = {name: pl.col(name) / pl.when(pl.col(f"{name}_plays") > 0).then(f"{name}_plays") for name in RATED}
    parts = [rates[name] for name in ("likes", "comments", "shares")]
    efficiency = pl.when(pl.any_horizontal(part.is_not_null() for part in parts)).then(
        parts[0].fill_null(0) + parts[1].fill_null(0) + parts[2].fill_null(0)
    )
    gained = pl.when(pl.col("known") > 0).then("gain")
    return [
        *(rate.alias(f"{name}_rate") for name, rate in rates.items()),
        efficiency.alias("engagement_efficiency"),
        gained.alias("views_increment"),
        gained.alias("views_gained"),
        (pl.col("known") / pl.col("volume")).alias("increment_coverage"),
        pl.col("creators").fill_null(0).alias("unique_creators"),
        pl.col("sounds").fill_null(0).alias("unique_sounds"),
        pl.col("creator_dispersion"),
    ]


def _overlaps() -> list[pl.Expr]:
    shares = [pl.col(f"{kind}_seen") / pl.col(kind).clip(upper_bound=LEADERS) for kind in ("creators", "sounds")]
    return [(1 - pl.mean_horizontal(shares)).alias("novelty")]


def _earlier(name: str, windows: int = 1) -> pl.Expr:
    """Return the value of the same hashtag some windows before; the grid has every window of each."""
    return pl.when(pl.col("w") >= windows).then(pl.col(name).shift(windows))


def _velocity() -> pl.Expr:
    now, before = pl.col("views_gained"), _earlier("views_gained")
    change = pl.when(before == 0).then(pl.when(now == 0).then(0.0).otherwise(10.0)).otherwise((now - before) / before)
    return pl.when(now.is_not_null() & before.is_not_null()).then(change.clip(-1.0, 10.0))


def _acceleration() -> pl.Expr:
    now, before = pl.col("velocity"), _earlier("velocity")
    return ((now - before) / before.abs().clip(lower_bound=0.1)).clip(-10.0, 10.0)


def _log() -> pl.Expr:
    return pl.when(pl.col("engagement_efficiency") > 0).then(pl.col("engagement_efficiency").log())


def _half_life() -> pl.Expr:
    logs = [_earlier("log", back) for back in range(HALF_LIFE_WINDOWS)]
    used = [log.is_not_null().cast(pl.Float64) for log in logs]
    n, y = pl.sum_horizontal(used), pl.sum_horizontal(logs)
    x, xx = (pl.sum_horizontal(u * (-back) ** power for back, u in enumerate(used)) for power in (1, 2))
    xy = pl.sum_horizontal(log * -back for back, log in enumerate(logs))
    slope = (n * xy - x * y) / (n * xx - x * x)
    halving = (math.log(2) / -slope).clip(upper_bound=LONGEST_HALF_LIFE_H)
    return pl.when((n >= 3) & (slope < -ROUNDING)).then(halving)


def _z_14d(windows: int) -> pl.Expr:
    if windows <= Z_LEAST:
        return pl.lit(None, pl.Float64)
    past = pl.col("views_gained").shift()
    mean = past.rolling_mean(Z_WINDOWS, min_samples=Z_LEAST).over("tag")
    deviation = past.rolling_std(Z_WINDOWS, min_samples=Z_LEAST, ddof=0).over("tag")
    return pl.when(deviation > ROUNDING * mean.abs()).then((pl.col("views_gained") - mean) / deviation)


def compared(rows: pl.DataFrame, ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the finished rows, with what compares the hashtags of a window with each other."""
    ranks = [weight * _rank(name) for name, weight in MOMENTUM.items()]
    leading = pl.col("momentum") >= pl.col("momentum").quantile(0.95, "linear").over("w") - ROUNDING
    emerging = leading & (pl.col("novelty") >= 0.6).fill_null(False) & (pl.col("volume") >= 3)
    return (
        rows.lazy()
        .with_columns(
            momentum=ranks[0] + ranks[1] + ranks[2] + ranks[3],
            window_end=(pl.col("w").cast(pl.Int64) * HOUR_US + micros(ends[0])).cast(UTC_TIME),
        )
        .with_columns(pl.col(COUNTS).cast(pl.Int64), emerging=emerging)
        .select(COLUMNS)
        .sort("hashtag", "window_end")
        .collect()
    )


def _rank(name: str) -> pl.Expr:
    value = pl.col(name).round(TIED_DECIMALS)
    return ((value.rank("average") - 0.5) / value.count()).over("w").fill_null(0.5)
