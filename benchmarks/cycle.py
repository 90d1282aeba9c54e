"""The cost of the Metric agent's hourly cycle on a simulated installation, and whether it grows with age."""

import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from core.features import FEATURE_SET
from core.features.rises import rounding_step
from core.features.sets import features_table
from core.labels.rises import TotalReadings
from core.metrics.state import empty_state
from core.metrics.time_log import Floats
from core.tables import UTC_TIME, VIDEO_SNAPSHOTS, VIDEOS, tables
from core.windows import DAY, HOUR, HOUR_US, micros
from pipelines.metrics.features import advance_rises, features
from pipelines.metrics.metrics import advance
from storage.lake.delta import DeltaLake

START = datetime(2026, 1, 1, tzinfo=UTC)
_READ = ("video_snapshots", "hashtag_snapshots", "videos")
ALL_VIEWS, HOURS_TO_DOUBLE = 1e9, 5_000
_COUNTERS = {"likes": 0.08, "comments": 0.006, "shares": 0.01, "saves": 0.02}


@dataclass(frozen=True)
class Size:
    """The size of an installation.

    Parameters
    ----------
    hashtags: number of tracked hashtags; their sizes fall as a power law
    readings: number of readings of videos an hour, under one hashtag each
    followed_h: hours for which each video is read hourly
    """

    hashtags: int
    readings: int
    followed_h: int = 20


LARGE, SMALL = Size(10_000, 100_000), Size(1_000, 5_000)


