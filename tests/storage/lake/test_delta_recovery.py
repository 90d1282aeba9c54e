"""What a crash leaves behind, and that nothing acknowledged is lost to it."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.lake.delta import DeltaLake
from tests.support.lake_rows import READINGS, START, TABLES, hour, readings


def put(lake: DeltaLake, number: int) -> None:
    lake.replace("readings", readings(hour(number), {"a": number, "b": number}), hour(number - 1), hour(number))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A lake whose table has five windows, at version 5."""
    lake = DeltaLake(tmp_path / "lake", TABLES)
    for number in range(1, 6):
        put(lake, number)
    return tmp_path / "lake"


def log_of(root: Path) -> Path:
    return root / "readings" / "_delta_log"


def windows(lake: DeltaLake) -> list[int]:
    return lake.read("readings", columns=["views"])["views"].unique().sort().to_list()


def test_a_whole_lake_needs_no_mending(root: Path) -> None:
    assert DeltaLake(root, TABLES).recover() == []
    assert DeltaLake(root / "none", TABLES).recover() == []


@pytest.mark.parametrize("torn", [b"", b'{"add":{"path"', b"\x00" * 100, b"[]\n"])
def test_a_torn_last_entry_is_dropped(root: Path, torn: bytes) -> None:
    (log_of(root) / f"{5:020}.json").write_bytes(torn)
    lake = DeltaLake(root, TABLES)
    assert lake.recover() == ["readings: dropped the torn log entry 5 (it does not parse)"]
    assert windows(lake) == [1, 2, 3, 4]
    put(lake, 5)
    assert windows(DeltaLake(root, TABLES)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("content", "problem"), [(None, "missing"), (b"PAR1", "short")])
def test_an_entry_that_names_a_torn_file_is_dropped(root: Path, content: bytes | None, problem: str) -> None:
    newest = max(DeltaLake(root, TABLES).paths("readings"), key=lambda path: Path(path).stat().st_mtime_ns)
    Path(newest).unlink()
    if content is not None:
        Path(newest).write_bytes(content)
    lake = DeltaLake(root, TABLES)
    lines = lake.recover()
    assert len(lines) == 1
    assert lines[0].startswith("readings: dropped the torn log entry 5 (day=2025-05-14")
    assert lines[0].endswith(f"is {problem})")
    assert windows(lake) == [1, 2, 3, 4]


def test_a_torn_checkpoint_is_dropped(tmp_path: Path) -> None:
    lake = DeltaLake(tmp_path, TABLES)
    for number in range(1, 25):
        put(lake, number)
    checkpoint = next(log_of(tmp_path).glob("*.checkpoint*.parquet"))
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    lake = DeltaLake(tmp_path, TABLES)
    assert lake.recover() == [
        f"readings: dropped the torn checkpoint {checkpoint.name}",
        "readings: dropped the pointer to its checkpoint",
    ]
    assert windows(lake) == list(range(1, 25))


def test_what_a_checkpoint_stands_for_is_never_dropped(tmp_path: Path) -> None:
    lake = DeltaLake(tmp_path, TABLES)
    for number in range(1, 21):
        put(lake, number)
    (log_of(tmp_path) / f"{20:020}.json").write_text("torn")
    with pytest.raises(StorageError, match=r"^table readings is damaged at version 20 \(it does not parse\); restore"):
        DeltaLake(tmp_path, TABLES).recover()


def test_half_made_names_are_removed_without_a_word(root: Path) -> None:
    for name in (f"{6:020}.json.abc.half-made", f"{6:020}.json#1"):
        (log_of(root) / name).write_text("half")
    assert windows(DeltaLake(root, TABLES)) == [1, 2, 3, 4, 5]
    assert DeltaLake(root, TABLES).recover() == []
    assert [path.name for path in log_of(root).iterdir() if path.suffix != ".json"] == []


def test_a_torn_entry_met_by_a_reader_is_one_clear_line(root: Path) -> None:
    lake = DeltaLake(root, TABLES)
    assert windows(lake) == [1, 2, 3, 4, 5]
    (log_of(root) / f"{6:020}.json").write_text("torn")
    with pytest.raises(StorageError, match=r"^can't read the log of table readings: entry .* is torn"):
        lake.read("readings")


WRITER = """
import sys
from storage.lake.delta import DeltaLake
from tests.support.lake_rows import TABLES, hour, readings
lake = DeltaLake(sys.argv[1], TABLES)
number = int(sys.argv[2])
while True:
    number += 1
    tags = {f"tag{location}": number for location in range(5)}
    lake.replace("readings", readings(hour(number), tags), hour(number - 1), hour(number))
    print(number, flush=True)
"""


def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path: Path) -> None:
    chance = random.Random(7)
    last = 0
    for _ in range(4):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(last)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            lines = [int(writer.stdout.readline()) for _ in range(chance.randrange(1, 9))]
            time.sleep(chance.random() * 0.03)
            writer.send_signal(signal.SIGKILL)
            lines += [int(line) for line in writer.stdout.read().split()]
        acknowledged = lines[-1]
        lake = DeltaLake(tmp_path, TABLES)
        assert lake.recover() == []
        kept = windows(lake)
        assert kept in (list(range(1, acknowledged + 1)), list(range(1, acknowledged + 2)))
        assert lake.read("readings").height == 5 * len(kept)
        last = acknowledged
        lake.replace("readings", READINGS.empty(), hour(last), hour(last + 1))
    assert last > 5
    assert lake.read("readings", start=START, end=hour(last)).height == 5 * last
