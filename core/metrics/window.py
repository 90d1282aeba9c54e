"""Metrics of each hashtag on its own, window by window, from the state before and the readings since.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics.formulas import (
    HALF_LIFE_WINDOWS,
    LEAST_VOLUME,
    TOTALS_HORIZON,
    MomentumRule,
    acceleration,
    engagement,
    gained_from_totals,
    half_life_h,
    lanes,
    retention,
    velocity,
    views_at,
    volumes,
    with_ranks,
    z_scores,
)
from core.metrics.observed import (
    Observed,
    VideoReadings,
    floats,
    gains,
    last_readings,
    plays_before,
    starts_of,
)
from core.metrics.people import KINDS, dispersion, novelty
from core.metrics.readings import (
    MEMBERS,
    member_keys,
    with_keys,
    with_plays,
    with_seen,
    with_tags,
    with_totals,
    with_videos,
)
from core.metrics.state import (
    HISTORY,
    HISTORY_COLUMNS,
    NEVER,
    RECENT_COLUMNS,
    MetricState,
    history_start,
    recent_start,
)
from core.metrics.tally import Tally, tally
from core.metrics.time_log import Array, Floats, Ints, TimeLog
from core.tables import HASHTAG_METRICS, UTC_TIME
from core.windows import DAY, FETCH_WINDOW, MICROSECOND, micros, window_end, window_ends


def window_metrics(
    state: MetricState,
    end: datetime,
    video_snapshots: pl.DataFrame,
    hashtag_snapshots: pl.DataFrame,
    videos: pl.DataFrame,
) -> tuple[pl.DataFrame, MetricState]:
    """Return the rows of the windows after `state.as_of` up to `end`, without momentum and emerging, and the state.

    Each row depends on its own hashtag alone, so that hashtags can be computed apart and put together by `finished`.
    Readings outside these windows are ignored.

    Parameters
    ----------
    state: the state at the start of the first window
    end: end of the last window; raises ValueError unless a window of the state's length ends there
    video_snapshots, hashtag_snapshots: rows of those tables
    videos: rows of `videos`, at least those of the videos read for the first time
    """
    informed = with_tags(state, _inside(state, end, hashtag_snapshots))
    informed, readings = taken_in(informed, end, [video_snapshots])
    observation = observe(with_videos(informed, videos), readings, end)
    return rows_of_windows(observation.state_after(end), end, observation.tally, hashtag_snapshots)


@dataclass(frozen=True)
class Observation:
    """What was observed of videos in some windows.

    Parameters
    ----------
    tally: what the observed videos add up to
    before: the state before these windows, which already knows the hashtags and videos observed
    """

    tally: Tally
    before: MetricState
    _observed: Observed = field(repr=False)
    _readings: VideoReadings = field(repr=False)

    def state_after(self, end: datetime) -> MetricState:
        """Return the state that includes all those readings; `rows_of_windows` moves its `as_of`."""
        played = with_plays(self.before, self._readings, end)
        return with_seen(played, _seen(self._observed, self._readings), end)


def taken_in(
    state: MetricState, end: datetime, video_snapshots: Iterable[pl.DataFrame]
) -> tuple[MetricState, VideoReadings]:
    """Return the state with all hashtags under which videos were read up to `end`, and the readings in order.

    Only the numbers of each frame are kept, so that frames read one by one are never all held as text.
    """
    informed, numbers = state, []
    for frame in video_snapshots:
        inside = _inside(state, end, frame)
        informed = with_tags(informed, inside)
        numbers.append(with_keys(inside, informed.tags).drop("hashtag", "video_id"))
    return informed, VideoReadings.of(pl.concat(numbers))


def observe(state: MetricState, readings: VideoReadings, end: datetime) -> Observation:
    """Return what is observed of videos in the windows up to `end`; parts of the videos can be observed apart.

    Parameters
    ----------
    state, readings: as `taken_in` returns them; the state also has to know the videos
    end: end of the last window
    """
    observed = _observed(state, readings, _ends(state, end))
    earlier = {kind: (state.seen[name], state.seen.times) for kind, name in zip(KINDS, MEMBERS, strict=True)}
    return Observation(tally(observed, earlier), state, observed, readings)


def rows_of_windows(
    state: MetricState, end: datetime, tallied: Tally, hashtag_snapshots: pl.DataFrame
) -> tuple[pl.DataFrame, MetricState]:
    """Return the rows of the windows up to `end` from the tally of all their videos, and the state at `end`.

    Parameters
    ----------
    state: the state at the start of the first window, with a code for every hashtag of `hashtag_snapshots`
    end: end of the last window
    tallied: the tally of all videos observed in the windows
    hashtag_snapshots: readings of totals
    """
    ends = _ends(state, end)
    after = with_totals(state, _inside(state, end, hashtag_snapshots), ends[0])
    of_videos = {name: values.reshape(len(ends), -1) for name, values in _of_videos(tallied).items()}
    windows = []
    for window, moment in enumerate(ends):
        codes, columns = _columns(after, {name: values[window] for name, values in of_videos.items()}, moment)
        windows.append({"code": codes, "end": np.full(len(codes), micros(moment)), **columns})
        after = _remembered(after, codes, columns, moment)
    rows = _rows({name: np.concatenate([columns[name] for columns in windows]) for name in windows[0]}, after)
    return rows, replace(after, totals=after.totals.between(end - TOTALS_HORIZON, end))


def finished(rows: pl.DataFrame, rule: MomentumRule) -> pl.DataFrame:
    """Return rows as those of `hashtag_metrics`, with momentum and emerging, sorted by window and hashtag."""
    ranked = with_ranks(rows.sort("window_end", "hashtag"), rule)
    return ranked.select(pl.col(name).cast(dtype) for name, dtype in HASHTAG_METRICS.schema.items())


def _inside(state: MetricState, end: datetime, rows: pl.DataFrame) -> pl.DataFrame:
    times = rows["fetched_at"].to_physical().to_numpy()
    inside = (times > micros(state.as_of)) & (times <= micros(end))
    return rows if inside.all() else rows.filter(pl.Series(inside, dtype=pl.Boolean))


def _ends(state: MetricState, end: datetime) -> list[datetime]:
    if state.length <= timedelta(0) or state.length % FETCH_WINDOW:
        raise ValueError(f"a window of {state.length} is not a multiple of {FETCH_WINDOW}")
    if window_end(end, state.length) != end or end <= state.as_of:
        raise ValueError(f"the window after {state.as_of} ends at {state.as_of + state.length}, not at {end}")
    return list(window_ends(state.as_of, end, state.length))


def _observed(before: MetricState, readings: VideoReadings, ends: list[datetime]) -> Observed:
    """Return what was observed of each pair in each window, given what was known of it before."""
    length = micros(before.length)
    stops = np.array([micros(end) for end in ends])
    windows = (readings.times - (stops[0] - length) - 1) // length
    starts = np.flatnonzero(starts_of(readings.pairs, windows))
    numbers, plays_at, last = last_readings(readings, starts)
    attributes, pairs_before = before.videos.find(readings.videos), before.pairs.find(readings.keys)
    numbers["created_at"] = floats(attributes["created_at"].to_physical())[readings.pairs[last]]
    observed = Observed(
        len(before.tags), stops - length, stops, windows[last], readings.pairs[last], readings.codes, numbers,
        readings.times[last],
        member_keys(before.tags, readings.codes, attributes), {kind: attributes[kind] for kind in KINDS},
    )  # fmt: skip
    earlier = plays_before(
        numbers["plays"],
        plays_at,
        observed.pairs,
        floats(pairs_before["plays_before"]),
        floats(pairs_before["before_at"]),
    )
    return replace(observed, numbers=numbers | {"gain": gains(observed, plays_at, *earlier)})


def _seen(observed: Observed, readings: VideoReadings) -> pl.DataFrame:
    """Return when each pair was last observed, with the keys of its creator and sound."""
    last = np.flatnonzero(np.diff(observed.pairs, append=-1))
    keys = {name: observed.members[kind] for kind, name in zip(KINDS, MEMBERS, strict=True)}
    columns = {"code": readings.codes, "video": readings.videos, "pair": readings.keys, **keys}
    return pl.DataFrame(columns | {"read_at": observed.read_at[last]})


def _of_videos(tallied: Tally) -> dict[str, Floats]:
    """Return the metrics that follow from the observed videos alone, for each cell (C,), NaN where null."""
    columns = volumes(tallied.sums) | engagement(tallied.sums) | retention(tallied.sums)
    there = ~np.isnan(columns["volume"])
    for name, kind in (("unique_creators", "creator_id"), ("unique_sounds", "sound_id")):
        columns[name] = np.where(there, tallied.members[kind].count, np.nan)
    columns["creator_dispersion"] = dispersion(tallied.members["creator_id"])
    columns["novelty"] = novelty(tallied.members, tallied.earlier)
    return columns


def _columns(state: MetricState, of_videos: dict[str, Array], end: datetime) -> tuple[Array, dict[str, Array]]:
    """Return the hashtags (R,) with an observed video or V known at `end`, and their metrics, NaN where null."""
    tags = len(state.tags)
    views = views_at(state.totals, tags, end)
    codes = np.flatnonzero(~(np.isnan(of_videos["volume"]) & np.isnan(views)))
    columns: dict[str, Array] = {name: values[codes] for name, values in of_videos.items()}
    gained = gained_from_totals(state.totals, tags, end, state.length)[codes]
    by_totals = ~np.isnan(gained)
    columns["views_total"] = views[codes]
    columns["delta_24h"] = (views - views_at(state.totals, tags, end - DAY))[codes]
    columns["views_gained"] = np.where(by_totals, gained, columns["views_increment"])
    columns["from_totals"] = by_totals.astype(np.float64)
    columns["lane"] = lanes(codes, columns["views_gained"], by_totals)
    columns |= _against_the_past(state, columns, codes, tags, end)
    columns["first_detected_at"] = _detected(state.tags["first_detected_at"][codes], columns, end)
    return codes, columns


def _against_the_past(
    before: MetricState, now: dict[str, Array], codes: Array, tags: int, end: datetime
) -> dict[str, Floats]:
    """Return velocity, acceleration, z_14d and half_life_h of the hashtags at `codes`."""
    start = before.as_of
    gained, lane = (before.history.latest(n, tags, start - MICROSECOND, start)[codes] for n in ("views_gained", "lane"))
    speed = velocity(now["views_gained"], gained, now["lane"] == lane)
    earlier = before.recent.latest("velocity", tags, start - MICROSECOND, start)[codes]
    ends = [end - steps * before.length for steps in range(HALF_LIFE_WINDOWS - 1, 0, -1)]
    past = before.history.between(end - HISTORY - MICROSECOND, start)
    efficiency = [before.recent.latest("engagement_efficiency", tags, at - MICROSECOND, at)[codes] for at in ends]
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


def _rows(columns: dict[str, Array], after: MetricState) -> pl.DataFrame:
    """Return the metrics as a frame: null for NaN, hashtags for codes."""
    detected, end = pl.col("first_detected_at"), pl.col("end").cast(UTC_TIME)
    numbers = [name for name, values in columns.items() if values.dtype == np.float64]
    return pl.DataFrame(columns).select(
        after.tags.names.gather(pl.Series(columns["code"], dtype=pl.UInt32)).alias("hashtag"),
        end.alias("window_end"),
        pl.lit(after.minutes, pl.Int64).alias("window_length"),
        pl.col(numbers).fill_nan(None),
        pl.when(pl.col("from_totals") == 1).then(pl.lit("totals")).otherwise(pl.lit("plays")).alias("v_source"),
        pl.when(detected != NEVER).then(detected).cast(UTC_TIME).alias("first_detected_at"),
        end.alias("window"),
    )
