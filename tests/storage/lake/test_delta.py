"""What only the lake on Delta does: pruning, constant cost, many writers, clear failures."""

import json
import pickle
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import StorageError
from core.tables import Field
from core.windows import HOUR
from storage.lake.delta import DeltaLake
from storage.memory.lake import MemoryLake
from tests.support.lake_rows import READINGS, START, TABLES, hour, pages, put_readings, readings


@pytest.fixture
def lake(tmp_path: Path) -> DeltaLake:
    return DeltaLake(tmp_path / "lake", TABLES)


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
    addresses = []
    for kind, first, length, tags in writes:
        if kind == "compact":
            delta.compact(date(2025, 5, 14) + timedelta(days=first * 10))
            continue
        start, end = hour(first), hour(first + length)
        frame = pl.concat([readings(hour(first + 1 + location * length % length), tags) for location in range(1)])
        addresses.append([getattr(lake, kind)("readings", frame, start, end) for lake in (delta, memory)])
        assert delta.read("readings").equals(memory.read("readings"))
        assert delta.read("readings", start=hour(20), end=hour(44), buckets=[0, 2]).equals(
            memory.read("readings", start=hour(20), end=hour(44), buckets=[0, 2])
        )
    for by_delta, by_memory in addresses:
        assert delta.read_address(by_delta).equals(memory.read_address(by_memory))


def test_another_process_sees_each_commit_and_pickling_opens_the_same_lake(lake: DeltaLake) -> None:
    other = pickle.loads(pickle.dumps(lake))
    for number in range(1, 30):
        put_readings(lake if number % 2 else other, number)
        assert other.version("readings") == lake.version("readings")
        assert other.read("readings").equals(lake.read("readings"))


def test_the_tables_are_plain_delta_tables(lake: DeltaLake, tmp_path: Path) -> None:
    for number in range(1, 30):
        put_readings(lake, number)
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
        put_readings(lake, number)
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
            put_readings(lake, day * 24 + window)
        lake.compact((hour(day * 24 + 24)).date())
        if day % 5 == 4:
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
        put_readings(lake, number)
    lake.compact(date(2025, 6, 2))
    days = {path.split("day=")[1].split("/")[0] for path in lake.paths("readings")}
    assert days == {"2025-05", "2025-06-01", "2025-06-02"}
    rows = lake.read("readings")
    put_readings(lake, 30)
    assert lake.read("readings").equals(rows)
    lake.compact(date(2025, 7, 1))
    days = {path.split("day=")[1].split("/")[0] for path in lake.paths("readings")}
    assert days == {"2025-05", "2025-06"}
    assert lake.read("readings").equals(rows)


def test_an_object_store_is_an_address(tmp_path: Path) -> None:
    for name in TABLES:
        (tmp_path / "bucket" / name).mkdir(parents=True)
    lake = DeltaLake(f"file://{tmp_path}/bucket", TABLES)
    here = MemoryLake(TABLES)
    for number in (1, 2, 3, 2):
        put_readings(lake, number)
        put_readings(here, number)
    lake.append("pages", pages(hour(1), ["p1"]), START, hour(1))
    assert lake.read("readings").equals(here.read("readings"))
    first = DeltaLake(f"file://{tmp_path}/bucket", TABLES).read("readings", version=1)
    assert first["window"].unique().to_list() == [hour(1)]
    lake.compact(date(2025, 5, 15))
    assert lake.read("readings").equals(here.read("readings"))
    assert lake.recover() == []


def test_a_column_declared_later_is_null_in_older_rows(lake: DeltaLake, tmp_path: Path) -> None:
    put_readings(lake, 1)
    fields = {**READINGS.fields, "novelty": Field(pl.Float64(), "new")}
    wider = DeltaLake(tmp_path / "lake", TABLES | {"readings": replace(READINGS, fields=fields)})
    assert wider.read("readings")["novelty"].to_list() == [None, None, None]
    frame = readings(hour(2), {"a": 1}).with_columns(novelty=pl.lit(0.5)).select(*fields, "window")
    wider.replace("readings", frame, HOUR + START, hour(2))
    wider.compact(date(2025, 5, 15))
    assert wider.read("readings")["novelty"].to_list() == [0.5, None, None, None]
    with pytest.raises(StorageError, match="a column novelty of type Float64, but declared is no such column"):
        DeltaLake(tmp_path / "lake", TABLES).read("readings")


def test_one_hashtag_is_read_from_a_few_groups_of_a_compacted_file(tmp_path: Path) -> None:
    by_hashtag = replace(READINGS, bucketed=False)
    lake = DeltaLake(tmp_path / "lake", {"readings": by_hashtag}, durable=False)
    tags = {f"tag{number:04}": number for number in range(2_500)}
    for number in range(1, 7):
        lake.replace("readings", readings(hour(number), tags), hour(number - 1), hour(number))
    before = lake.read("readings")
    lake.compact(date(2025, 6, 16))
    (path,) = lake.paths("readings")
    groups = pq.ParquetFile(path).metadata
    held = [groups.row_group(place).column(0).statistics for place in range(groups.num_row_groups)]
    assert len(held) > 3
    assert sum(group.min <= "tag1234" <= group.max for group in held) <= 2
    assert lake.read("readings").equals(before)
    assert lake.read("readings", where={"hashtag": "tag1234"}).equals(before.filter(hashtag="tag1234"))
