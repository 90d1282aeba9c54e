"""The metric formulas: what sums over videos, readings of totals and earlier windows say of a hashtag.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics.time_log import Array, Flags, Floats, Ints, TimeLog
from core.windows import DAY, HOUR, HOUR_US, micros

FRESH = timedelta(hours=6)
TOTALS_HORIZON = DAY + FRESH
VELOCITY_RANGE = (-1.0, 10.0)
ACCELERATION_RANGE = (-10.0, 10.0)
LEAST_VALUES = 24
NO_LANE = 0
_ROUNDING = 1e-12
RATED = ("likes", "comments", "shares", "saves")
HALF_LIFE_WINDOWS = 12
LEAST_POINTS = 3
LONGEST_H = 720.0
LEAST_VIDEOS = 3
RETENTION_AGES_H = (6, 24, 72)
_FLAT = 1e-12
_BANDED = ("band_videos", "band_gain")
AGE_EDGES = np.array(sorted({age * HOUR_US for hours in RETENTION_AGES_H for age in (hours, 2 * hours)}))
_TIED_DECIMALS = 12
LEAST_VOLUME = 3


def volumes(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return volume, new_videos, views_increment and increment_coverage of each cell (C,), NaN without a video.

    Parameters
    ----------
    sums: of a `Tally`
    """
    volume, gains_known = sums["volume"], sums["known"]
    with np.errstate(invalid="ignore"):
        coverage = gains_known / volume
    return {
        "volume": np.where(volume > 0, volume, np.nan),
        "new_videos": np.where(volume > 0, sums["new_videos"], np.nan),
        "views_increment": np.where(gains_known > 0, sums["gain"], np.nan),
        "increment_coverage": coverage,
    }


def views_at(totals: TimeLog, tags: int, moment: datetime) -> Floats:
    """Return V(moment) of each code: the running maximum, NaN without a reading in (moment - 6 h, moment] (T,).

    Parameters
    ----------
    totals: readings with `views`, the running maximum since the first reading of the hashtag
    tags: number of codes
    moment: the moment of V
    """
    return totals.latest("views", tags, moment - FRESH, moment)


