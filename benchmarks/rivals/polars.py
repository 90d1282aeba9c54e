"""Every metric of docs/formulas.md, section 3, in one process with Polars, window after window.

A rival of `groundswell bench metrics`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import polars as pl

from benchmarks.rivals.columns import COUNTERS, DAY_WINDOWS, LEADERS, RATED, RETENTION_AGES_H
from benchmarks.rivals.polars_compared import compared, over_time
from core.windows import HOUR_US, micros

THREADS = 2
KINDS = ("creator", "sound")
_AGES_H = (0, 6, 12, 24, 48, 72, 144)


def metrics(snapshots: Sequence[str], videos: Sequence[str], ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the columns of `COLUMNS` for every hashtag and hourly window, sorted by hashtag and window_end.

    Parameters
    ----------
    snapshots, videos: Parquet files of `video_snapshots` and `videos`
    ends: ends of consecutive hourly windows
    """
    pairs = _pairs(videos, ends)
    scan = pl.scan_parquet(list(snapshots), hive_partitioning=True)
    with ThreadPoolExecutor(THREADS) as threads:
        parts = threads.map(lambda part: _of_part(part, pairs, ends), _parts(scan))
        return compared(pl.concat(parts), ends)


def _parts(scan: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Return the table in parts with different hashtags, one a core, if it is in buckets by hashtag."""
    if "bucket" not in scan.collect_schema():
        return [scan]
    part = pl.col("bucket") % THREADS
    return [scan.filter(part == number) for number in scan.select(part).unique().collect()["bucket"]]


def _offset(time: str, ends: Sequence[datetime]) -> pl.Expr:
    """Return microseconds since the start of the first window."""
    return pl.col(time).dt.timestamp("us") - (micros(ends[0]) - HOUR_US)


def _of_part(scan: pl.LazyFrame, pairs: pl.DataFrame, ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the metrics of some hashtags that rest on a hashtag's own rows."""
    readings = _readings(scan, pairs, ends)
    if readings["place"].null_count():
        pairs = _with_unknown_videos(pairs, scan)
        readings = _readings(scan, pairs, ends)
    windows = readings.partition_by("w", as_dict=True, maintain_order=False)
    del readings
    part = _Part(pairs)
    rows = pl.concat(part.window(windows.pop(w), *w) for w in sorted(windows))
    names = pairs.lazy().select("tag", "hashtag").unique("tag").join(rows.lazy().select("tag"), on="tag", how="semi")
    grid = names.join(pl.LazyFrame({"w": range(len(ends))}, schema={"w": pl.Int16}), how="cross")
    return over_time(grid.join(rows.lazy(), on=("tag", "w"), how="left").sort("tag", "w").collect(), len(ends))


def _readings(scan: pl.LazyFrame, pairs: pl.DataFrame, ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the readings that matter: counters, time, window, and the place of the hashtag and video among `pairs`."""
    return (
        scan.select(*COUNTERS, pair=_pair("hashtag"), at=_offset("fetched_at", ends))
        .filter(pl.col("at").is_between(-DAY_WINDOWS * HOUR_US, len(ends) * HOUR_US))
        .join(pairs.lazy().select("pair", "place"), on="pair", how="left", maintain_order="none")
        .select(*COUNTERS, "place", "at", w=((pl.col("at") - 1) // HOUR_US).cast(pl.Int16))
        .collect()
    )


def _pair(hashtag: str) -> pl.Expr:
    return pl.col("video_id").hash() ^ pl.col(hashtag).hash(1)


def _pairs(videos: Sequence[str], ends: Sequence[datetime]) -> pl.DataFrame:
    """Return each hashtag of each video: its place, and when and by whom the video was made."""
    people = (pl.col(f"{kind}_id").rank("dense").alias(kind) for kind in KINDS)
    carried = (
        pl.scan_parquet(list(videos))
        .select("video_id", "hashtags", *people, created=_offset("created_at", ends))
        .explode("hashtags")
        .select("created", *KINDS, pair=_pair("hashtags"), hashtag="hashtags")
    )
    return _placed(carried)


def _with_unknown_videos(pairs: pl.DataFrame, scan: pl.LazyFrame) -> pl.DataFrame:
    read = scan.select("hashtag", pair=_pair("hashtag")).unique("pair")
    unknown = read.join(pairs.lazy(), on="pair", how="anti")
    return _placed(pl.concat([pairs.lazy().drop("place", "tag"), unknown], how="diagonal"))


def _placed(pairs: pl.LazyFrame) -> pl.DataFrame:
    """Return the pairs with a code of the hashtag, people numbered within it, and each pair's place."""
    coded = pairs.with_columns(tag=pl.col("hashtag").cast(pl.Categorical).to_physical())
    return coded.with_columns(map(_numbered, KINDS)).with_row_index("place").collect()


def _numbered(kind: str) -> pl.Expr:
    """Return a small number for each member of a hashtag, in the order of ids."""
    return ((pl.col("tag").cast(pl.UInt64) * 2**32 + pl.col(kind)).rank("dense") - 1).alias(kind)


class _Part:
    """Some hashtags, window after window: the last known plays of each pair, the last window of each member."""

    def __init__(self, pairs: pl.DataFrame) -> None:
        self._pairs = pairs
        self._before = pl.repeat(None, pairs.height, dtype=pl.Int64, eager=True)
        self._before_at = self._before.clone()
        members = {kind: pairs[kind].n_unique() + 1 for kind in KINDS}
        self._seen = {kind: pl.repeat(None, size, dtype=pl.Int16, eager=True) for kind, size in members.items()}
        self._tags = {kind: pl.repeat(0, size, dtype=pl.UInt32, eager=True) for kind, size in members.items()}
        for kind in KINDS:
            named = pairs.filter(pl.col(kind).is_not_null())
            self._tags[kind] = self._tags[kind].scatter(named[kind], named["tag"])

    def window(self, readings: pl.DataFrame, w: int) -> pl.DataFrame:
        """Return a row for each hashtag read in the window, from its readings, and remember them."""
        observed = self._observed(_last_known(readings), w)
        rows = _summed(observed, w)
        for kind in KINDS:
            rows = rows.join(self._people(observed, kind, w), on="tag", how="left")
        return rows

    def _observed(self, last: pl.DataFrame, w: int) -> pl.DataFrame:
        place = last["place"]
        observed = last.with_columns(
            *self._pairs.select(pl.col("tag", "created", *KINDS).gather(place)),
            before=self._before.gather(place),
            before_at=self._before_at.gather(place),
        ).with_columns(gain=_gain(w * HOUR_US))
        played = last.select("place", "plays", "at") if not last["plays"].null_count() else last.drop_nulls("plays")
        self._before.scatter(played["place"], played["plays"])
        self._before_at.scatter(played["place"], played["at"])
        return observed

    def _people(self, observed: pl.DataFrame, kind: str, w: int) -> pl.DataFrame:
        """Return how many members of a kind each hashtag has, their dispersion, their overlap with the day before."""
        members = (
            observed.lazy()
            .select(kind, pl.col("plays").fill_null(0))
            .filter(pl.col(kind).is_not_null())
            .group_by(kind)
            .agg(pl.col("plays").sum(), pl.len().cast(pl.Float64).alias("videos"))
            .sort(kind)
            .collect()
        )
        numbers = members[kind]
        members = members.with_columns(tag=self._tags[kind].gather(numbers), earlier=self._seen[kind].gather(numbers))
        self._seen[kind].scatter(numbers, w)
        return _shares(members, kind, w)


def _last_known(readings: pl.DataFrame) -> pl.DataFrame:
    """Return one row a pair: of each counter the last known value, `at` when the plays were read."""
    if readings["place"].n_unique() == readings.height:
        return readings
    read = pl.when(pl.col("plays").is_not_null()).then("at").max()
    return readings.sort("at").group_by("place").agg(pl.col(COUNTERS).last(ignore_nulls=True), read.alias("at"))


def _gain(start: int) -> pl.Expr:
    share = (HOUR_US / (pl.col("at") - pl.col("before_at"))).clip(upper_bound=1.0)
    rise = (pl.col("plays") - pl.col("before")).clip(lower_bound=0)
    return (
        pl.when(pl.col("before_at") >= start - DAY_WINDOWS * HOUR_US)
        .then(rise * share)
        .when(_born(start))
        .then(pl.col("plays").cast(pl.Float64))
    )


def _born(start: int) -> pl.Expr:
    return (pl.col("created") > start) & (pl.col("created") <= start + HOUR_US)


def _summed(observed: pl.DataFrame, w: int) -> pl.DataFrame:
    """Return volumes, rates and retention of each hashtag, summed first by age of the videos and then over ages."""
    plays = pl.when(pl.col("plays") > 0).then("plays")
    age = (w + 1) * HOUR_US - pl.col("created")
    group = pl.sum_horizontal((age >= hours * HOUR_US).cast(pl.UInt32) for hours in _AGES_H).fill_null(0)
    return (
        observed.lazy()
        .select(
            "gain",
            tag_age=pl.col("tag") * 8 + group,
            born=_born(w * HOUR_US),
            **{name: pl.when(plays.is_not_null()).then(name) for name in RATED},
            **{f"{name}_plays": pl.when(pl.col(name).is_not_null()).then(plays) for name in RATED},
        )
        .group_by("tag_age")
        .agg(
            pl.len().alias("volume"),
            pl.col("born").sum().alias("new_videos"),
            pl.col("gain").count().alias("known"),
            pl.col("gain", *RATED, *(f"{name}_plays" for name in RATED)).sum(),
        )
        .with_columns(tag=pl.col("tag_age") // 8, group=pl.col("tag_age") % 8)
        .group_by("tag")
        .agg(
            pl.lit(w, pl.Int16).alias("w"),
            pl.col("volume", "new_videos", "gain", "known", *RATED, *(f"{name}_plays" for name in RATED)).sum(),
            *(_retention(hours).alias(f"retention_{hours}") for hours in RETENTION_AGES_H),
        )
        .collect()
    )


def _retention(hours: int) -> pl.Expr:
    limit = _AGES_H.index(hours) + 1
    young, old = pl.col("group").is_between(1, limit - 1), pl.col("group") == limit
    gain, gains_known = pl.col("gain"), pl.col("known")
    sums = [pl.when(which).then(value).otherwise(0).sum() for which in (old, young) for value in (gain, gains_known)]
    old_gain, old_known, young_gain, young_known = sums
    ratio = (old_gain / old_known) / (young_gain / young_known)
    return pl.when((old_known >= 3) & (young_known >= 3) & (young_gain > 0)).then(ratio)


def _shares(members: pl.DataFrame, kind: str, w: int) -> pl.DataFrame:
    seen = (pl.col("earlier") >= w - DAY_WINDOWS).fill_null(False)
    leads = pl.col("plays").rank("ordinal", descending=True).over("tag") <= LEADERS
    videos, count = pl.col("videos").sum(), pl.len()
    even = (videos.log() - pl.col("logs").sum() / videos) / count.log()
    return (
        members.lazy()
        .with_columns(seen_leads=seen & leads, logs=pl.col("videos") * pl.col("videos").log())
        .group_by("tag")
        .agg(
            count.alias(f"{kind}s"),
            pl.col("seen_leads").sum().alias(f"{kind}s_seen"),
            pl.when(count > 1).then(even).otherwise(0.0).alias(f"{kind}_dispersion"),
        )
        .collect()
    )
