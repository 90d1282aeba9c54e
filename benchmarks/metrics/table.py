"""A generated table of snapshots, the same for every way of computing metrics from it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from core.tables import HASHTAG_METRICS, HASHTAG_SNAPSHOTS, UTC_TIME, VIDEO_SNAPSHOTS, VIDEOS
from core.windows import FETCH_WINDOW, HOUR, HOUR_US, micros
from storage.lake.delta import DeltaLake

START = datetime(2026, 3, 1, tzinfo=UTC)
TABLES = {table.name: table for table in (VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, VIDEOS, HASHTAG_METRICS)}
ZIPF_SLOPE = 1.05
OLDEST_H = 240.0


@dataclass(frozen=True)
class Shape:
    """The shape of the table.

    Parameters
    ----------
    rows: approximate number of readings of videos
    hashtags: number of hashtags; their sizes fall as a power law
    windows: number of hours, in each of which every video is read once
    heavy: share of all rows that belong to an additional hashtag, 0 for none
    seed: random seed of the table
    """

    rows: int
    hashtags: int = 10_000
    windows: int = 24
    heavy: float = 0.0
    seed: int = 7

    @property
    def end(self) -> datetime:
        """End of the last window."""
        return START + self.windows * HOUR


def write_table(root: Path, shape: Shape, buckets: int) -> DeltaLake:
    """Write `video_snapshots` and `videos` of the shape into a new lake under `root`, and return the lake."""
    lake = DeltaLake(root, TABLES, buckets=buckets, durable=False)
    rng = np.random.default_rng(shape.seed)
    videos = _videos(rng, shape)
    plays = videos["plays"].to_numpy().astype(np.float64)
    seen = 0
    for window in range(shape.windows):
        plays = plays * (1 + rng.exponential(0.02, len(plays)))
        end = START + (window + 1) * HOUR
        read = videos.filter(pl.col("created_at") < end)
        readings = _readings(rng, read, plays[: read.height], end)
        lake.replace("video_snapshots", readings, end - HOUR, end)
        lake.replace("videos", _described(read[seen:], readings["window"][seen:]), end - HOUR, end)
        seen = read.height
    return lake


def _videos(rng: np.random.Generator, shape: Shape) -> pl.DataFrame:
    """Return one row per video, oldest first; each belongs to one hashtag."""
    count = shape.rows // shape.windows
    weights = 1 / np.arange(1, shape.hashtags + 1) ** ZIPF_SLOPE
    tags = rng.choice(shape.hashtags, count, p=weights / weights.sum()) + 1
    tags[rng.random(count) < shape.heavy] = 0
    age = np.sort(rng.uniform(-shape.windows + 1, OLDEST_H, count))[::-1]
    reach = rng.pareto(1.1, count) * 300
    return pl.DataFrame(
        {
            "video_id": [f"74{number:017d}" for number in range(count)],
            "hashtag": pl.Series(tags).cast(pl.String).str.pad_start(5, "0").map_elements("tag{}".format, pl.String),
            "created_at": pl.Series(micros(START) - (age * HOUR_US).astype(np.int64)).cast(UTC_TIME),
            "creator_id": pl.Series(rng.zipf(1.5, count) % (count // 3 + 1)).cast(pl.String),
            "sound_id": pl.Series(rng.zipf(1.4, count) % (count // 5 + 1)).cast(pl.String),
            "plays": np.minimum(reach, 5e7).astype(np.int64),
        }
    )


def _described(videos: pl.DataFrame, windows: pl.Series) -> pl.DataFrame:
    """Return rows of `videos`, each in the window of its first reading."""
    rows = videos.with_columns(
        hashtags=pl.concat_list("hashtag"),
        endpoint=pl.lit("generated"),
        platform=pl.lit("tiktok"),
        window=windows,
    )
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in VIDEOS.schema.items() if name not in rows.columns]
    return rows.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in VIDEOS.schema.items())


def _readings(rng: np.random.Generator, videos: pl.DataFrame, plays: np.ndarray, end: datetime) -> pl.DataFrame:
    count = videos.height
    at = micros(end) - rng.integers(0, HOUR_US, count)
    quarter = micros(FETCH_WINDOW)
    seen = plays.astype(np.int64)
    reactions = {
        name: pl.Series((seen * share * rng.uniform(0.5, 1.5, count)).astype(np.int64))
        for name, share in (("likes", 0.08), ("comments", 0.006), ("shares", 0.01), ("saves", 0.02))
    }
    shown = rng.random(count) > 0.02
    return pl.DataFrame(
        {
            "hashtag": videos["hashtag"],
            "video_id": videos["video_id"],
            "fetched_at": pl.Series(at).cast(UTC_TIME),
            "plays": pl.DataFrame({"plays": seen, "known": shown}).select(pl.when("known").then("plays")).to_series(),
            **reactions,
            "window": pl.Series(-(-at // quarter) * quarter).cast(UTC_TIME),
        }
    )
