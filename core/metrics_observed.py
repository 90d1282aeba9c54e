"""The videos observed in a window: their last counters and what each gained (SPEC 3: O, c_e, c_b, dc)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.keyed_frame import Keys
from core.time_log import Array, Flags, Floats, Ints, micros

COUNTERS = ("plays", "likes", "comments", "shares", "saves")
LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class Observed:
    """Pairs of hashtag and video with a reading in the window, sorted by (hashtag code, video id).

    Parameters
    ----------
    codes: distinct hashtag codes, ascending (M,)
    rows: which of them each pair belongs to (N,)
    numbers: arrays (N,), NaN where unknown: the counters c_e, `created_at` in microseconds, `gain` (dplays)
    members: for each kind of people behind a video its key within the hashtag, 0 where unknown (N,)
    names: for each kind the ids themselves (N,)
    """

    codes: Array
    rows: Array
    numbers: Mapping[str, Floats]
    members: Mapping[str, Keys]
    names: Mapping[str, pl.Series]

    def __getitem__(self, name: str) -> Floats:
        return self.numbers[name]

    def count(self, which: Flags) -> Ints:
        """Return for each hashtag how many of its pairs are marked (M,)."""
        return np.bincount(self.rows[which], minlength=len(self.codes))

    def sum(self, values: Floats, which: Flags) -> Floats:
        """Return for each hashtag the sum of `values` over its marked pairs, 0 without any (M,)."""
        return np.bincount(self.rows[which], weights=values[which], minlength=len(self.codes)).astype(np.float64)

    def born(self, start: datetime, end: datetime) -> Flags:
        """Return which videos were created in (start, end]."""
        return (self["created_at"] > micros(start)) & (self["created_at"] <= micros(end))


def last_counters(readings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per (code, video_id), sorted: the last known value of each counter among `readings`.

    Parameters
    ----------
    readings: code, video_id, the keys video and pair, fetched_at and the counters, all of one window, in any order

    Returns
    -------
    the counters and keys, `plays_at` (when the plays were read, null when unknown), `read_at` (the last reading at all)
    """
    return (
        readings.lazy()
        .sort("code", "video_id", "fetched_at", "plays")
        .group_by("code", "video_id", maintain_order=True)
        .agg(
            pl.col(COUNTERS).last(ignore_nulls=True),
            pl.when(pl.col("plays").is_not_null()).then(pl.col("fetched_at")).max().alias("plays_at"),
            pl.col("fetched_at").last().alias("read_at"),
            pl.col("video", "pair").first(),
        )
        .collect()
    )


def gains(numbers: Mapping[str, Floats], start: datetime, end: datetime) -> Floats:
    """Return dplays of the window (start, end]: max(0, c_e - c_b) x min(1, L / (t_e - t_b)), NaN where unknown.

    A video created inside the window without an earlier reading in [start - 24 h, start] gained all its plays; another
    without one gained an unknown number. Needs plays, plays_at, plays_before, before_at and created_at.
    """
    plays, created = numbers["plays"], numbers["created_at"]
    with np.errstate(invalid="ignore"):
        share = np.minimum(1.0, micros(end - start) / (numbers["plays_at"] - numbers["before_at"]))
        rise = np.maximum(0.0, plays - numbers["plays_before"]) * share
        is_new = (created > micros(start)) & (created <= micros(end))
        has_before = numbers["before_at"] >= micros(start - LOOK_BACK)
    return np.where(has_before, rise, np.where(is_new, plays, np.nan))


def volumes(observed: Observed, start: datetime, end: datetime) -> dict[str, Array]:
    """Return volume, new_videos, views_increment and increment_coverage of each hashtag (M,)."""
    known = ~np.isnan(observed["gain"])
    volume, share = observed.count(np.ones(len(known), bool)), observed.count(known)
    return {
        "volume": volume,
        "new_videos": observed.count(observed.born(start, end)),
        "views_increment": np.where(share > 0, observed.sum(observed["gain"], known), np.nan),
        "increment_coverage": share / volume,
    }
