"""One suite over every lake."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from core.errors import StorageError
from core.windows import HOUR, MICROSECOND
from storage.lake.interface import Lake
from tests.support.lake_rows import READINGS, START, TABLES, hour, pages, readings


def views(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return list(frame.select("hashtag", "views").iter_rows())


def test_a_table_never_written_is_an_empty_frame_at_version_minus_one(lake: Lake) -> None:
    assert lake.version("readings") == -1
    for name, table in TABLES.items():
        assert lake.read(name).equals(table.empty())
        assert lake.read(name).schema == pl.Schema(table.schema)
    assert lake.read("readings", columns=["views"], buckets=[0], start=START, end=hour(1)).columns == ["views"]


def test_what_is_written_is_read_back_with_its_types_in_order_of_the_key(lake: Lake) -> None:
    written = readings(hour(1), {"b": 2, "c": None, "a": 1})
    lake.replace("readings", written, START, hour(1))
    assert lake.read("readings").equals(written.sort("hashtag"))
    stored = pages(hour(1), ["p2", "p1"])
    lake.append("pages", stored, START, hour(1))
    assert lake.read("pages").equals(stored.sort("page_id"))
    assert lake.read("pages").schema == pl.Schema(TABLES["pages"].schema)


def test_replace_makes_the_range_exactly_the_frame_and_leaves_the_rest(lake: Lake) -> None:
    for number in (1, 2, 3):
        lake.replace("readings", readings(hour(number), {"a": number, "b": number}), hour(number - 1), hour(number))
    lake.replace("readings", readings(hour(2), {"b": 20, "d": 21}), hour(1), hour(2))
    expected = [("a", 1), ("a", 3), ("b", 1), ("b", 20), ("b", 3), ("d", 21)]
    assert views(lake.read("readings")) == expected


def test_a_replaced_range_can_cut_through_what_was_written_at_once(lake: Lake) -> None:
    day = pl.concat([readings(hour(number), {"a": number}) for number in range(1, 30)])
    lake.replace("readings", day, START, hour(29))
    lake.replace("readings", readings(hour(24), {"a": 1000}), hour(9), hour(26))
    kept = [*range(1, 10), 1000, 27, 28, 29]
    assert lake.read("readings")["views"].to_list() == kept


def test_the_same_replace_twice_gives_the_same_rows(lake: Lake) -> None:
    frame = readings(hour(1), {"a": 1, "b": 2})
    first = lake.replace("readings", frame, START, hour(1))
    second = lake.replace("readings", frame, START, hour(1))
    assert lake.read_address(first).equals(lake.read_address(second))
    assert views(lake.read("readings")) == [("a", 1), ("b", 2)]


def test_an_empty_replace_deletes_the_range(lake: Lake) -> None:
    lake.replace("readings", readings(hour(1), {"a": 1}), START, hour(1))
    lake.replace("readings", readings(hour(2), {"a": 2}), hour(1), hour(2))
    lake.replace("readings", READINGS.empty(), START, hour(1))
    assert views(lake.read("readings")) == [("a", 2)]


def test_what_changes_nothing_makes_no_version(lake: Lake) -> None:
    assert lake.replace("readings", READINGS.empty(), START, hour(1)).version == -1
    lake.append("pages", pages(hour(1), ["p1"]), START, hour(1))
    before = lake.version("pages")
    assert lake.append("pages", TABLES["pages"].empty(), START, hour(1)).version == before
    assert lake.append("pages", pages(hour(1), ["p1"]), START, hour(1)).version == before
    assert lake.replace("pages", TABLES["pages"].empty(), hour(1), hour(2)).version == before
    assert lake.version("pages") == before


def test_append_adds_the_rows_whose_key_is_not_there(lake: Lake) -> None:
    lake.append("pages", pages(hour(1), ["p1", "p2"]), START, hour(1))
    lake.append("pages", pages(hour(1), ["p2", "p3"]), START, hour(1))
    lake.append("pages", pages(hour(2), ["p4"]), hour(1), hour(2))
    assert lake.read("pages")["page_id"].to_list() == ["p1", "p2", "p3", "p4"]


def test_a_range_is_open_at_its_start_and_closed_at_its_end(lake: Lake) -> None:
    for number in (1, 2, 3):
        lake.replace("readings", readings(hour(number), {"a": number}), hour(number - 1), hour(number))
    assert lake.read("readings", start=hour(1), end=hour(2))["views"].to_list() == [2]
    assert lake.read("readings", start=hour(1))["views"].to_list() == [2, 3]
    assert lake.read("readings", end=hour(2))["views"].to_list() == [1, 2]


def test_windows_are_told_apart_to_the_microsecond(lake: Lake) -> None:
    moments = [hour(1) + timedelta(microseconds=number) for number in range(3)]
    for moment in moments:
        step = MICROSECOND
        lake.replace("readings", readings(moment, {"a": moment.microsecond}), moment - step, moment)
    assert lake.read("readings", start=moments[0], end=moments[1])["views"].to_list() == [1]
    lake.replace("readings", READINGS.empty(), moments[0], moments[1])
    assert lake.read("readings")["views"].to_list() == [0, 2]


def test_a_version_is_what_the_table_was_then(lake: Lake) -> None:
    addresses = [lake.replace("readings", readings(hour(1), {"a": number}), START, hour(1)) for number in range(12)]
    versions = [address.version for address in addresses]
    assert versions == sorted(set(versions))
    assert lake.version("readings") == versions[-1]
    for number, address in enumerate(addresses):
        assert lake.read_address(address)["views"].to_list() == [number]
        assert lake.read("readings", version=address.version)["views"].to_list() == [number]
    assert lake.read("readings", version=-1).is_empty()


def test_a_version_that_never_was_is_a_storage_error(lake: Lake) -> None:
    lake.replace("readings", readings(hour(1), {"a": 1}), START, hour(1))
    with pytest.raises(StorageError, match="version 99"):
        lake.read("readings", version=99)


def test_buckets_split_a_bucketed_table_and_no_other(lake: Lake) -> None:
    tags = {f"tag{number}": number for number in range(40)}
    lake.replace("readings", readings(hour(1), tags), START, hour(1))
    lake.append("pages", pages(hour(1), ["p1"]), START, hour(1))
    parts = [lake.read("readings", buckets=[bucket]) for bucket in lake.bucket_ids()]
    assert len(parts) == 3
    assert all(part.height for part in parts)
    assert pl.concat(parts).sort("hashtag").equals(lake.read("readings"))
    assert lake.read("readings", buckets=[]).is_empty()
    assert lake.read("pages", buckets=[0]).height == 1


def test_columns_come_in_the_order_asked_for(lake: Lake) -> None:
    lake.replace("readings", readings(hour(1), {"b": 2, "a": 1}), START, hour(1))
    chosen = lake.read("readings", columns=["views", "hashtag"])
    assert chosen.columns == ["views", "hashtag"]
    assert lake.read("readings", columns=["views"])["views"].to_list() == [1, 2]
    with pytest.raises(ValueError, match="nonsense"):
        lake.read("readings", columns=["nonsense"])


GOOD = readings(hour(1), {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda frame: frame.drop("views"), "views"),
        (lambda frame: frame.with_columns(more=pl.lit(1)), "more"),
        (lambda frame: frame.with_columns(views=pl.lit(1.5)), "views"),
        (lambda frame: frame.with_columns(views=pl.lit("1")), "views"),
        (lambda frame: frame.with_columns(hashtag=pl.lit(None, pl.String)), "hashtag"),
        (lambda frame: frame.with_columns(read_at=pl.col("read_at").dt.replace_time_zone(None)), "read_at"),
        (lambda frame: frame.with_columns(window=pl.col("window") + HOUR), "window"),
        (lambda frame: frame.with_columns(window=pl.lit(START)), "window"),
        (lambda frame: frame.with_columns(window=pl.lit(None, pl.Datetime("us", "UTC"))), "window"),
        (lambda frame: pl.concat([frame, frame]), "hashtag, window"),
    ],
)
def test_a_frame_that_does_not_fit_names_the_column(
    lake: Lake, spoil: Callable[[pl.DataFrame], pl.DataFrame], name: str
) -> None:
    with pytest.raises(ValueError, match=name):
        lake.replace("readings", spoil(GOOD), START, hour(1))
    with pytest.raises(ValueError, match=name):
        lake.append("readings", spoil(GOOD), START, hour(1))
    assert lake.version("readings") == -1


def test_a_frame_is_cast_where_nothing_is_lost_and_columns_may_come_in_any_order(lake: Lake) -> None:
    loose = GOOD.with_columns(pl.col("views").cast(pl.Int32), share=pl.lit(None)).select(reversed(GOOD.columns))
    lake.replace("readings", loose, START, hour(1))
    assert lake.read("readings").schema == pl.Schema(READINGS.schema)
    assert views(lake.read("readings")) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("start", "end"), [(hour(1), hour(1)), (hour(2), hour(1)), (START.replace(tzinfo=None), hour(1))]
)
def test_a_range_that_is_none_is_a_value_error(lake: Lake, start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match=r"holds no window|not an aware UTC time"):
        lake.replace("readings", READINGS.empty(), start, end)


def test_a_table_that_was_not_declared_is_a_value_error(lake: Lake) -> None:
    for use in (lake.version, lake.read):
        with pytest.raises(ValueError, match="strangers"):
            use("strangers")


def test_compaction_and_vacuum_change_no_row(lake: Lake) -> None:
    for number in range(1, 60):
        tags: dict[str, Any] = {f"tag{tag}": number for tag in range(5)}
        lake.replace("readings", readings(hour(number), tags), hour(number - 1), hour(number))
    before = lake.read("readings")
    lake.compact(date(2025, 5, 16))
    assert lake.read("readings").equals(before)
    lake.compact(date(2025, 6, 16))
    lake.vacuum(timedelta(0), datetime.now(tz=START.tzinfo))
    assert lake.read("readings").equals(before)
    lake.replace("readings", readings(hour(7), {"tag0": -1}), hour(6), hour(7))
    after = lake.read("readings")
    assert after.height == before.height - 4
    assert after.filter(window=hour(7))["views"].to_list() == [-1]
    assert lake.recover() == []


def test_statistics_tell_the_size_of_each_table(lake: Lake) -> None:
    lake.replace("readings", readings(hour(1), {"a": 1, "b": 2}), START, hour(1))
    lake.replace("readings", readings(hour(5), {"a": 1}), hour(4), hour(5))
    written, empty = lake.statistics()
    assert (written.table, written.version, written.rows) == ("readings", lake.version("readings"), 3)
    assert (written.first, written.last) == (hour(1), hour(5))
    assert written.files > 0
    assert written.size > 0
    assert empty == replace(empty, table="pages", version=-1, rows=0, files=0, size=0, first=None, last=None)


def test_a_pinned_version_outlives_replacement_compaction_and_vacuum(lake: Lake) -> None:
    for number in (1, 2, 30):
        lake.replace("readings", readings(hour(number), {"a": number, "b": number}), hour(number - 1), hour(number))
    version = lake.version("readings")
    lake.pin("set", "readings", hour(0), hour(2), version)
    pinned = lake.read("readings", start=hour(0), end=hour(2))
    lake.replace("readings", readings(hour(2), {"z": 9}), START, hour(2))
    lake.pin("set", "readings", hour(0), hour(2), lake.version("readings"))
    lake.compact(date(2030, 1, 1))
    lake.vacuum(timedelta(0), hour(40))
    assert lake.read("readings", pin="set").equals(pinned)
    assert views(lake.read("readings", start=hour(1), pin="set", columns=["hashtag", "views"])) == [("a", 2), ("b", 2)]
    assert lake.pins("readings") == ["set"]
    assert lake.pins("pages") == []
    assert views(lake.read("readings")) == [("a", 30), ("b", 30), ("z", 9)]
    with pytest.raises(StorageError, match="nothing is pinned as other"):
        lake.read("readings", pin="other")


def test_rows_by_bucket_are_those_of_the_range(lake: Lake) -> None:
    for number in (1, 30):
        lake.replace(
            "readings", readings(hour(number), dict.fromkeys("abcdefgh", number)), hour(number - 1), hour(number)
        )
    counted = lake.bucket_rows("readings", START, hour(1))
    assert sum(counted.values()) == 8
    assert counted == {
        bucket: rows.height for bucket in lake.bucket_ids()
        if not (rows := lake.read("readings", start=START, end=hour(1), buckets=[bucket])).is_empty()
    }  # fmt: skip


def test_where_keeps_the_rows_that_hold_one_of_the_values(lake: Lake) -> None:
    for number in range(1, 31):
        frame = readings(hour(number), {"a": number, "b": number % 3, "c": None})
        lake.replace("readings", frame, hour(number - 1), hour(number))
    lake.append("pages", pages(hour(1), ["p1", "p2", "p3"]), START, hour(1))
    for _ in ("as written", "compacted"):
        every = lake.read("readings")
        wanted: list[tuple[dict[str, Any], pl.Expr]] = [
            ({"hashtag": "b"}, pl.col("hashtag") == "b"),
            ({"hashtag": ["a", "c", "z"]}, pl.col("hashtag").is_in(["a", "c"])),
            ({"hashtag": ["a", "b"], "views": 2}, pl.col("hashtag").is_in(["a", "b"]) & (pl.col("views") == 2)),
            ({"window": [hour(2), hour(29)]}, pl.col("window").is_in([hour(2), hour(29)])),
            ({"window": hour(2)}, pl.col("window") == hour(2)),
            ({"views": 99}, pl.lit(False)),
            ({"hashtag": []}, pl.lit(False)),
            ({}, pl.lit(True)),
        ]
        for where, condition in wanted:
            assert lake.read("readings", where=where).equals(every.filter(condition)), where
            assert lake.count("readings", where=where) == every.filter(condition).height, where
        assert lake.read("readings", where={"hashtag": "a"}, start=hour(3), end=hour(5), columns=["views"])[
            "views"
        ].to_list() == [4, 5]
        assert lake.read("readings", where={"hashtag": "a"}, buckets=lake.bucket_ids()).height == 30
        assert lake.read("readings", where={"hashtag": "a"}, buckets=[]).is_empty()
        assert lake.read("pages", where={"page_id": ("p1", "p3")})["page_id"].to_list() == ["p1", "p3"]
        lake.compact(date(2025, 6, 16))
    with pytest.raises(ValueError, match="nonsense"):
        lake.read("readings", where={"nonsense": 1})


def test_rows_are_counted_by_range(lake: Lake) -> None:
    assert lake.count("readings") == 0
    assert lake.newest_window("readings") is None
    for number in (1, 2, 30):
        lake.replace("readings", readings(hour(number), {"a": 1, "b": 2}), hour(number - 1), hour(number))
    lake.compact(date(2025, 6, 16))
    assert lake.count("readings") == 6
    assert lake.count("readings", end=hour(2)) == 4
    assert lake.count("readings", start=hour(1), end=hour(2)) == 2
    assert lake.count("readings", start=hour(30)) == 0
    assert lake.newest_window("readings") == hour(30)
