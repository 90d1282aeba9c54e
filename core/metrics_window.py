"""One window's metrics of each hashtag on its own, from the state before it and what was fetched in it (SPEC 3)."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics_decay import HALF_LIFE_WINDOWS, half_life_h, retention
from core.metrics_engagement import engagement
from core.metrics_observed import COUNTERS, LOOK_BACK, Observed, gains, last_counters, volumes
from core.metrics_people import KINDS, dispersion, members, novelty
from core.metrics_ranks import MomentumRule, with_ranks
from core.metrics_readings import (
    MEMBERS,
    member_keys,
    with_keys,
    with_plays,
    with_seen,
    with_tags,
    with_totals,
    with_videos,
)
from core.metrics_state import (
    HISTORY,
    HISTORY_COLUMNS,
    NEVER,
    RECENT_COLUMNS,
    MetricState,
    history_start,
    recent_start,
)
from core.metrics_velocity import acceleration, lanes, velocity, z_scores
from core.metrics_views import DAY, gained_from_totals, views_at
from core.tables import HASHTAG_METRICS, UTC_TIME
from core.time_log import Array, Floats, Ints, TimeLog, micros
from core.windows import FETCH_WINDOW, window_end

LEAST_VOLUME = 3
_TICK = timedelta(microseconds=1)


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
    last = _last(before, readings)
    observed = _observed(before, last, start, end)
    after = with_seen(with_plays(with_totals(before, totals, end), readings, end), last, end)
    codes, columns = _columns(before, after, observed, start, end)
    return _rows(codes, columns, after, end), _remembered(after, codes, columns, end)


def finished(rows: pl.DataFrame, rule: MomentumRule) -> pl.DataFrame:
    """Return the rows of one window as rows of `hashtag_metrics`, with momentum and emerging, sorted by hashtag."""
    ranked = with_ranks(rows.sort("hashtag"), rule)
    return ranked.select(pl.col(name).cast(dtype) for name, dtype in HASHTAG_METRICS.schema.items())


def _start(state: MetricState, end: datetime) -> datetime:
    if state.length <= timedelta(0) or state.length % FETCH_WINDOW:
        raise ValueError(f"a window of {state.length} is not a multiple of {FETCH_WINDOW}")
    if window_end(end, state.length) != end or end - state.length != state.as_of:
        raise ValueError(f"the window after {state.as_of} ends at {state.as_of + state.length}, not at {end}")
    return state.as_of


def _last(before: MetricState, readings: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each observed pair of hashtag and video: last counters, attributes and what was known."""
    last = last_counters(readings)
    attributes = before.videos.find(last["video"].to_numpy())
    earlier = before.pairs.find(last["pair"].to_numpy())
    columns = [*last, *attributes, *earlier, *member_keys(last["code"], attributes)]
    return pl.DataFrame(columns)


def _observed(before: MetricState, last: pl.DataFrame, start: datetime, end: datetime) -> Observed:
    times = ("plays_at", "before_at", "created_at")
    numbers = {name: _floats(last[name]) for name in (*COUNTERS, "plays_before")}
    numbers |= {name: _floats(last[name].to_physical()) for name in times}
    codes, rows = np.unique(last["code"].to_numpy(), return_inverse=True)
    keys = {kind: last[name].to_numpy() for kind, name in zip(KINDS, MEMBERS, strict=True)}
    names = {kind: last[kind] for kind in KINDS}
    return Observed(codes, rows, numbers | {"gain": gains(numbers, start, end)}, keys, names)


def _columns(
    before: MetricState, after: MetricState, observed: Observed, start: datetime, end: datetime
) -> tuple[Array, dict[str, Array]]:
    """Return the hashtags (R,) with an observed video or V known at `end`, and their metrics, NaN where null."""
    tags = len(after.tags)
    views = views_at(after.totals, tags, end)
    codes = np.union1d(observed.codes, np.flatnonzero(~np.isnan(views)))
    place = np.searchsorted(codes, observed.codes)
    columns: dict[str, Array] = {
        name: _spread(values, place, len(codes)) for name, values in _of_videos(before, observed, start, end)
    }
    gained = gained_from_totals(after.totals, tags, end, after.length)[codes]
    known = ~np.isnan(gained)
    columns["views_total"] = views[codes]
    columns["delta_24h"] = (views - views_at(after.totals, tags, end - DAY))[codes]
    columns["views_gained"] = np.where(known, gained, columns["views_increment"])
    columns["from_totals"] = known.astype(np.float64)
    columns["lane"] = lanes(codes, columns["views_gained"], known)
    columns |= _against_the_past(before, columns, codes, tags, end)
    columns["first_detected_at"] = _detected(after.tags["first_detected_at"][codes], columns, end)
    return codes, columns


