"""Every implementation of the stores, for the suites that hold them to one behaviour."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.lake.delta import DeltaLake
from storage.lake.interface import Lake
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from storage.records.interface import Records
from storage.records.sql.records import SqlRecords
from storage.records.stored import StoredRecord
from tests.support.lake_rows import TABLES

LAKES: dict[str, Callable[[Path], Lake]] = {
    "delta": lambda folder: DeltaLake(folder / "lake", TABLES, buckets=3),
    "memory": lambda folder: MemoryLake(TABLES, buckets=3),
}


@pytest.fixture(params=LAKES)
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """An empty lake."""
    return LAKES[request.param](tmp_path)


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """Empty records."""
    if request.param == "memory":
        yield MemoryRecords()
        return
    url = f"sqlite:///{tmp_path}/records.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = SqlRecords(url)
    with opened._database.writing() as connection:
        for table in StoredRecord.metadata.sorted_tables:
            connection.execute(table.delete())
    yield opened
    opened.close()
