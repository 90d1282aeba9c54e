"""Every kind of commit that the lake makes is read by others: deltalake, DuckDB and Polars."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable

from core.tables import Field
from storage.lake.delta import DeltaLake
from storage.lake.delta_log import CHECKPOINT_EVERY
from storage.lake.delta_rebucket import rebucket
from storage.lake.frames import bucket_of
from storage.lake.table_location import TableLocation
from tests.support.lake_rows import READINGS, START, TABLES, hour, readings

TAGS: dict[str, int | None] = {f"tag{number}": number for number in range(8)}
WIDER = replace(READINGS, fields={**READINGS.fields, "likes": Field(pl.Int64(), "count")})
Change = Callable[[Path], None]


def lake(root: Path, buckets: int = 3, wider: bool = False) -> DeltaLake:
    return DeltaLake(root, TABLES | ({"readings": WIDER} if wider else {}), buckets=buckets)


def by_deltalake(path: str) -> pl.DataFrame:
    frame = pl.from_arrow(DeltaTable(path).to_pyarrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def by_duckdb(path: str) -> pl.DataFrame:
    """Through DuckDB's own reader of Delta where that is installed, else over the files that deltalake names."""
    connection = duckdb.connect()
    try:
        connection.execute("SET autoinstall_known_extensions = false; LOAD delta")
    except duckdb.Error:
        connection.register("readings", DeltaTable(path).to_pyarrow_dataset())
        return connection.sql("FROM readings").pl()
    return connection.sql(f"FROM delta_scan('{path}')").pl()


READERS = {"deltalake": by_deltalake, "duckdb": by_duckdb, "polars": pl.read_delta}


def window(root: Path, number: int, tags: dict[str, int | None] = TAGS, hours: int = 1) -> None:
    """Replace the window that ends `number` hours after the start, and those of the hours before it."""
    lake(root).replace("readings", readings(hour(number), tags), hour(number - hours), hour(number))


def widen(root: Path) -> None:
    frame = readings(hour(70), TAGS).with_columns(likes=pl.lit(5))
    lake(root, wider=True).replace("readings", frame.select(list(WIDER.schema)), hour(69), hour(70))


def checkpoint(root: Path) -> None:
    for number in range(CHECKPOINT_EVERY):
        frame = readings(hour(71 + number), TAGS).with_columns(likes=pl.lit(number)).select(list(WIDER.schema))
        lake(root, wider=True).replace("readings", frame, hour(70 + number), hour(71 + number))
    assert list((root / "readings" / "_delta_log").glob("*.checkpoint.parquet"))


CHANGES: list[tuple[str, str, Change]] = [
    ("append", "WRITE", lambda root: _ignore(lake(root).append("readings", readings(hour(1), TAGS), START, hour(1)))),
    ("more rows", "WRITE", lambda root: window(root, 2)),
    ("replace a window", "WRITE", lambda root: window(root, 2, {"tag0": 7, "new": 8})),
    ("replace a part of a file", "WRITE", lambda root: _cut_through(root)),
    (
        "delete windows",
        "DELETE",
        lambda root: window(root, 1, {}),
    ),
    ("compact days", "OPTIMIZE", lambda root: _next_day_and_compact(root, date(2025, 5, 16))),
    ("compact months", "OPTIMIZE", lambda root: lake(root).compact(date(2025, 7, 1))),
    ("a new column", "WRITE", widen),
    ("a checkpoint", "WRITE", checkpoint),
    ("rebucket", "REBUCKET", lambda root: _ignore(rebucket(WIDER, TableLocation(str(root / "readings")), 5))),
    ("vacuum", "REBUCKET", lambda root: lake(root, 5, wider=True).vacuum(timedelta(0), hour(24 * 400))),
]


def _ignore(result: Any) -> None:
    """A change is made for what it does."""


def _cut_through(root: Path) -> None:
    frame = pl.concat([readings(hour(number), TAGS) for number in range(3, 9)])
    lake(root).replace("readings", frame, hour(2), hour(8))
    window(root, 5, {"tag1": 50}, hours=2)


def _next_day_and_compact(root: Path, before: date) -> None:
    for number in range(25, 28):
        window(root, number)
    lake(root).compact(before)


def test_every_kind_of_commit_is_read_by_others(tmp_path: Path) -> None:
    wider, buckets = False, 3
    for kind, operation, change in CHANGES:
        change(tmp_path)
        wider = wider or kind == "a new column"
        buckets = 5 if kind == "rebucket" else buckets
        ours = lake(tmp_path, buckets, wider).read("readings")
        path = str(tmp_path / "readings")
        assert ours.height, kind
        for name, read in READERS.items():
            theirs = read(path).select(ours.columns).cast(dict(ours.schema)).sort("hashtag", "window")
            assert theirs.equals(ours), (kind, name)
            stored = read(path).select("hashtag", "bucket", "window", "day")
            assert all(bucket_of(tag, buckets) == bucket for tag, bucket, *_ in stored.iter_rows()), (kind, name)
        newest, *_ = DeltaTable(path).history(1)
        assert newest["operation"] == operation, kind


@pytest.mark.parametrize("rows", [0, 1])
def test_a_replaced_range_is_named_in_the_history(tmp_path: Path, rows: int) -> None:
    window(tmp_path, 1)
    lake(tmp_path).replace("readings", readings(hour(1), TAGS).head(rows), START, hour(1))
    newest, *_ = DeltaTable(str(tmp_path / "readings")).history(1)
    predicate = "window > '2025-05-14T00:00:00+00:00' AND window <= '2025-05-14T01:00:00+00:00'"
    assert newest["operationParameters"]["predicate"] == predicate
    assert newest["readVersion"] == 1
    assert newest["engineInfo"] == "groundswell"
