"""Each thing that can be wrong with a lake is one clear line."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.lake.delta import DeltaLake
from tests.support.lake_rows import PAGES, TABLES, hour, pages, put_readings
from tests.support.requirements import require
from tests.support.small_disk import mounted


@pytest.fixture
def lake(tmp_path: Path) -> DeltaLake:
    return DeltaLake(tmp_path / "lake", TABLES)


def test_another_number_of_buckets_is_one_clear_line(lake: DeltaLake, tmp_path: Path) -> None:
    put_readings(lake, 1)
    with pytest.raises(StorageError, match=r"^the lake was made with 4 buckets, not 8: set stores.buckets to 4"):
        DeltaLake(tmp_path / "lake", TABLES, buckets=8).read("readings")


def test_a_folder_that_is_no_table_is_one_clear_line(lake: DeltaLake, tmp_path: Path) -> None:
    (tmp_path / "lake" / "readings").mkdir(parents=True)
    (tmp_path / "lake" / "readings" / "notes.txt").write_text("mine")
    for use in (lambda: put_readings(lake, 1), lambda: lake.read("readings"), lake.recover):
        with pytest.raises(StorageError, match=r"readings is no Delta table though it holds notes\.txt; move it away"):
            use()
    assert (tmp_path / "lake" / "readings" / "notes.txt").read_text() == "mine"


def test_a_file_in_place_of_the_lake_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file")
    with pytest.raises(StorageError, match=r"^can't write table readings: ") as caught:
        put_readings(DeltaLake(tmp_path / "lake", TABLES), 1)
    assert "\n" not in str(caught.value)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    with mounted(tmp_path / "small", "256k") as folder:
        yield folder


def test_a_full_disk_is_one_clear_line_and_loses_nothing(small_disk: Path) -> None:
    lake = DeltaLake(small_disk / "lake", {"pages": PAGES})
    acknowledged: list[int] = []

    def fill() -> None:
        for number in range(1, 99):
            noise = os.urandom(8_000).hex()
            lake.append("pages", pages(hour(number), [noise]), hour(number - 1), hour(number))
            acknowledged.append(number)

    with pytest.raises(StorageError, match=r"^can't write table pages: the disk is full; make room and start again$"):
        fill()
    assert acknowledged
    again = DeltaLake(small_disk / "lake", {"pages": PAGES})
    assert again.recover() == []
    assert again.read("pages").height == len(acknowledged)
    assert len(list((small_disk / "lake" / "pages").rglob("*.parquet"))) == len(acknowledged)


FORBIDDEN = """
import os, sys
from core.errors import StorageError
from storage.lake.delta import DeltaLake
from tests.support.lake_rows import READINGS, START, hour, readings
frame = readings(hour(1), {"a": 1})
DeltaLake(sys.argv[2], {"readings": READINGS}).replace("readings", frame, START, hour(1))
os.setgid(65534), os.setuid(65534)
try:
    DeltaLake(sys.argv[1], {"readings": READINGS}).replace("readings", frame, START, hour(1))
except StorageError as error:
    print(error)
"""


def test_no_permission_is_one_clear_line(tmp_path: Path) -> None:
    require(os.geteuid() == 0, "only root can become another user")
    folder = Path("/tmp") / f"groundswell-forbidden-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        command = [sys.executable, "-c", FORBIDDEN, str(folder / "lake"), str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    finally:
        folder.rmdir()
    assert done.stdout == (
        "can't write table readings: permission denied; give this user the right to write there\n"
    ), done.stderr
