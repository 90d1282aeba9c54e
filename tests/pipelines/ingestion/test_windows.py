"""Raw pages in any order, cut, doubled, late: the same tables."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.tables import FETCHED, RAW
from core.windows import window_end
from pipelines.ingestion.result import whole_windows
from pipelines.ingestion.windows import Windows
from pipelines.normalise.raw import keep, pack
from pipelines.normalise.tables import NORMALISED_TABLES
from pipelines.polling.sightings import raw_sightings
from storage.memory.lake import MemoryLake
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
        "body": None if torn else pack(keep(data, b"key").body),
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
    windows.append(frame, start, end)
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


def sorted_rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(frame.iter_rows())


@settings(max_examples=40, deadline=None)
@example(deliveries=[({0, 4}, False), ({3}, True), ({0}, False)], starts=[0] * 6)
@given(
    st.lists(st.tuples(st.sets(st.integers(0, 11), min_size=1), st.booleans()), min_size=1, max_size=6),
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
)
def test_sightings_equal_those_parsed_from_the_raw_bodies(
    deliveries: list[tuple[set[int], bool]], starts: list[int]
) -> None:
    lake = MemoryLake(TABLES)
    windows = Windows(lake)
    first = window_end(T0) - timedelta(minutes=15)
    for (numbers, by_another), start_window in zip(deliveries, starts, strict=False):
        deliver(lake, Windows(lake) if by_another else windows, sorted(numbers))
        start = first + timedelta(minutes=15) * start_window
        for end in (start + timedelta(minutes=15), start + timedelta(hours=2)):
            wanted = raw_sightings(lake.read(RAW.name, start=start, end=end))
            assert sorted_rows(windows.sightings(start, end)) == sorted_rows(wanted)


class BodiesRead(MemoryLake):
    """A lake that counts the reads of raw bodies."""

    reads = 0

    def read(self, table: str, **bounds: Any) -> pl.DataFrame:
        columns = bounds.get("columns")
        self.reads += table == RAW.name and (columns is None or "body" in columns)
        return super().read(table, **bounds)


def test_raw_bodies_of_windows_just_made_are_read_once() -> None:
    lake = BodiesRead(TABLES)
    windows = Windows(lake)
    for numbers in ([0, 1, 2], [3, 4, 5, 6], [7, 8, 9]):
        deliver(lake, windows, numbers)
    start, end = whole_windows(PAGES[0]["fetched_at"], PAGES[9]["fetched_at"])
    assert windows.sightings(start, end).height == 4 * 9
    assert lake.reads == 3
