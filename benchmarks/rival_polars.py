"""Every metric of SPEC 3 in one process with Polars, all windows at once: a rival of `groundswell bench metrics`."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from benchmarks.rival_columns import (
    COLUMNS,
    COUNTERS,
    COUNTS,
    DAY_WINDOWS,
    HALF_LIFE_WINDOWS,
    HOUR_US,
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
from core.time_log import micros

_UNKNOWN = -(2**60)
_AGES_H = (6, 12, 24, 48, 72, 144)
_RETENTION = {6: ([0], 1), 24: ([0, 1, 2], 3), 72: ([0, 1, 2, 3, 4], 5)}
_MIX = 0x9E3779B97F4A7C15


def metrics(snapshots: Sequence[str], videos: Sequence[str], ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the columns of `COLUMNS` for every hashtag and hourly window, sorted by hashtag and window_end.

    Parameters
    ----------
    snapshots, videos: Parquet files of `video_snapshots` and `videos`
    ends: ends of consecutive hourly windows
    """
    about = (
        pl.scan_parquet(list(videos))
        .select("creator_id", "sound_id", video=pl.col("video_id").hash(), created=_offset("created_at", ends))
        .collect()
    )
    scan = pl.scan_parquet(list(snapshots), hive_partitioning=True)
    parts = [_of_part(part, about, ends) for part in _parts(scan)]
    return compared(pl.concat(parts), ends)


