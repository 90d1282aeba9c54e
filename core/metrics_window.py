"""One window's metrics of each hashtag on its own, from the state before it and what was fetched in it (SPEC 3)."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics_decay import HALF_LIFE_WINDOWS, half_life_h, retention
from core.metrics_engagement import efficiency, rates
from core.metrics_increments import LOOK_BACK, gain, last_counters, volumes
from core.metrics_people import KINDS, dispersion, distinct, novelty
from core.metrics_ranks import MomentumRule, with_ranks
from core.metrics_readings import ATTRIBUTES, with_keys, with_plays, with_seen, with_tags, with_totals, with_videos
from core.metrics_state import HISTORY, HISTORY_COLUMNS, NEVER, MetricState, history_start
from core.metrics_velocity import acceleration, velocity, z_scores
from core.metrics_views import DAY, gained_from_totals, views_at
from core.tables import HASHTAG_METRICS, UTC_TIME
from core.time_log import Array, Floats, Ints, TimeLog, micros
from core.windows import FETCH_WINDOW, window_end

LEAST_VOLUME = 3


def window_metrics(
    state: MetricState,
    end: datetime,
    video_snapshots: pl.DataFrame,
    hashtag_snapshots: pl.DataFrame,
    videos: pl.DataFrame,
) -> tuple[pl.DataFrame, MetricState]:
    """Return the rows of the window that ends at `end`, without momentum and emerging, and the state after it.

    Each row rests on its own hashtag alone, so that hashtags can be computed apart and put together by `finished`.
    Readings outside the window are not looked at. An `end` that is not the next window's is a ValueError.
    """
    start = _start(state, end)
    inside = pl.col("fetched_at").is_between(start, end, closed="right")
    readings, totals = video_snapshots.filter(inside), hashtag_snapshots.filter(inside)
    before = with_videos(with_tags(state, readings, totals), videos)
    readings = with_keys(readings, before.tags)
    observed = _observed(before, readings, start, end)
    after = with_seen(with_plays(with_totals(before, totals, end), readings, end), observed, end)
    rows = _rows(before, after, observed, start, end)
    return _table_rows(rows, after), _remembered(after, rows, end)


def finished(rows: pl.DataFrame, rule: MomentumRule) -> pl.DataFrame:
    """Return the rows of one window as rows of `hashtag_metrics`, with momentum and emerging, sorted by hashtag."""
    schema = pl.Schema(HASHTAG_METRICS.schema)
    return with_ranks(rows.sort("hashtag"), rule).select(schema.names()).cast(schema)


def _start(state: MetricState, end: datetime) -> datetime:
    if state.length <= timedelta(0) or state.length % FETCH_WINDOW:
        raise ValueError(f"a window of {state.length} is not a multiple of {FETCH_WINDOW}")
    if window_end(end, state.length) != end or end - state.length != state.as_of:
        raise ValueError(f"the window after {state.as_of} ends at {state.as_of + state.length}, not at {end}")
    return state.as_of


def _observed(before: MetricState, readings: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
    """Return the observed videos: last counters, attributes, earlier plays and gain, by (code, video_id)."""
    last = last_counters(readings)
    attributes = before.videos.find(last["video"].to_numpy()).select(ATTRIBUTES)
    earlier = before.pairs.find(last["pair"].to_numpy()).select("plays_before", "before_at")
    return pl.concat([last, attributes, earlier], how="horizontal").with_columns(gain(start, end))


def _rows(
    before: MetricState, after: MetricState, observed: pl.DataFrame, start: datetime, end: datetime
) -> pl.DataFrame:
    """Return one row for each hashtag with an observed video or V known at `end`, by code."""
    views = views_at(after.totals, len(after.tags), end)
    by_tag = _of_videos(before, observed, start, end)
    codes = np.union1d(by_tag["code"].to_numpy(), np.flatnonzero(~np.isnan(views)))
    rows = pl.DataFrame({"code": pl.Series(codes, dtype=pl.Int32)}).join(by_tag, "code", "left", maintain_order="left")
    gained = gained_from_totals(after.totals, len(after.tags), end, after.length)[codes]
    day_before = views_at(after.totals, len(after.tags), end - DAY)
    from_totals = ~np.isnan(gained)
    numbers = {
        "views_total": views[codes],
        "delta_24h": (views - day_before)[codes],
        "views_gained": np.where(from_totals, gained, _floats(rows, "views_increment")),
        "from_totals": from_totals.astype(np.float64),
    }
    numbers |= _against_the_past(before.history, numbers, codes, len(after.tags), start, end)
    numbers["half_life_h"] = _half_lives(before, rows, codes, len(after.tags), end)
    detected = _detected(after.tags["first_detected_at"][codes], rows, views[codes], end)
    return rows.with_columns(
        *(pl.Series(name, values).fill_nan(None) for name, values in numbers.items()),
        pl.Series("first_detected_at", detected),
    )


def _of_videos(before: MetricState, observed: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
    """Return what follows from a window's observed videos alone, one row a hashtag."""
    day_before = before.seen.between(start - LOOK_BACK, start)
    return (
        observed.lazy()
        .group_by("code", maintain_order=True)
        .agg(*volumes(start, end), *distinct(), *rates(), *retention(end))
        .with_columns(engagement_efficiency=efficiency())
        .join(dispersion(observed).lazy(), "code", "left", maintain_order="left")
        .join(
            novelty(observed, {kind: day_before[kind] for kind in KINDS}).lazy(), "code", "left", maintain_order="left"
        )
        .collect()
    )


