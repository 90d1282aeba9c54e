"""Many writers of one lake, and what is on the disk when a write is acknowledged."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.lake.delta import DeltaLake
from tests.support.lake_rows import START, TABLES, hour, put_readings, readings


@pytest.fixture
def lake(tmp_path: Path) -> DeltaLake:
    return DeltaLake(tmp_path / "lake", TABLES)


def test_threads_and_handles_that_replace_different_windows_all_land(tmp_path: Path) -> None:
    lakes = [DeltaLake(tmp_path, TABLES) for _ in range(4)]

    def write(location: int) -> None:
        for number in range(5):
            put_readings(lakes[location % 4], location * 5 + number + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert lakes[0].read("readings")["window"].unique().sort().to_list() == [hour(number) for number in range(1, 41)]
    assert lakes[0].read("readings").height == 120


def test_two_that_replace_the_same_window_leave_one_of_their_frames(tmp_path: Path) -> None:
    lakes = [DeltaLake(tmp_path, TABLES) for _ in range(4)]

    def write(location: int) -> None:
        frame = readings(hour(1), dict.fromkeys("abc", location))
        lakes[location].replace("readings", frame, START, hour(1))

    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        rows = lakes[0].read("readings")
        assert rows.height == 3
        assert rows["views"].n_unique() == 1


WRITER = """
import sys
from storage.lake.delta import DeltaLake
from tests.support.lake_rows import TABLES, hour, readings
lake = DeltaLake(sys.argv[1], TABLES)
for number in range(int(sys.argv[2]), 31, 2):
    lake.replace("readings", readings(hour(number), {"a": number}), hour(number - 1), hour(number))
"""


def test_two_processes_that_write_at_once_both_land(lake: DeltaLake, tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "lake"), first]) for first in ("1", "2")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert lake.read("readings")["views"].to_list() == list(range(1, 31))


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    lake = DeltaLake(tmp_path / "lake", TABLES)
    put_readings(lake, 1)
    table = tmp_path / "lake" / "readings"
    assert {str(tmp_path), str(tmp_path / "lake"), str(table), str(table / "_delta_log")} <= set(synced)
    synced.clear()
    put_readings(lake, 2)
    new = [path for path in lake.paths("readings") if path in synced]
    assert len(new) == len({Path(path).parent for path in lake.paths("readings")})
    draft, log = synced[-2:]
    assert "00000000000000000002.json" in draft
    assert log == str(table / "_delta_log")
    assert {str(Path(path).parent) for path in new} <= set(synced)


def test_a_lake_that_is_not_durable_makes_no_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: pytest.fail("fsync was called"))
    put_readings(DeltaLake(tmp_path / "lake", TABLES, durable=False), 1)