def _of_videos(before: MetricState, observed: Observed, start: datetime, end: datetime) -> list[tuple[str, Array]]:
    """Return what follows from the observed videos alone."""
    day_before = before.seen.between(start - LOOK_BACK, start)
    kinds = {kind: members(observed, kind) for kind in KINDS}
    earlier = {kind: day_before[name] for kind, name in zip(KINDS, MEMBERS, strict=True)}
    columns = volumes(observed, start, end) | engagement(observed) | retention(observed, end)
    columns["unique_creators"], columns["unique_sounds"] = (kinds[kind].count for kind in KINDS)
    columns["creator_dispersion"] = dispersion(kinds["creator_id"])
    columns["novelty"] = novelty(kinds, earlier)
    return list(columns.items())


def _against_the_past(
    before: MetricState, now: dict[str, Array], codes: Array, tags: int, end: datetime
) -> dict[str, Floats]:
    """Return velocity, acceleration, z_14d and half_life_h of the hashtags at `codes`."""
    start = before.as_of
    gained, lane = (before.history.latest(n, tags, start - _TICK, start)[codes] for n in ("views_gained", "lane"))
    speed = velocity(now["views_gained"], gained, now["lane"] == lane)
    earlier = before.recent.latest("velocity", tags, start - _TICK, start)[codes]
    ends = [end - steps * before.length for steps in range(HALF_LIFE_WINDOWS - 1, 0, -1)]
    past = before.history.between(end - HISTORY - _TICK, start)
    efficiency = [before.recent.latest("engagement_efficiency", tags, at - _TICK, at)[codes] for at in ends]
    return {
        "velocity": speed,
        "acceleration": acceleration(speed, earlier),
        "z_14d": z_scores(now["views_gained"], now["lane"], past["views_gained"], past["lane"]),
        "half_life_h": half_life_h(np.array([*efficiency, now["engagement_efficiency"]]), before.length),
    }


def _detected(earlier: Ints, columns: dict[str, Array], end: datetime) -> Ints:
    now = (columns["volume"] >= LEAST_VOLUME) | ~np.isnan(columns["views_total"])
    return np.where((earlier == NEVER) & now, micros(end), earlier)


def _remembered(after: MetricState, codes: Array, columns: dict[str, Array], end: datetime) -> MetricState:
    """Return the state at `end`, with the window's rows in its history."""
    times = np.full(len(codes), micros(end))
    detected = after.tags["first_detected_at"].copy()
    detected[codes] = columns["first_detected_at"]
    history = TimeLog(times, codes, {name: columns[name] for name in (*HISTORY_COLUMNS, "lane")})
    recent = TimeLog(times, codes, {name: columns[name] for name in RECENT_COLUMNS})
    return replace(
        after,
        as_of=end,
        tags=after.tags.updated(first_detected_at=detected),
        history=after.history.extended(history, history_start(end, after.length)),
        recent=after.recent.extended(recent, recent_start(end, after.length)),
    )


def _rows(codes: Array, columns: dict[str, Array], after: MetricState, end: datetime) -> pl.DataFrame:
    """Return the metrics as a frame: null for NaN, hashtags for codes."""
    detected = pl.col("first_detected_at")
    numbers = [name for name, values in columns.items() if values.dtype == np.float64]
    return pl.DataFrame(columns).select(
        after.tags.names.gather(pl.Series(codes, dtype=pl.UInt32)).alias("hashtag"),
        pl.lit(end, UTC_TIME).alias("window_end"),
        pl.lit(after.minutes, pl.Int64).alias("window_length"),
        pl.col(numbers).fill_nan(None),
        pl.when(pl.col("from_totals") == 1).then(pl.lit("totals")).otherwise(pl.lit("plays")).alias("v_source"),
        pl.when(detected != NEVER).then(detected).cast(UTC_TIME).alias("first_detected_at"),
        pl.lit(end, UTC_TIME).alias("window"),
    )


def _spread(values: Array, place: Array, size: int) -> Floats:
    """Return values at their places among `size`, NaN elsewhere."""
    spread = np.full(size, np.nan)
    spread[place] = values
    return spread


def _floats(values: pl.Series) -> Floats:
    """Return numbers as floats, NaN where they are null."""
    return values.to_numpy().astype(np.float64)