def _parts(scan: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Return the table bucket by bucket, since a hashtag is in one bucket: less to sort, less in memory."""
    if "bucket" not in scan.collect_schema():
        return [scan]
    buckets = scan.select("bucket").unique().collect()["bucket"]
    return [scan.filter(pl.col("bucket") == bucket) for bucket in buckets]


def _offset(time: str, ends: Sequence[datetime]) -> pl.Expr:
    """Return microseconds since the start of the first window."""
    return pl.col(time).dt.timestamp("us") - (micros(ends[0]) - HOUR_US)


def _of_part(scan: pl.LazyFrame, about: pl.DataFrame, ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the metrics of some hashtags that rest on a hashtag's own rows."""
    readings = _sorted(scan, ends)
    pairs = _pairs(readings, about)
    observed = _observed(readings, pairs)
    del readings
    rows = _summed(observed)
    for kind in ("creator", "sound"):
        rows = rows.join(_people(observed, pairs, kind), on=("tag", "w"), how="left")
    grid = (
        pairs.group_by("tag")
        .agg(pl.col("hashtag").first())
        .join(pl.DataFrame({"w": range(len(ends))}, schema={"w": pl.Int16}), how="cross")
    )
    return _over_time(grid.join(rows, on=("tag", "w"), how="left").sort("tag", "w"), len(ends))


def _sorted(scan: pl.LazyFrame, ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the readings of each pair of hashtag and video together, in order of time."""
    readings = scan.select(
        "hashtag",
        *COUNTERS,
        tag=pl.col("hashtag").cast(pl.Categorical).to_physical(),
        video=pl.col("video_id").hash(),
        at=_offset("fetched_at", ends),
    )
    return (
        readings.filter(pl.col("at") <= len(ends) * HOUR_US)
        .with_columns(w=((pl.col("at") - 1) // HOUR_US).cast(pl.Int16))
        .sort("tag", "video", "at")
        .with_columns(
            first_of_pair=(
                (pl.col("video") != pl.col("video").shift()) | (pl.col("tag") != pl.col("tag").shift())
            ).fill_null(True)
        )
        .with_columns(first=pl.col("first_of_pair") | (pl.col("w") != pl.col("w").shift()))
        .collect()
    )


def _pairs(readings: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    """Return one row a pair, in the order of readings: who is behind it, numbered within the hashtag by id."""
    pairs = readings.filter("first_of_pair").select("hashtag", "tag", "video")
    return (
        pairs.join(about, on="video", how="left", maintain_order="left")
        .with_columns(
            creator=pl.when(pl.col("creator_id").is_not_null()).then(pl.struct("tag", "creator_id")).rank("dense"),
            sound=pl.when(pl.col("sound_id").is_not_null()).then(pl.struct("tag", "sound_id")).rank("dense"),
        )
        .drop("creator_id", "sound_id")
    )


def _observed(readings: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return one row a pair and window: last known counters, gain, and what belongs to the pair."""
    first, known = pl.col("first"), pl.col("plays").is_not_null()
    place = readings["first_of_pair"].cum_sum() - 1
    rows = (
        readings.lazy()
        .with_columns(
            known=pl.when(known).then("plays").when("first_of_pair").then(0).forward_fill(),
            known_at=pl.when(known).then("at").when("first_of_pair").then(_UNKNOWN).forward_fill(),
            last=first.shift(-1).fill_null(True),
        )
        .with_columns(
            (pl.when(pl.col(name).is_null() & first).then(_UNKNOWN).otherwise(name).forward_fill().alias(name))
            for name in COUNTERS
        )
        .with_columns(
            before=pl.when(first).then(pl.col("known").shift(fill_value=0)).forward_fill(),
            before_at=pl.when("first_of_pair")
            .then(_UNKNOWN)
            .when(first)
            .then(pl.col("known_at").shift(fill_value=_UNKNOWN))
            .forward_fill(),
            created=pairs["created"].gather(place),
            creator=pairs["creator"].gather(place),
            sound=pairs["sound"].gather(place),
        )
        .filter("last")
    )
    gone = {name: pl.when(pl.col(name) > _UNKNOWN).then(name) for name in COUNTERS}
    return (
        rows.with_columns(**gone)
        .with_columns(gain=_gain())
        .select("tag", "w", *COUNTERS, "gain", "created", "creator", "sound")
        .collect()
    )


def _gain() -> pl.Expr:
    start = pl.col("w").cast(pl.Int64) * HOUR_US
    share = (HOUR_US / (pl.col("known_at") - pl.col("before_at"))).clip(upper_bound=1.0)
    rise = (pl.col("plays") - pl.col("before")).clip(lower_bound=0)
    return (
        pl.when(pl.col("before_at") >= start - DAY_WINDOWS * HOUR_US)
        .then(rise * share)
        .when(_born())
        .then(pl.col("plays").cast(pl.Float64))
    )


def _born() -> pl.Expr:
    start = pl.col("w").cast(pl.Int64) * HOUR_US
    return (pl.col("created") > start) & (pl.col("created") <= start + HOUR_US)


def _summed(observed: pl.DataFrame) -> pl.DataFrame:
    """Return volumes, rates and retention of each hashtag and window, summed first by age and then over ages."""
    plays = pl.when(pl.col("plays") > 0).then("plays")
    age = (pl.col("w").cast(pl.Int64) + 1) * HOUR_US - pl.col("created")
    group = pl.sum_horizontal((age >= hours * HOUR_US) for hours in _AGES_H).cast(pl.Int8)
    parts = (
        observed.lazy()
        .with_columns(group=pl.when(age >= 0).then(group).otherwise(-1))
        .group_by("tag", "w", "group")
        .agg(
            pl.len().alias("volume"),
            _born().sum().alias("new_videos"),
            pl.col("gain").sum(),
            pl.col("gain").count().alias("known"),
            *(pl.when(plays.is_not_null()).then(name).sum().alias(name) for name in RATED),
            *(pl.when(pl.col(name).is_not_null()).then(plays).sum().alias(f"{name}_plays") for name in RATED),
        )
        .collect(engine="streaming")
    )
    whole = pl.col("volume", "new_videos", "gain", "known", *RATED, *(f"{name}_plays" for name in RATED)).sum()
    return (
        parts.lazy()
        .group_by("tag", "w")
        .agg(whole, *(_retention(hours).alias(f"retention_{hours}") for hours in _RETENTION))
        .collect(engine="streaming")
    )


def _retention(hours: int) -> pl.Expr:
    young, old = pl.col("group").is_in(_RETENTION[hours][0]), pl.col("group") == _RETENTION[hours][1]
    gain, known = pl.col("gain"), pl.col("known")
    sums = [pl.when(which).then(value).otherwise(0).sum() for which in (old, young) for value in (gain, known)]
    old_gain, old_known, young_gain, young_known = sums
    ratio = (old_gain / old_known) / (young_gain / young_known)
    return pl.when((old_known >= 3) & (young_known >= 3) & (young_gain > 0)).then(ratio)


def _people(observed: pl.DataFrame, pairs: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return how many of a kind each hashtag and window has, their dispersion, and their overlap with the day before."""
    members = (
        observed.lazy()
        .filter(pl.col(kind).is_not_null())
        .group_by(kind, "w")
        .agg(pl.col("tag").first(), pl.col("plays").sum(), pl.len().alias("videos"))
        .collect(engine="streaming")
        .sort(kind, "w")
    )
    group = ("tag", "w")
    seen = (pl.col(kind) == pl.col(kind).shift()) & (pl.col("w") - pl.col("w").shift() <= DAY_WINDOWS)
    leads = pl.col("plays").rank("ordinal", descending=True).over(group) <= LEADERS
    videos, count = pl.col("videos").sum(), pl.len()
    even = (videos.log() - (pl.col("videos") * pl.col("videos").log()).sum() / videos) / count.log()
    return (
        members.lazy()
        .with_columns(seen=seen.fill_null(False), leads=leads)
        .group_by(group)
        .agg(
            count.alias(f"{kind}s"),
            (pl.col("seen") & pl.col("leads")).sum().alias(f"{kind}s_seen"),
            pl.when(count > 1).then(even).otherwise(0.0).alias(f"{kind}_dispersion"),
        )
        .collect()
    )


def _over_time(grid: pl.DataFrame, windows: int) -> pl.DataFrame:
    """Return the rows of a grid of hashtags and windows with what compares a hashtag with its own past."""
    return (
        grid.lazy()
        .with_columns(_rates())
        .with_columns(_overlaps())
        .with_columns(velocity=_velocity())
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


def _half_life() -> pl.Expr:
    values = [
        _earlier("engagement_efficiency", back) if back else pl.col("engagement_efficiency")
        for back in range(HALF_LIFE_WINDOWS)
    ]
    logs = [pl.when(value > 0).then(value).log() for value in values]
    used = [log.is_not_null() for log in logs]
    n = pl.sum_horizontal(used).cast(pl.Float64)
    x = pl.sum_horizontal(u * -back for back, u in enumerate(used))
    xx = pl.sum_horizontal(u * back * back for back, u in enumerate(used))
    y = pl.sum_horizontal(logs)
    xy = pl.sum_horizontal(log * -back for back, log in enumerate(logs))
    slope = (n * xy - x * y) / (n * xx - x * x)
    halving = (0.6931471805599453 / -slope).clip(upper_bound=LONGEST_HALF_LIFE_H)
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
