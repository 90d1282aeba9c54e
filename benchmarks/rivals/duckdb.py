"""Every metric of docs/formulas.md, section 3, in SQL with DuckDB: a rival of `groundswell bench metrics`."""

from collections.abc import Sequence
from datetime import datetime

import duckdb
import polars as pl

from benchmarks.rivals.columns import COLUMNS, COUNTERS, MOMENTUM, RATED, RETENTION_AGES_H, Z_LEAST
from core.windows import HOUR_US, micros

_THREADS = 2
_BEFORE = 25
_LONGEST = 100

_VIDEOS = """
CREATE TEMP TABLE about AS
SELECT hash(video_id) AS video, epoch_us(created_at) - $start AS created,
    CASE WHEN creator_id IS NOT NULL THEN dense_rank() OVER (ORDER BY creator_id) END::UINTEGER AS creator,
    CASE WHEN sound_id IS NOT NULL THEN dense_rank() OVER (ORDER BY sound_id) END::UINTEGER AS sound
FROM read_parquet($videos, hive_partitioning = false)
"""

_TAGS = """
CREATE TEMP TABLE tags AS
SELECT hashtag, row_number() OVER (ORDER BY hashtag)::UINTEGER AS tag
FROM (SELECT DISTINCT hashtag FROM read_parquet($snapshots, hive_partitioning = false))
"""

# plays and when they were last known before each reading; `many` marks windows that read a video more than once
_READINGS = f"""
CREATE TEMP TABLE readings AS
WITH timed AS (
    SELECT hashtag, hash(video_id) AS video, epoch_us(fetched_at) - $start AS t, {", ".join(COUNTERS)}
    FROM read_parquet($snapshots, hive_partitioning = false)
), windowed AS (
    SELECT * EXCLUDE hashtag, floor((t - 1) / {HOUR_US})::SMALLINT AS w
    FROM timed JOIN tags USING (hashtag) WHERE t BETWEEN -24 * {HOUR_US} AND $last
)
SELECT *, lag(plays IGNORE NULLS) OVER pair AS before,
    lag(CASE WHEN plays IS NOT NULL THEN t END IGNORE NULLS) OVER pair AS before_at,
    coalesce(lag(w) OVER pair = w, false) OR coalesce(lead(w) OVER pair = w, false) AS many
FROM windowed WINDOW pair AS (PARTITION BY tag, video ORDER BY t)
"""

_OBSERVED = f"""
CREATE TEMP TABLE observed AS
WITH once AS (
    SELECT tag, video, w, {", ".join(COUNTERS)}, before, before_at, t AS plays_at FROM readings WHERE NOT many
    UNION ALL
    SELECT tag, video, w, {", ".join(f"arg_max({name}, t)" for name in COUNTERS)},
        arg_min_null(before, t), arg_min_null(before_at, t), max(t) FILTER (plays IS NOT NULL)
    FROM readings WHERE many GROUP BY tag, video, w
)
SELECT tag, w, {", ".join(COUNTERS)}, creator, sound,
    created > w * {HOUR_US} AND created <= (w + 1) * {HOUR_US} AS born,
    (w + 1) * {HOUR_US} - created AS age,
    CASE WHEN plays IS NULL THEN NULL
        WHEN before_at >= (w - 24) * {HOUR_US}
        THEN greatest(0, plays - before) * least(1.0::DOUBLE, {HOUR_US}::DOUBLE / (plays_at - before_at))
        WHEN created > w * {HOUR_US} AND created <= (w + 1) * {HOUR_US} THEN plays::DOUBLE END AS gain
FROM once LEFT JOIN about USING (video)
"""


def _rate(name: str) -> str:
    both = f"FILTER (plays > 0 AND {name} IS NOT NULL)"
    return f"sum({name}) {both} / sum(plays) {both} AS {name}_rate"


def _retention(hours: int) -> str:
    limit = hours * HOUR_US
    old, young = f"FILTER (age >= {limit} AND age < {2 * limit})", f"FILTER (age >= 0 AND age < {limit})"
    enough = f"count(gain) {old} >= 3 AND count(gain) {young} >= 3 AND sum(gain) {young} > 0"
    return f"CASE WHEN {enough} THEN avg(gain) {old} / avg(gain) {young} END AS retention_{hours}"


