"""Small random worlds of readings, and the frames the lake would hold of them."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from core.tables import HASHTAG_METRICS, HASHTAG_SNAPSHOTS, VIDEO_SNAPSHOTS, VIDEOS
from core.windows import window_end
from pipelines.metrics.features import FEATURES
from storage.memory.lake import MemoryLake

Row = dict[str, Any]
T0 = datetime(2025, 5, 14, tzinfo=UTC)
COUNTERS = ("plays", "likes", "comments", "shares", "saves")


@dataclass(frozen=True)
class World:
    """Readings as plain rows: of videos (one a hashtag and video), of totals, and the videos themselves."""

    readings: list[Row]
    totals: list[Row]
    videos: list[Row]

    @cached_property
    def video_snapshots(self) -> pl.DataFrame:
        return pl.DataFrame([_windowed(row) for row in self.readings], schema=VIDEO_SNAPSHOTS.schema)

    @cached_property
    def hashtag_snapshots(self) -> pl.DataFrame:
        rows = [_windowed(row) | {"videos_total": None} for row in self.totals]
        return pl.DataFrame(rows, schema=HASHTAG_SNAPSHOTS.schema)

    @cached_property
    def video_rows(self) -> pl.DataFrame:
        """Rows of `videos`, each in the window of its first reading."""
        first: dict[str, datetime] = {}
        for reading in self.readings:
            first[reading["video_id"]] = min(
                reading["fetched_at"], first.get(reading["video_id"], reading["fetched_at"])
            )
        rows = [v | {"window": window_end(first[v["video_id"]])} for v in self.videos if v["video_id"] in first]
        fixed = {"endpoint": "/tt/hashtag/posts", "platform": "tiktok"}
        return pl.DataFrame([row | fixed for row in rows], schema=VIDEOS.schema)

    def between(self, start: datetime, end: datetime) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The frames `advance` takes for the window (start, end]."""
        inside = pl.col("window").is_between(start, end, closed="right")
        return tuple(f.filter(inside) for f in (self.video_snapshots, self.hashtag_snapshots, self.video_rows))

    def lake(self, until: datetime | None = None) -> MemoryLake:
        """A lake that holds what was fetched by `until`."""
        lake = MemoryLake({t.name: t for t in (VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, VIDEOS, HASHTAG_METRICS, FEATURES)})
        start, end = T0 - timedelta(days=60), until or T0 + timedelta(days=60)
        for table, frame in zip(
            ("video_snapshots", "hashtag_snapshots", "videos"), self.between(start, end), strict=True
        ):
            lake.replace(table, frame, start, end)
        return lake


def random_world(seed: int, hours: int = 40, tags: int = 5, videos: int = 25, readings: int = 300) -> World:
    """A world with nulls, falling counters, odd times, late videos, tags with totals, plays or both."""
    rng = random.Random(seed)
    names = [f"tag{number}" for number in range(tags)]
    made = [_video(rng, number, names, hours) for number in range(videos)]
    rows: dict[tuple[str, str, datetime], Row] = {}
    for _ in range(readings):
        video, at = rng.choice(made), _moment(rng, hours)
        counters = {name: None if rng.random() < 0.15 else rng.randint(0, 1000) for name in COUNTERS}
        for tag in video["hashtags"]:
            key = (tag, video["video_id"], window_end(at))
            rows[key] = {"hashtag": tag, "video_id": video["video_id"], "fetched_at": at, **counters}
    totals: dict[tuple[str, datetime], Row] = {}
    for _ in range(readings // 2):
        tag, at = rng.choice([*names, "total0", "total1"]), _moment(rng, hours)
        views = None if rng.random() < 0.1 else rng.randint(0, 60_000)
        totals[tag, window_end(at)] = {"hashtag": tag, "fetched_at": at, "views_total": views}
    return World(list(rows.values()), list(totals.values()), made)


def _video(rng: random.Random, number: int, names: list[str], hours: int) -> Row:
    return {
        "video_id": f"v{number}",
        "created_at": rng.choice([None, *[T0 + timedelta(minutes=rng.randint(-6000, hours * 60)) for _ in range(5)]]),
        "creator_id": rng.choice([None, "ann", "bob", "cem", "dia"]),
        "sound_id": rng.choice([None, "s1", "s2"]),
        "hashtags": rng.sample(names, rng.randint(1, min(3, len(names)))),
    }


def _moment(rng: random.Random, hours: int) -> datetime:
    """A time of reading; many fall exactly on the end of a window, as a poller's do."""
    return T0 + timedelta(minutes=15 * rng.randint(1, hours * 4)) - timedelta(seconds=rng.choice([0, 0, 5, 800]))


def _windowed(row: Row) -> Row:
    return row | {"window": window_end(row["fetched_at"])}