class SimulatedInstallation:
    """A lake and the Metric agent's state, advanced hour by hour."""

    def __init__(self, root: Path, size: Size) -> None:
        declared = tables(features_table(FEATURE_SET))
        self._lake = DeltaLake(root, declared, buckets=4)
        self._filled = DeltaLake(root, declared, buckets=4, durable=False)  # for writes that are not timed
        self._size = size
        self._state = empty_state(START, HOUR)
        self._rises = TotalReadings.none()
        self._followed: deque[pl.DataFrame] = deque(maxlen=size.followed_h)
        weights = 1 / np.arange(1, size.hashtags + 1) ** 1.05
        self._weights: Floats = weights / weights.sum()
        self._names = pl.Series(range(size.hashtags)).cast(pl.String).str.pad_start(6, "t")

    def hour(self) -> float:
        """Run one hour and return the seconds of its cycle: read the window, metrics, commit, features, commit."""
        start, end = self._state.as_of, self._state.as_of + HOUR
        self._fetch(start, end)
        began = time.perf_counter()
        readings, totals, videos = (self._lake.read(name, start=start, end=end) for name in _READ)
        metrics, self._state = advance(self._state, end, readings, totals, videos)
        self._lake.replace("hashtag_metrics", metrics, start, end)
        self._rises = advance_rises(self._rises, self._state, totals)
        self._lake.replace("features", features(self._state, self._rises, metrics), start, end)
        seconds = time.perf_counter() - began
        if end.hour == 0:
            self._filled.compact(end.date() - DAY)
        return seconds

    def day(self) -> None:
        """Run a day at once: the same readings, metrics and state, without features, in one commit of metrics."""
        start, end = self._state.as_of, self._state.as_of + DAY
        for hour in range(24):
            self._fetch(start + hour * HOUR, start + (hour + 1) * HOUR)
        readings, totals, videos = (self._lake.read(name, start=start, end=end) for name in _READ)
        metrics, self._state = advance(self._state, end, readings, totals, videos)
        self._rises = advance_rises(self._rises, self._state, totals)
        self._filled.replace("hashtag_metrics", metrics, start, end)
        self._filled.compact(end.date() - DAY)

    def _fetch(self, start: datetime, end: datetime) -> None:
        """Write the readings of an hour: each recent video once, and every second hashtag's total."""
        now = (start - START) // HOUR
        self._followed.append(self._born(now))
        videos = pl.concat(self._followed)
        rng = np.random.default_rng((2, now))
        age = pl.Series((micros(end) - videos["created_at"].to_physical().to_numpy()) / HOUR_US)
        plays = (videos["reach"] * age.sqrt()).cast(pl.Int64)
        at = micros(end) - rng.integers(0, HOUR_US, videos.height) // 4
        rows = videos.select("hashtag", "video_id").with_columns(
            plays.alias("plays"), fetched_at=pl.Series(at).cast(UTC_TIME), window=pl.lit(end).cast(UTC_TIME)
        )
        rows = rows.with_columns(
            (pl.col("plays") * share).cast(pl.Int64).alias(name) for name, share in _COUNTERS.items()
        )
        self._filled.replace("video_snapshots", rows.select(VIDEO_SNAPSHOTS.schema.keys()), start, end)
        fixed = {"endpoint": "generated", "platform": "tiktok", "window": end}
        new = self._followed[-1].drop("reach").with_columns(pl.lit(value).alias(name) for name, value in fixed.items())
        new = pl.concat([VIDEOS.empty(), new.with_columns(hashtags=pl.concat_list("hashtag"))], how="diagonal_relaxed")
        self._filled.replace("videos", new.select(VIDEOS.schema.keys()), start, end)
        self._filled.replace("hashtag_snapshots", self._totals(now, end), start, end)

    def _totals(self, hour: int, end: datetime) -> pl.DataFrame:
        """Return every second hashtag's total: it grows by half a percent a day and is rounded like the platform's."""
        views = ALL_VIEWS * self._weights * (1 + hour / HOURS_TO_DOUBLE)
        step = rounding_step(views)
        rows = pl.DataFrame({"hashtag": self._names, "views_total": (views // step * step).astype(np.int64)})
        return rows.gather_every(2).with_columns(
            pl.lit(None, pl.Int64).alias("videos_total"),
            *(pl.lit(end).cast(UTC_TIME).alias(name) for name in ("fetched_at", "window")),
        )

    def _born(self, hour: int) -> pl.DataFrame:
        count = self._size.readings // self._size.followed_h
        rng = np.random.default_rng((1, hour))
        tags = rng.choice(self._size.hashtags, count, p=self._weights)
        created = micros(START + hour * HOUR) + rng.integers(1, HOUR_US // 2, count)
        return pl.DataFrame(
            {
                "video_id": [f"{hour:08d}{number:08d}" for number in range(count)],
                "hashtag": self._names.gather(tags),
                "created_at": pl.Series(created).cast(UTC_TIME),
                "creator_id": pl.Series(rng.zipf(1.5, count) % 50_000).cast(pl.String),
                "sound_id": pl.Series(rng.zipf(1.4, count) % 20_000).cast(pl.String),
                "reach": np.minimum(rng.pareto(1.1, count) * 300, 1e6),
            }
        )


def run(days: int, tell: Callable[[str], None]) -> None:
    """Measure the cycle of a large new installation, then of a smaller one day after day.

    Parameters
    ----------
    days: age of the smaller installation; under 8 it is not measured
    tell: takes one line of results
    """
    times = hourly_s(LARGE)
    tell(f"{LARGE.hashtags:,} hashtags, {LARGE.readings:,} readings an hour: {_spread(times)}")
    if days < 8:
        return
    young, old = by_age_s(SMALL, days, tell)
    tell(
        f"{SMALL.hashtags:,} hashtags, {SMALL.readings:,} readings an hour, in turns: {1e3 * young:.0f} ms at "
        f"day 3, {1e3 * old:.0f} ms at day {days - 1}, {100 * (old / young - 1):+.0f} %"
    )


def _spread(times: list[float]) -> str:
    return f"median {statistics.median(times):.2f} s, at most {max(times):.2f} s of {len(times)} cycles"


def hourly_s(size: Size, warm_h: int = 30, timed_h: int = 12) -> list[float]:
    """Return the seconds of each timed cycle of a new installation, after some hours that fill its windows."""
    with tempfile.TemporaryDirectory() as root:
        installation = SimulatedInstallation(Path(root), size)
        return [installation.hour() for _ in range(warm_h + timed_h)][warm_h:]


def by_age_s(size: Size, days: int, tell: Callable[[str], None]) -> tuple[float, float]:
    """Return the median seconds of a cycle on days 2 to 4 of an installation, and on the last three of an older one.

    An hour of one and an hour of the other are measured in turns, since other work on the machine slows both.
    """
    with tempfile.TemporaryDirectory() as root:
        old, young = (SimulatedInstallation(Path(root) / name, size) for name in ("old", "young"))
        for day in range(1, days - 2):
            old.day()
            if day % 25 == 0:
                tell(f"  day {day}")
        young.day()
        times = [(young.hour(), old.hour()) for _ in range(72)]
        return statistics.median(first for first, _ in times), statistics.median(second for _, second in times)