_SUMMED = f"""
CREATE TEMP TABLE summed AS
SELECT tag, w, count(*) AS volume, count(*) FILTER (born) AS new_videos, sum(gain) AS views_increment,
    count(gain) / count(*) AS increment_coverage, {", ".join(map(_rate, RATED))},
    {", ".join(map(_retention, RETENTION_AGES_H))}
FROM observed WHERE w >= 0 GROUP BY tag, w
"""


def _people(kind: str) -> str:
    """Return the query for how many there are, their dispersion, and how many of the 20 most viewed are not new.

    `there` has a bit for each window a member was observed in; the day before a window is 24 of them. Leaders are the
    largest by (plays, then the smaller number), packed into one integer.
    """
    return f"""
CREATE TEMP TABLE {kind}s AS
WITH members AS (
    SELECT tag, {kind}, w, coalesce(sum(plays), 0)::BIGINT AS plays, count(*) AS videos
    FROM observed WHERE {kind} IS NOT NULL GROUP BY tag, {kind}, w
), known AS (
    SELECT tag, {kind}, bit_or(1::HUGEINT << (w + {_BEFORE})::INTEGER) AS there FROM members GROUP BY tag, {kind}
), shares AS (
    SELECT tag, w, count(*) AS n, sum(videos) AS videos, sum(videos * ln(videos)) AS logs,
        arg_max(
            (((there >> (w + {_BEFORE} - 24)) & {2**24 - 1}) <> 0)::TINYINT,
            plays * (SELECT max({kind}) + 1 FROM about)::BIGINT - {kind},
            20
        ) AS leaders
    FROM members JOIN known USING (tag, {kind}) WHERE w >= 0 GROUP BY tag, w
)
SELECT tag, w, n AS unique_{kind}s, list_sum(leaders) / len(leaders) AS {kind}s_overlap,
    CASE WHEN n > 1 THEN (ln(videos) - logs / videos) / ln(n) ELSE 0 END AS {kind}_dispersion
FROM shares
"""


# a z-score needs 24 earlier windows
_NO_Z_SCORES = "0 AS past_values, 0.0::DOUBLE AS past_mean, 0.0::DOUBLE AS past_deviation"
_Z_SCORES = """count(views_gained) OVER fortnight AS past_values,
        avg(views_gained) OVER fortnight AS past_mean, stddev_pop(views_gained) OVER fortnight AS past_deviation"""

_OVER_TIME = """
CREATE TEMP TABLE over_time AS
WITH put_together AS (
    SELECT *, views_increment AS views_gained,
        CASE WHEN likes_rate IS NOT NULL OR comments_rate IS NOT NULL OR shares_rate IS NOT NULL
            THEN coalesce(likes_rate, 0) + coalesce(comments_rate, 0) + coalesce(shares_rate, 0)
            END AS engagement_efficiency,
        1 - coalesce((creators_overlap + sounds_overlap) / 2, creators_overlap, sounds_overlap) AS novelty
    FROM summed LEFT JOIN creators USING (tag, w) LEFT JOIN sounds USING (tag, w)
), compared AS (
    SELECT *, CASE WHEN lag(w) OVER past = w - 1 THEN lag(views_gained) OVER past END AS gained_before,
        regr_slope(CASE WHEN engagement_efficiency > 0 THEN ln(engagement_efficiency) END, w) OVER half AS slope,
        count(CASE WHEN engagement_efficiency > 0 THEN 1 END) OVER half AS points,
        {z_scores}
    FROM put_together
    WINDOW past AS (PARTITION BY tag ORDER BY w),
        half AS (PARTITION BY tag ORDER BY w RANGE BETWEEN 11 PRECEDING AND CURRENT ROW),
        fortnight AS (PARTITION BY tag ORDER BY w RANGE BETWEEN 336 PRECEDING AND 1 PRECEDING)
), moving AS (
    SELECT *, CASE WHEN views_gained IS NULL OR gained_before IS NULL THEN NULL
        WHEN gained_before = 0 THEN CASE WHEN views_gained = 0 THEN 0.0::DOUBLE ELSE 10.0::DOUBLE END
        ELSE least(10.0::DOUBLE, greatest(-1.0::DOUBLE, (views_gained - gained_before) / gained_before))
        END AS velocity,
    FROM compared
), before AS (
    SELECT *, CASE WHEN lag(w) OVER past = w - 1 THEN lag(velocity) OVER past END AS velocity_before
    FROM moving WINDOW past AS (PARTITION BY tag ORDER BY w)
)
SELECT *, CASE WHEN velocity IS NOT NULL AND velocity_before IS NOT NULL
        THEN least(10.0::DOUBLE, greatest(-10.0::DOUBLE,
            (velocity - velocity_before) / greatest(abs(velocity_before), 0.1::DOUBLE))) END AS acceleration,
    CASE WHEN points >= 3 AND slope < -1e-12 THEN least(720.0::DOUBLE, ln(2) / -slope) END AS half_life_h,
    CASE WHEN past_values >= 24 AND past_deviation > 1e-12 * abs(past_mean)
        THEN (views_gained - past_mean) / past_deviation END AS z_14d
FROM before
"""