def _against_the_past(
    history: TimeLog, now: dict[str, Floats], codes: Array, tags: int, start: datetime, end: datetime
) -> dict[str, Floats]:
    """Return velocity, acceleration and z_14d of the rows at `codes`."""
    eve = start - timedelta(microseconds=1)
    before = {
        name: history.latest(name, tags, eve, start)[codes] for name in ("views_gained", "from_totals", "velocity")
    }
    speed = velocity(now["views_gained"], before["views_gained"], now["from_totals"] == before["from_totals"])
    place, source = np.full(tags, -1), np.full(tags, np.nan)
    place[codes], source[codes] = np.arange(len(codes)), now["from_totals"]
    past = history.between(end - HISTORY - timedelta(microseconds=1), start)
    comparable = ~np.isnan(past["views_gained"]) & (past["from_totals"] == source[past.codes])
    at = place[past.codes[comparable]]
    return {
        "velocity": speed,
        "acceleration": acceleration(speed, before["velocity"]),
        "z_14d": z_scores(now["views_gained"], past["views_gained"][comparable], at),
    }


def _half_lives(before: MetricState, rows: pl.DataFrame, codes: Array, tags: int, end: datetime) -> Floats:
    ends = [end - steps * before.length for steps in range(HALF_LIFE_WINDOWS - 1, 0, -1)]
    tick = timedelta(microseconds=1)
    past = [before.history.latest("engagement_efficiency", tags, moment - tick, moment)[codes] for moment in ends]
    return half_life_h(np.array([*past, _floats(rows, "engagement_efficiency")]), before.length)


def _detected(earlier: Ints, rows: pl.DataFrame, views: Floats, end: datetime) -> Ints:
    now = (rows["volume"].fill_null(0).to_numpy() >= LEAST_VOLUME) | ~np.isnan(views)
    return np.where((earlier == NEVER) & now, micros(end), earlier)


def _remembered(after: MetricState, rows: pl.DataFrame, end: datetime) -> MetricState:
    """Return the state at `end`, with the window's rows in its history."""
    codes = rows["code"].to_numpy()
    log = TimeLog(np.full(len(codes), micros(end)), codes, {name: _floats(rows, name) for name in HISTORY_COLUMNS})
    detected = after.tags["first_detected_at"].copy()
    detected[codes] = rows["first_detected_at"].to_numpy()
    history = after.history.extended(log, history_start(end, after.length))
    return replace(after, as_of=end, tags=after.tags.updated(first_detected_at=detected), history=history)


def _table_rows(rows: pl.DataFrame, after: MetricState) -> pl.DataFrame:
    end = after.as_of + after.length
    detected = pl.col("first_detected_at")
    return rows.with_columns(
        after.tags.names.gather(rows["code"]).alias("hashtag"),
        pl.lit(end, UTC_TIME).alias("window_end"),
        pl.lit(after.minutes).alias("window_length"),
        pl.when(pl.col("from_totals") == 1).then(pl.lit("totals")).otherwise(pl.lit("plays")).alias("v_source"),
        pl.when(detected != NEVER).then(detected).cast(UTC_TIME).alias("first_detected_at"),
        pl.lit(end, UTC_TIME).alias("window"),
    ).drop("code", "from_totals")


def _floats(rows: pl.DataFrame, name: str) -> Floats:
    """Return a column as floats, NaN where it is null."""
    return rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