def gained_from_totals(totals: TimeLog, tags: int, end: datetime, length: timedelta) -> Floats:
    """Return views_gained of the window of `length` that ends at `end`, NaN where no pair of readings allows it.

    It is (V(r1) - V(r0)) x length / (r1 - r0), with r1 the newest reading in (end - 6 h, end] and r0 the newest in
    [r1 - 24 h, r1 - length].

    Parameters
    ----------
    totals: readings with `views`, the running maximum since the first reading of the hashtag
    tags: number of codes
    end: end of the window
    length: length of the window
    """
    newest = _last_positions(totals, tags, totals.rows(end - FRESH, end))
    read = newest >= 0
    r1 = np.where(read, totals.times[newest] if len(totals) else 0, np.iinfo(np.int64).min // 2)
    age = r1[totals.codes] - totals.times
    fits = (age >= micros(length)) & (age <= micros(DAY))
    earlier = _last_positions(totals, tags, np.flatnonzero(fits))
    pair = read & (earlier >= 0)
    gained = np.full(tags, np.nan)
    late, early = newest[pair], earlier[pair]
    rise = totals["views"][late] - totals["views"][early]
    gained[pair] = rise * micros(length) / (totals.times[late] - totals.times[early])
    return gained


def _last_positions(log: TimeLog, tags: int, place: slice | Array) -> Array:
    """Return the position of each code's last row among the rows at `place`, -1 without any (T,)."""
    positions = np.arange(len(log))[place]
    last = np.full(tags, -1, np.int64)
    last[log.codes[positions]] = positions
    return last


def velocity(gained: Floats, before: Floats, same_source: Flags) -> Floats:
    """Return the relative change of views_gained against the window before.

    It is 0 where both are 0, 10 where only the earlier is 0, and NaN where either is unknown or their sources differ.

    Examples
    --------
    >>> velocity(np.array([30.0, 0.0, 5.0]), np.array([20.0, 0.0, 0.0]), np.array([True] * 3)).tolist()
    [0.5, 0.0, 10.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (gained - before) / before
    change = np.where(before == 0, np.where(gained == 0, 0.0, VELOCITY_RANGE[1]), change)
    change = np.where(np.isnan(gained) | np.isnan(before) | ~same_source, np.nan, change)
    return np.clip(change, *VELOCITY_RANGE)


def acceleration(velocity_now: Floats, velocity_before: Floats) -> Floats:
    """Return the change of velocity relative to max(abs(velocity before), 0.1), clipped to [-10, 10].

    Examples
    --------
    >>> acceleration(np.array([0.5]), np.array([0.0])).tolist()
    [5.0]
    """
    change = (velocity_now - velocity_before) / np.maximum(np.abs(velocity_before), 0.1)
    return np.clip(change, *ACCELERATION_RANGE)


def lanes(codes: Array, gained: Floats, from_totals: Flags) -> Ints:
    """Return a number for each hashtag and source of its views_gained, so that only gains of one source are compared.

    The lane is `NO_LANE` where views_gained is unknown.
    """
    return np.where(np.isnan(gained), NO_LANE, 1 + 2 * codes.astype(np.int64) + from_totals)


def z_scores(now: Floats, lane: Ints, past: Floats, past_lanes: Ints) -> Floats:
    """Return how many population deviations each value of `now` lies from the mean of the past values in its lane (M,).

    The score is NaN with fewer than 24 past values, when they are all equal, or without a lane.

    Parameters
    ----------
    now, lane: one value a hashtag and its lane (M,)
    past, past_lanes: values of any hashtag, in a fixed order, and their lanes (N,)
    """
    size = 1 + max(lane.max(initial=0), past_lanes.max(initial=0))
    counts = np.bincount(past_lanes, minlength=size)
    count = counts[lane].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.bincount(past_lanes, weights=past, minlength=size) / counts
        squares = np.bincount(past_lanes, weights=(past - means[past_lanes]) ** 2, minlength=size)
        mean, deviation = means[lane], np.sqrt(squares[lane] / count)
        scores = (now - mean) / deviation
    same = deviation <= _ROUNDING * np.abs(mean)  # equal values miss their mean by a rounding error
    return np.where((count < LEAST_VALUES) | same | (lane == NO_LANE), np.nan, scores)


def engagement(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the rates of likes, comments, shares and saves, and engagement_efficiency, of each cell (C,).

    A rate is the sum of the counter over the sum of plays, of the videos where both are known and plays are positive.
    Efficiency adds likes, comments and shares; unknown parts count as 0. NaN where nothing is known.

    Parameters
    ----------
    sums: of a `Tally`
    """
    with np.errstate(invalid="ignore"):
        rates = {f"{counter}_rate": sums[counter] / sums[f"{counter}_plays"] for counter in RATED}
    parts = [rates["likes_rate"], rates["comments_rate"], rates["shares_rate"]]
    unknown = np.logical_and.reduce([np.isnan(part) for part in parts])
    total = sum(np.nan_to_num(part) for part in parts)
    return rates | {"engagement_efficiency": np.where(unknown, np.nan, total)}


def half_life_h(efficiency: Floats, length: timedelta) -> Floats:
    """Return hours until engagement halves, from a least-squares line through its logarithm.

    NaN with fewer than three positive values or a line that does not fall; at most 720.

    Parameters
    ----------
    efficiency: engagement_efficiency of the last 12 windows, oldest first (12, M); NaN where unknown
    length: length of a window

    Examples
    --------
    >>> half_life_h(np.array([[0.4], [0.2], [0.1]]), timedelta(hours=1)).round(9).tolist()
    [1.0]
    """
    hours = np.arange(len(efficiency))[:, None] * (length / HOUR)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = efficiency > 0
        count = _added(used)
        log = np.where(used, np.log(np.where(used, efficiency, 1.0)), 0.0)
        from_mean = np.where(used, hours - _added(hours * used) / count, 0.0)
        slope = _added(from_mean * log) / _added(from_mean**2)
        halving = np.minimum(np.log(2) / -slope, LONGEST_H)
    return np.where((count >= LEAST_POINTS) & (slope < -_FLAT), halving, np.nan)


def _added(rows: Array) -> Floats:
    """Return the sum over rows, added one after another, so that a hashtag's sum does not depend on the others."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total = total + row
    return total


def retention(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return retention_6, retention_24 and retention_72 of each cell (C,).

    Mean gain of videos aged [a, 2a) hours at the window's end over that of younger ones; NaN with fewer than three
    known gains on either side, or when the younger gained nothing.

    Parameters
    ----------
    sums: of a `Tally`, whose bands of age end at `AGE_EDGES`
    """
    return {f"retention_{hours}": _retention(sums, hours * HOUR_US) for hours in RETENTION_AGES_H}


def _retention(sums: Mapping[str, Floats], age: int) -> Floats:
    young, twice = (int(np.searchsorted(AGE_EDGES, edge)) + 1 for edge in (age, 2 * age))
    young_videos, young_gain = _summed(sums, 0, young)
    old_videos, old_gain = _summed(sums, young, twice)
    enough = (old_videos >= LEAST_VIDEOS) & (young_videos >= LEAST_VIDEOS) & (young_gain > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, (old_gain / old_videos) / (young_gain / young_videos), np.nan)


def _summed(sums: Mapping[str, Floats], first: int, last: int) -> tuple[Floats, Floats]:
    """Return the number and gain of videos of the bands first <= band < last."""
    videos, gain = (np.sum([sums[f"{name}_{n}"] for n in range(first, last)], axis=0) for name in _BANDED)
    return videos, gain


@dataclass(frozen=True)
class MomentumRule:
    """Weights of the ranks that make momentum, and the thresholds of an emerging hashtag."""

    velocity: float = 0.4
    acceleration: float = 0.3
    engagement_efficiency: float = 0.2
    creator_dispersion: float = 0.1
    emerging_quantile: float = 0.95
    emerging_novelty: float = 0.6
    emerging_volume: int = 3


def relative_rank(column: str) -> pl.Expr:
    """Return (average rank - 0.5) / n among the n rows with a value, 0.5 where there is none.

    Values that differ by a rounding error only (1e-12) are tied: an entropy of 1 must not outrank another one.

    Examples
    --------
    >>> pl.DataFrame({"velocity": [1.0, 3.0, None]}).select(relative_rank("velocity")).to_series().to_list()
    [0.25, 0.75, 0.5]
    """
    value = pl.col(column).round(_TIED_DECIMALS)
    return ((value.rank("average") - 0.5) / value.count()).fill_null(0.5)


def with_ranks(metrics: pl.DataFrame, rule: MomentumRule) -> pl.DataFrame:
    """Return the rows with `momentum` and `emerging`; `metrics` has all hashtags of each of its windows."""
    momentum = (
        rule.velocity * relative_rank("velocity")
        + rule.acceleration * relative_rank("acceleration")
        + rule.engagement_efficiency * relative_rank("engagement_efficiency")
        + rule.creator_dispersion * relative_rank("creator_dispersion")
    )
    ranked = metrics.with_columns(momentum=momentum.over("window_end"))
    least = _quantile("momentum", rule.emerging_quantile).over("window_end") - 10**-_TIED_DECIMALS
    novel = (pl.col("novelty") >= rule.emerging_novelty).fill_null(False)
    large = (pl.col("volume") >= rule.emerging_volume).fill_null(False)
    return ranked.with_columns(emerging=(pl.col("momentum") >= least) & novel & large)


def _quantile(column: str, quantile: float) -> pl.Expr:
    """Return the linearly interpolated quantile; a place that is whole except for rounding gives that value exactly."""
    ordered = pl.col(column).sort()
    place = (quantile * (pl.len().cast(pl.Float64) - 1)).round(9)
    below = place.floor().cast(pl.UInt32)
    low, high = ordered.get(below), ordered.get(pl.min_horizontal(below + 1, pl.len() - 1))
    return low + (high - low) * (place - below)


def first_detected(readings: pl.DataFrame, totals: pl.DataFrame, length: timedelta) -> pl.DataFrame:
    """Return hashtag and `first_detected_at` (microseconds) of the hashtags detected by the last of some readings.

    Parameters
    ----------
    readings: hashtag, video_id and fetched_at of every reading of a video so far
    totals: hashtag, fetched_at and views_total of every reading of a total so far
    length: of the windows
    """
    step, fetched = micros(length), pl.col("fetched_at").to_physical()
    end = (-(-fetched // step) * step).alias("first_detected_at")
    crowds = (
        readings.lazy()
        .group_by("hashtag", end)
        .agg(pl.col("video_id").n_unique())
        .filter(pl.col("video_id") >= LEAST_VOLUME)
    )
    fresh = totals.lazy().drop_nulls("views_total").filter(end - fetched < micros(FRESH))
    return (
        pl.concat([crowds.select("hashtag", "first_detected_at"), fresh.select("hashtag", end)])
        .group_by("hashtag")
        .agg(pl.col("first_detected_at").min())
        .collect()
    )
