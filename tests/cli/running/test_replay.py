"""A replay leaves what it promises, and two of one recording give the same tables, value by value."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

pytestmark = pytest.mark.timeout(1300)
START = datetime(2025, 6, 1, tzinfo=UTC)
TABLES = ("hashtag_metrics", "predictions", "outcomes")


def write_recording(folder: Path) -> None:
    """Thirty hashtags with totals, ten of them also with videos, over three and a half days."""
    folder.mkdir()
    chance = np.random.default_rng(5)
    hours = np.arange(-12, 72, 2.0)
    totals, videos, readings = [], [], []
    for tag in range(30):
        views = 50_000 * (tag + 1) * np.exp(np.cumsum(chance.exponential(0.004, len(hours))))
        for hour, seen in zip(hours, views, strict=True):
            totals.append((f"tag{tag}", START + timedelta(hours=hour, minutes=tag), int(seen)))
    for video in range(80):
        tag, born = video % 10, float(chance.uniform(-12, 30))
        videos.append((str(video), START + timedelta(hours=born), f"maker{video % 17}", [f"tag{tag}"], f"s{video % 7}"))
        for hour in np.arange(born + 1, 72, 5.0):
            plays = int(1_000 * (1 + video) * (1 - np.exp((born - hour) / 20)))
            readings.append((str(video), START + timedelta(hours=float(hour)), plays, plays // 10, 3, 1))
    pl.DataFrame(totals, ["hashtag", "fetched_at", "views_total"], orient="row").write_parquet(
        folder / "hashtag_snapshots.parquet"
    )
    columns = ["video_id", "created_at", "creator_handle", "hashtags", "sound_id"]
    pl.DataFrame(videos, columns, orient="row").write_parquet(folder / "videos.parquet")
    counters = ["video_id", "fetched_at", "plays", "likes", "comments", "shares"]
    pl.DataFrame(readings, counters, orient="row").write_parquet(folder / "video_snapshots.parquet")


@dataclass(frozen=True)
class Replayed:
    """What a replay left: its folder, the rows that it counts, and its tables."""

    folder: Path
    rows: dict[str, int]
    tables: dict[str, pl.DataFrame]


def replay(recording: Path, folder: Path) -> Replayed:
    span = ["--from", "2025-06-01T18:00", "--to", "2025-06-03T01:00", "--warmup-days", "1", "--out", str(folder)]
    command = [sys.executable, "-m", "cli.app", "replay", "--recording", str(recording), *span, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    tables = {table: pl.read_parquet(folder / f"{table}.parquet") for table in TABLES}
    return Replayed(folder, json.loads(done.stdout)["rows"], tables)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay") / "recording"
    write_recording(folder)
    return folder


@pytest.fixture(scope="module")
def replayed(recording: Path) -> Replayed:
    return replay(recording, recording.with_name("first"))


def test_a_replay_leaves_everything_it_promises(replayed: Replayed) -> None:
    assert replayed.rows["predictions"] > 0
    assert replayed.rows["outcomes"] > 0
    metrics = replayed.tables["hashtag_metrics"]
    assert metrics["window_end"].min() == START + timedelta(hours=19)
    assert metrics["v_source"].drop_nulls().unique().to_list() == ["totals"]
    for left in ("kpis.json", "events.jsonl", "report.md"):
        assert (replayed.folder / left).stat().st_size > 0


@pytest.mark.slow
def test_a_second_replay_gives_the_same_tables(recording: Path, replayed: Replayed, tmp_path: Path) -> None:
    again = replay(recording, tmp_path / "second")
    assert again.rows == replayed.rows
    assert all(again.rows[table] > 0 for table in ("predictions", "outcomes"))
    for table in TABLES:
        assert again.tables[table].equals(replayed.tables[table]), table
