"""The small world behind the pages, once for all tests that only read it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES
from tests.serve.small_world import SmallWorld, fill


@pytest.fixture(scope="session")
def filled() -> tuple[Reader, SmallWorld]:
    lake, records = MemoryLake(TABLES), MemoryRecords()
    world = fill(lake, records)
    return Reader(lake, records, wall=lambda: NOW, units_cap=300, job_agents=world.job_agents), world


@pytest.fixture(scope="session")
def client(filled: tuple[Reader, SmallWorld]) -> Iterator[TestClient]:
    with TestClient(build_api(filled[0])) as client:
        yield client


@pytest.fixture(scope="session")
def world(filled: tuple[Reader, SmallWorld]) -> SmallWorld:
    return filled[1]