def _over_time(windows: int) -> str:
    return _OVER_TIME.format(z_scores=_Z_SCORES if windows > Z_LEAST else _NO_Z_SCORES)


def _rank(name: str) -> str:
    value = f"round({name}, 12)"
    below = f"rank() OVER (PARTITION BY w ORDER BY {value} NULLS LAST)"
    same = f"count(*) OVER (PARTITION BY w, {value})"
    counted = f"count({name}) OVER (PARTITION BY w)"
    return f"CASE WHEN {name} IS NULL THEN 0.5 ELSE ({below} + ({same} - 1) / 2 - 0.5) / {counted} END"


_RESULT = f"""
WITH ranked AS (
    SELECT *, {" + ".join(f"{weight}::DOUBLE * {_rank(name)}" for name, weight in MOMENTUM.items())} AS momentum
    FROM over_time
), ordered AS (
    SELECT w, quantile_cont(momentum, 0.95) AS top FROM ranked GROUP BY w
)
SELECT {{columns}}
FROM ranked JOIN ordered USING (w) JOIN tags USING (tag)
"""


def metrics(snapshots: Sequence[str], videos: Sequence[str], ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the columns of `COLUMNS` for every hashtag and hourly window, sorted by hashtag and window_end.

    Parameters
    ----------
    snapshots, videos: Parquet files of `video_snapshots` and `videos`
    ends: ends of consecutive hourly windows, at most 100 (else a ValueError)
    """
    if len(ends) > _LONGEST:
        raise ValueError(f"{len(ends)} windows are more than {_LONGEST}")
    start = micros(ends[0]) - HOUR_US
    with duckdb.connect(config={"threads": _THREADS, "preserve_insertion_order": False}) as db:
        db.execute(_VIDEOS, {"start": start, "videos": list(videos)})
        db.execute(_TAGS, {"snapshots": list(snapshots)})
        db.execute(_READINGS, {"start": start, "last": len(ends) * HOUR_US, "snapshots": list(snapshots)})
        db.execute(_OBSERVED)
        db.execute("DROP TABLE readings")
        for query in (_SUMMED, _people("creator"), _people("sound"), _over_time(len(ends))):
            db.execute(query)
        query = _RESULT.format(columns=", ".join(map(_column, COLUMNS)))
        rows = pl.DataFrame(db.sql(query, params={"first": micros(ends[0])}).to_arrow_table())
    return rows.with_columns(pl.col("window_end").dt.replace_time_zone("UTC")).sort("hashtag", "window_end")


def _column(name: str) -> str:
    made = {
        "window_end": f"make_timestamp($first + w * {HOUR_US})",
        "unique_creators": "coalesce(unique_creators, 0)::BIGINT",
        "unique_sounds": "coalesce(unique_sounds, 0)::BIGINT",
        "emerging": "coalesce(momentum >= top - 1e-12 AND novelty >= 0.6 AND volume >= 3, false)",
    }
    return f"{made[name]} AS {name}" if name in made else name
