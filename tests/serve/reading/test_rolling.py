from datetime import UTC, datetime, timedelta

import polars as pl

from core.tables import OUTCOMES
from serve.reading.rolling import Rolling
from storage.memory.lake import MemoryLake
from tests.serve.small_lake import TABLES

START = datetime(2025, 5, 1, tzinfo=UTC)


class Counting(MemoryLake):
    """Counts the rows that were read."""

    rows = 0

    def read(self, table: str, **bounds: object) -> pl.DataFrame:  # type: ignore[override]
        rows = super().read(table, **bounds)  # type: ignore[arg-type]
        self.rows += rows.height
        return rows


def put(lake: MemoryLake, hour: int, growth: float = 0.1) -> datetime:
    at = START + timedelta(hours=hour)
    row = {
        "hashtag": "a",
        "at": at,
        "growth_24h": growth,
        "viral": False,
        "surged_at": None,
        "resolved_at": at,
        "window": at,
    }
    lake.replace("outcomes", pl.DataFrame([row], schema=dict(OUTCOMES.schema)), at - timedelta(hours=1), at)
    return at


def test_only_what_is_new_is_read() -> None:
    lake = Counting(TABLES)
    rolling = Rolling(lake, "outcomes", ["hashtag", "window"], timedelta(hours=24))
    for hour in range(100):
        now = put(lake, hour)
        rows = rolling.update(now)
        assert rows["window"].max() == now
    assert rows.height == 24
    assert lake.rows <= 3 * 100


def test_without_a_new_version_nothing_is_read() -> None:
    lake = Counting(TABLES)
    now = put(lake, 1)
    rolling = Rolling(lake, "outcomes", ["window"], timedelta(hours=24))
    first = rolling.update(now)
    read = lake.rows
    assert rolling.update(now + timedelta(hours=5)) is first
    assert lake.rows == read


def test_a_window_that_fills_later_is_read_again() -> None:
    lake = MemoryLake(TABLES)
    rolling = Rolling(lake, "outcomes", ["growth_24h", "window"], timedelta(days=2), unsettled=timedelta(days=2))
    for hour in range(3):
        now = put(lake, hour)
    rolling.update(now)
    put(lake, 0, growth=0.9)
    assert rolling.update(now)["growth_24h"].to_list() == [0.9, 0.1, 0.1]


def test_a_table_that_starts_empty_fills() -> None:
    lake = MemoryLake(TABLES)
    rolling = Rolling(lake, "outcomes", ["window"], timedelta(days=2))
    assert rolling.update(START).is_empty()
    now = put(lake, 1)
    assert rolling.update(now).height == 1
