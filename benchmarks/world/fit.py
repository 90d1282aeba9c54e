"""Compares the simulated world with real recordings, figure by figure: `python -m benchmarks.world.fit`.

Both sides go through the same functions. Real data is read from the recordings in the folder `--data`.
"""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.world.fit_figures import total_figures, video_figures
from sources.world.counters import readings, rounded
from sources.world.creators import followers_of
from sources.world.draws import Integers, Numbers, uniform
from sources.world.parameters import WorldParameters
from sources.world.totals import shown_hours
from sources.world.world import World

REAL_SINCE = datetime(2024, 1, 13, tzinfo=UTC)
FIRST_DAY, DAYS, STEP_H = 10, 21, 3
SAMPLED = 20_000


def main() -> int:
    """Print the table as Markdown; 2 when the real data is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.stderr.write(f"no real data in {given.data}: name its folder with --data\n")
        return 2
    world = World(WorldParameters(seed=given.seed))
    sys.stdout.write(table(real_figures(given.data), world_figures(world)) + "\n")
    return 0


def real_figures(data: Path) -> dict[str, float]:
    """Figures of `hashtag-views` since its gap, and of `videos-vn`."""
    totals = pl.read_parquet(data / "hashtag-views" / "hashtag_snapshots.parquet")
    videos = pl.read_parquet(data / "videos-vn" / "videos.parquet")
    snapshots = pl.read_parquet(data / "videos-vn" / "video_snapshots.parquet")
    return total_figures(totals.filter(pl.col("fetched_at") >= REAL_SINCE)) | video_figures(videos, snapshots)


def world_figures(world: World) -> dict[str, float]:
    """The same figures of a world: every total every 3 hours for three weeks, a sample of videos read at odd times."""
    return total_figures(total_readings(world)) | video_figures(*video_readings(world))


def total_readings(world: World) -> pl.DataFrame:
    """Return hashtag, fetched_at, views_total as a client would read them."""
    grid = np.arange(24.0 * FIRST_DAY - 24, 24.0 * (FIRST_DAY + DAYS) + 1)
    start = world.parameters.start
    views = np.stack([world.all_true_views(start + timedelta(hours=hour)) for hour in grid.tolist()])
    tags = np.arange(len(world.hashtags))
    frames = []
    for hour in np.arange(24.0 * FIRST_DAY, 24.0 * (FIRST_DAY + DAYS), STEP_H).tolist():
        place = shown_hours(world.parameters, tags, hour) - grid[0]
        low = place.astype(np.int64)
        seen = views[low, tags] + (place - low) * (views[low + 1, tags] - views[low, tags])
        at = pl.lit(start + timedelta(hours=hour)).alias("fetched_at")
        frames.append(pl.DataFrame({"hashtag": world.hashtags, "views_total": rounded(seen)}).with_columns(at))
    return pl.concat(frames)


def video_readings(world: World) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return videos and two readings of each, the second 1 to 430 hours after the first."""
    videos, seed, end = world.videos, world.parameters.seed, 24.0 * world.parameters.days
    index = np.flatnonzero(uniform(seed, 71, np.arange(len(videos.tag))) < SAMPLED / len(videos.tag))
    first = videos.created_h[index] + (end - videos.created_h[index]) * uniform(seed, 72, index)
    second = np.minimum(end, first + np.exp(np.log(430.0) * uniform(seed, 73, index)))
    members = videos.members
    frame = pl.DataFrame(
        {
            "video_id": index,
            "hashtags": [members.of_video(video).tolist() for video in index.tolist()],
            "created_h": videos.created_h[index],
        }
    )
    snapshots = [_snapshot(world, index, hours) for hours in (first, second)]
    return frame, pl.concat(snapshots)


def _snapshot(world: World, index: Integers, hours: Numbers) -> pl.DataFrame:
    counts = readings(world.videos, index, hours, world.parameters.seed)
    names = ("plays", "likes", "comments", "shares", "saves")
    followers = followers_of(world.parameters, world.videos.creator[index])
    columns = {name: counts[:, i] for i, name in enumerate(names)}
    return pl.DataFrame({"video_id": index, "fetched_h": hours, "creator_followers": rounded(followers), **columns})


def table(real: Mapping[str, float], world: Mapping[str, float]) -> str:
    """Side by side as Markdown."""
    lines = ["| figure | real | world |", "|---|---:|---:|"]
    lines += [f"| {name} | {value:.4g} | {world[name]:.4g} |" for name, value in real.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
