"""What only the lake on Delta does: pruning, constant cost, many writers, clear failures."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import StorageError
from core.tables import Field
from storage.delta import DeltaLake
from storage.memory import MemoryLake
from tests.lake_rows import HOUR, PAGES, READINGS, START, TABLES, hour, pages, readings
from tests.requirements import require


@pytest.fixture
def lake(tmp_path: Path) -> DeltaLake:
    return DeltaLake(tmp_path / "lake", TABLES)


def put(lake: DeltaLake | MemoryLake, number: float, tags: int = 3) -> None:
    frame = readings(hour(number), {f"tag{tag}": int(number) for tag in range(tags)})
    lake.replace("readings", frame, hour(number - 1), hour(number))


TAGS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), max_size=6)
WRITES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["replace", "append"]), st.integers(0, 60), st.integers(1, 40), TAGS),
        st.tuples(st.just("compact"), st.integers(0, 4), st.just(0), st.just({})),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITES)
def test_any_sequence_of_writes_leaves_what_the_lake_in_memory_holds(
    tmp_path: Path, writes: list[tuple[str, int, int, dict[str, int]]]
) -> None:
    shutil.rmtree(tmp_path / "lake", ignore_errors=True)
    delta, memory = DeltaLake(tmp_path / "lake", TABLES, durable=False), MemoryLake(TABLES)
    told = []
    for kind, first, length, tags in writes:
        if kind == "compact":
            delta.compact(date(2025, 5, 14) + timedelta(days=first * 10))
            continue
        start, end = hour(first), hour(first + length)
        frame = pl.concat([readings(hour(first + 1 + place * length % length), tags) for place in range(1)])
        told.append([getattr(lake, kind)("readings", frame, start, end) for lake in (delta, memory)])
        assert delta.read("readings").equals(memory.read("readings"))
        assert delta.read("readings", start=hour(20), end=hour(44), buckets=[0, 2]).equals(
            memory.read("readings", start=hour(20), end=hour(44), buckets=[0, 2])
        )
    for by_delta, by_memory in told:
        assert delta.read_address(by_delta).equals(memory.read_address(by_memory))


def test_another_process_sees_each_commit_and_pickling_opens_the_same_lake(lake: DeltaLake) -> None:
    other = pickle.loads(pickle.dumps(lake))
    for number in range(1, 30):
        put(lake if number % 2 else other, number)
        assert other.version("readings") == lake.version("readings")
        assert other.read("readings").equals(lake.read("readings"))


def test_the_tables_are_plain_delta_tables(lake: DeltaLake, tmp_path: Path) -> None:
    for number in range(1, 30):
        put(lake, number)
    lake.append("pages", pages(hour(1), ["p1"]), START, hour(1))
    table = DeltaTable(tmp_path / "lake" / "readings")
    assert table.version() == lake.version("readings")
    by_delta = pl.DataFrame(table.scan()).select([*READINGS.schema]).sort("hashtag", "window")
    assert by_delta.equals(lake.read("readings"))
    assert sorted(table.file_uris()) == sorted(lake.paths("readings"))
    assert table.metadata().partition_columns == ["day", "bucket"]
    assert pl.read_parquet(lake.paths("pages")).equals(lake.read("pages"))


def test_a_range_is_read_from_its_days_alone(lake: DeltaLake) -> None:
    for number in range(1, 24 * 5, 2):
        put(lake, number)
    lake.compact(date(2025, 5, 18))
    for path in lake.paths("readings"):
        if "day=2025-05-18" not in path and "day=2025-05-17" not in path:
            Path(path).write_bytes(b"gone")
    last = lake.read("readings", start=hour(24 * 5 - 26), end=hour(24 * 5 - 1))
    assert last.height == 13 * 3
    with pytest.raises(StorageError, match="can't read table readings"):
        lake.read("readings")


def files_and_log_of(lake: DeltaLake, folder: Path) -> tuple[int, int]:
    """Files of the table, and bytes of the log that opening it reads."""
    log = folder / "readings" / "_delta_log"
    checkpoint = json.loads((log / "_last_checkpoint").read_text())["version"]
    read = [*log.glob(f"{checkpoint:020}.checkpoint*.parquet")]
    read += [path for path in log.glob("*.json") if int(path.stem) > checkpoint]
    return len(lake.paths("readings")), sum(path.stat().st_size for path in read)


def test_what_a_cycle_reads_does_not_grow_with_the_days(tmp_path: Path) -> None:
    lake = DeltaLake(tmp_path, TABLES, durable=False, history=timedelta(0))
    costs: dict[int, tuple[int, int]] = {}
    for day in range(75):
        for window in (12, 24):
            put(lake, day * 24 + window)
        lake.compact((hour(day * 24 + 24)).date())
        lake.vacuum(timedelta(0), datetime.now(tz=START.tzinfo))
        costs[day] = files_and_log_of(lake, tmp_path)
    young, old = (zip(*(costs[day] for day in days), strict=True) for days in (range(20, 45), range(50, 75)))
    for before, after in zip(young, old, strict=True):
        assert max(after) <= 1.1 * max(before)
    entries = len(list((tmp_path / "readings" / "_delta_log").glob("*.json")))
    assert entries < 60
    kept = list((tmp_path / "readings").rglob("*.parquet"))
    assert len(kept) <= costs[74][0] + 4


def test_closed_days_and_closed_months_become_one_file_a_bucket(lake: DeltaLake) -> None:
    for number in range(6, 24 * 20, 6):
        put(lake, number)
    lake.compact(date(2025, 6, 2))
    days = {path.split("day=")[1].split("/")[0] for path in lake.paths("readings")}
    assert days == {"2025-05", "2025-06-01", "2025-06-02"}
    rows = lake.read("readings")
    put(lake, 30)
    assert lake.read("readings").equals(rows)
    lake.compact(date(2025, 7, 1))
    days = {path.split("day=")[1].split("/")[0] for path in lake.paths("readings")}
    assert days == {"2025-05", "2025-06"}
    assert lake.read("readings").equals(rows)


def test_threads_and_handles_that_replace_different_windows_all_land(tmp_path: Path) -> None:
    lakes = [DeltaLake(tmp_path, TABLES) for _ in range(4)]

    def write(place: int) -> None:
        for number in range(5):
            put(lakes[place % 4], place * 5 + number + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert lakes[0].read("readings")["window"].unique().sort().to_list() == [hour(number) for number in range(1, 41)]
    assert lakes[0].read("readings").height == 120


def test_two_that_replace_the_same_window_leave_one_of_their_frames(tmp_path: Path) -> None:
    lakes = [DeltaLake(tmp_path, TABLES) for _ in range(4)]

    def write(place: int) -> None:
        frame = readings(hour(1), dict.fromkeys("abc", place))
        lakes[place].replace("readings", frame, START, hour(1))

    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        rows = lakes[0].read("readings")
        assert rows.height == 3
        assert rows["views"].n_unique() == 1


WRITER = """
import sys
from storage.delta import DeltaLake
from tests.lake_rows import TABLES, hour, readings
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
    put(lake, 1)
    table = tmp_path / "lake" / "readings"
    assert {str(tmp_path), str(tmp_path / "lake"), str(table), str(table / "_delta_log")} <= set(synced)
    synced.clear()
    put(lake, 2)
    new = [path for path in lake.paths("readings") if path in synced]
    assert len(new) == len({Path(path).parent for path in lake.paths("readings")})
    draft, log = synced[-2:]
    assert "00000000000000000002.json" in draft
    assert log == str(table / "_delta_log")
    assert {str(Path(path).parent) for path in new} <= set(synced)


