"""Raw pages in any order, cut, doubled, late: the same tables."""

import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tables import FETCHED, RAW
from core.windows import window_end
from pipelines.ingestion.result import whole_windows
from pipelines.ingestion.windows import Windows
from pipelines.normalise.normalise import NORMALISED_TABLES
from pipelines.normalise.raw import keep
from storage.lake.memory import MemoryLake
from tests.support.awemes import aweme

T0 = datetime(2025, 5, 14, 10, 3, tzinfo=UTC)
TABLES = {table.name: table for table in FETCHED}


def page(number: int) -> dict[str, Any]:
    """The number-th of twelve pages: three windows of four, whose videos overlap; every sixth came torn."""
    at = T0 + timedelta(minutes=5 * number)
    posts = [aweme(100 + (3 * number + n) % 11, ["a", f"tag{n}"], 100 * number + n) for n in range(4)]
    data = {"view_count": 10_000 + number, "video_count": 50, "posts": posts}
    torn = number % 6 == 5
    return {
        "request_id": f"r{(7 * number) % 12}",
        "endpoint": "/tt/hashtag/recent-posts",
        "params": '{"name": "a"}',
        "purpose": "tracking",
        "status": 200,
        "body": None if torn else zlib.compress(orjson.dumps(keep(data, b"key").body)),
        "error": "blake2b 00, 10 bytes: unexpected end" if torn else None,
        "units_charged": 1,
        "fetched_at": at,
        "window": window_end(at),
    }


PAGES = [page(number) for number in range(12)]


def deliver(lake: MemoryLake, windows: Windows, numbers: list[int]) -> None:
    """One delivery: append the pages, make their windows."""
    frame = pl.DataFrame([PAGES[number] for number in numbers], schema=RAW.schema)
    frame = frame.unique("request_id", maintain_order=True)
    start, end = whole_windows(frame["fetched_at"].min(), frame["fetched_at"].max())  # type: ignore[arg-type]
    lake.append(RAW.name, frame, start, end)
    windows.make(start, end)


def tables(lake: MemoryLake) -> dict[str, list[dict[str, Any]]]:
    return {table.name: lake.read(table.name).to_dicts() for table in NORMALISED_TABLES}


def in_order() -> dict[str, list[dict[str, Any]]]:
    lake = MemoryLake(TABLES)
    deliver(lake, Windows(lake), list(range(12)))
    return tables(lake)


WANTED = in_order()


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(range(12)),
    st.lists(st.integers(0, 11), max_size=8),
    st.lists(st.integers(1, 19), max_size=6),
    st.booleans(),
)
def test_any_order_any_pieces_and_anything_twice_give_the_same_tables(
    order: list[int], again: list[int], cuts: list[int], anew: bool
) -> None:
    deliveries, lake = [*order, *again], MemoryLake(TABLES)
    windows = Windows(lake)
    edges = [0, *sorted({cut for cut in cuts if cut < len(deliveries)}), len(deliveries)]
    for first, last in pairwise(edges):
        windows = Windows(lake) if anew else windows
        deliver(lake, windows, deliveries[first:last])
    assert tables(lake) == WANTED
    assert len({row["video_id"] for row in WANTED["videos"]}) == len(WANTED["videos"]) == 11


class Interrupted(MemoryLake):
    """A lake in which another process delivers pages just before the first table is replaced."""

    other: tuple[int, ...] = ()

    def replace(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Any:
        numbers, self.other = list(self.other), ()
        if numbers:
            deliver(self, Windows(self), numbers)
        return super().replace(table, frame, start, end)


def test_pages_that_come_while_windows_are_made_are_not_overwritten() -> None:
    lake = Interrupted(TABLES)
    lake.other = (1, 3, 4, 6, 10)
    deliver(lake, Windows(lake), [0, 2, 5, 7, 8, 9, 11])
    assert tables(lake) == WANTED