def test_a_lake_that_is_not_durable_makes_no_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: pytest.fail("fsync was called"))
    put(DeltaLake(tmp_path / "lake", TABLES, durable=False), 1)


def test_an_object_store_is_an_address(tmp_path: Path) -> None:
    for name in TABLES:
        (tmp_path / "bucket" / name).mkdir(parents=True)
    lake = DeltaLake(f"file://{tmp_path}/bucket", TABLES)
    here = MemoryLake(TABLES)
    for number in (1, 2, 3, 2):
        put(lake, number)
        put(here, number)
    lake.append("pages", pages(hour(1), ["p1"]), START, hour(1))
    assert lake.read("readings").equals(here.read("readings"))
    first = DeltaLake(f"file://{tmp_path}/bucket", TABLES).read("readings", version=1)
    assert first["window"].unique().to_list() == [hour(1)]
    lake.compact(date(2025, 5, 15))
    assert lake.read("readings").equals(here.read("readings"))
    assert lake.recover() == []


def test_a_column_declared_later_is_null_in_older_rows(lake: DeltaLake, tmp_path: Path) -> None:
    put(lake, 1)
    fields = {**READINGS.fields, "novelty": Field(pl.Float64(), "new")}
    wider = DeltaLake(tmp_path / "lake", TABLES | {"readings": replace(READINGS, fields=fields)})
    assert wider.read("readings")["novelty"].to_list() == [None, None, None]
    frame = readings(hour(2), {"a": 1}).with_columns(novelty=pl.lit(0.5)).select(*fields, "window")
    wider.replace("readings", frame, HOUR + START, hour(2))
    wider.compact(date(2025, 5, 15))
    assert wider.read("readings")["novelty"].to_list() == [0.5, None, None, None]
    with pytest.raises(StorageError, match="a column novelty of type Float64, but declared is no such column"):
        DeltaLake(tmp_path / "lake", TABLES).read("readings")


def test_another_number_of_buckets_is_one_clear_line(lake: DeltaLake, tmp_path: Path) -> None:
    put(lake, 1)
    with pytest.raises(StorageError, match=r"^the lake was made with 4 buckets, not 8; set buckets to 4$"):
        DeltaLake(tmp_path / "lake", TABLES, buckets=8).read("readings")


def test_a_folder_that_is_no_table_is_one_clear_line(lake: DeltaLake, tmp_path: Path) -> None:
    (tmp_path / "lake" / "readings").mkdir(parents=True)
    (tmp_path / "lake" / "readings" / "notes.txt").write_text("mine")
    for use in (lambda: put(lake, 1), lambda: lake.read("readings"), lake.recover):
        with pytest.raises(StorageError, match=r"readings is no Delta table though it holds notes\.txt; move it away"):
            use()
    assert (tmp_path / "lake" / "readings" / "notes.txt").read_text() == "mine"


def test_a_file_in_place_of_the_lake_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file")
    with pytest.raises(StorageError, match=r"^can't write table readings: ") as caught:
        put(DeltaLake(tmp_path / "lake", TABLES), 1)
    assert "\n" not in str(caught.value)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    require(os.geteuid() == 0, "only root can mount a small tmpfs")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True)
    require(mounted.returncode == 0, "this container may not mount a tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


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
from storage.delta import DeltaLake
from tests.lake_rows import READINGS, START, hour, readings
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
