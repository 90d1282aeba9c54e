"""The data files of a Delta table: lists them, writes them by partition and reads them.

A file holds rows of one partition: `day` (a date, or a month such as 2025-05 once that month is closed) and for
bucketed tables `bucket`. The statistics of a file hold its first and last window, which decide whether a range of
windows touches it.
"""

import json
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from core.tables import Table
from storage.lake.frames import bucket_column
from storage.lake.table_location import TableLocation

ROWS_IN_GROUP = 65_536
ROWS_IN_SMALL_GROUP = 4_096


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a table.

    Parameters
    ----------
    path: relative to the table
    size: bytes
    rows: rows it holds
    first, last: its oldest and newest window
    day: partition: a date, or a month
    bucket: partition of a bucketed table
    """

    path: str
    size: int
    rows: int
    first: datetime
    last: datetime
    day: str
    bucket: int | None = None

    @classmethod
    def of(cls, added: Mapping[str, Any]) -> "DataFile":
        """Return the file that an `add` action of the log names."""
        statistics, labels = json.loads(added["stats"]), added["partitionValues"]
        first, last = (datetime.fromisoformat(statistics[bound]["window"]) for bound in ("minValues", "maxValues"))
        bucket = None if labels.get("bucket") is None else int(labels["bucket"])
        return cls(added["path"], added["size"], statistics["numRecords"], first, last, labels["day"], bucket)

    def touches(self, start: datetime | None, end: datetime | None) -> bool:
        """Whether it may hold a window in (start, end]."""
        return (start is None or self.last > start) and (end is None or self.first <= end)

    def inside(self, start: datetime, end: datetime) -> bool:
        """Whether all its windows lie in (start, end]."""
        return self.first > start and self.last <= end

    def add_action(self, data_change: bool) -> AddAction:
        """Return the log action that adds it; `data_change` is False where rows are only rearranged."""
        statistics = {
            "numRecords": self.rows,
            "minValues": {"window": _timestamp(self.first)},
            "maxValues": {"window": _timestamp(self.last)},
            "nullCount": {"window": 0},
        }
        return AddAction(self.path, self.size, self._labels(), _milliseconds(), data_change, json.dumps(statistics))

    def remove_action(self, data_change: bool) -> RemoveAction:
        """Return the log action that takes it out."""
        return RemoveAction(self.path, data_change, _milliseconds(), self.size, self._labels())

    def _labels(self) -> dict[str, str | None]:
        return {"day": self.day} if self.bucket is None else {"day": self.day, "bucket": str(self.bucket)}


def partitions(table: Table) -> list[str]:
    """Return the partition columns of a table."""
    return ["day", "bucket"] if table.bucketed else ["day"]


def listed(handle: DeltaTable, table: Table) -> tuple[DataFile, ...]:
    """Return the files of an open version."""
    actions = pl.DataFrame(handle.get_add_actions(flatten=True))
    if actions.is_empty():
        return ()
    names = ["path", "size_bytes", "num_records", "min.window", "max.window"]
    rows = actions.select(*names, *(f"partition.{name}" for name in partitions(table))).rows()
    return tuple(DataFile(*row[:3], *(bound.astimezone(UTC) for bound in row[3:5]), *row[5:]) for row in rows)


def read_files(
    table: Table,
    location: TableLocation,
    files: Sequence[DataFile],
    condition: pl.Expr | None = None,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Return the rows of some files that meet a condition, in no particular order; absent columns are null."""
    wanted = list(table.schema) if columns is None else list(columns)
    if not files:
        return table.empty().select(wanted)
    rows = location.scan((file.path for file in files), table.schema)
    return (rows if condition is None else rows.filter(condition)).select(wanted).collect()


def write_files(
    table: Table,
    location: TableLocation,
    rows: pl.DataFrame,
    buckets: int,
    month: bool = False,
    by_hashtag: bool = False,
) -> list[DataFile]:
    """Write rows as one file for each partition and return those files; with `month` a partition is a whole month.

    Files and their folders are on the disk when this returns, where the location is durable. On failure none is left.
    With `by_hashtag` the rows of a day lie sorted by hashtag, in small groups, so that one hashtag is read from few of
    them; else all lie in order of the window.
    """
    if rows.is_empty():
        return []
    order = [pl.col("window").dt.date() if by_hashtag else pl.col("window"), *map(pl.col, table.key)]
    group_rows = ROWS_IN_SMALL_GROUP if by_hashtag else ROWS_IN_GROUP
    labels = [rows["window"].dt.strftime("%Y-%m" if month else "%Y-%m-%d").alias("day")]
    if table.bucketed:
        labels.append(bucket_column(rows["hashtag"], buckets))
    parts = rows.with_columns(labels).sort(order).partition_by(partitions(table), as_dict=True, include_key=False)
    written: list[DataFile] = []
    try:
        for values, part in sorted(parts.items()):
            written.append(_write_file(location, part, group_rows, *values))
        location.settle(file.path for file in written)
    except BaseException:
        delete_files(location, written)
        raise
    return written


def delete_files(location: TableLocation, files: Iterable[DataFile]) -> None:
    """Delete files that no version names."""
    location.delete(file.path for file in files)


def _write_file(
    location: TableLocation, rows: pl.DataFrame, group_rows: int, day: str, bucket: int | None = None
) -> DataFile:
    folder = f"day={day}" if bucket is None else f"day={day}/bucket={bucket}"
    path = f"{folder}/{uuid.uuid4().hex}.parquet"
    size = location.write(path, rows, group_rows)
    first, last = rows.select(first=pl.col("window").min(), last=pl.col("window").max()).row(0)
    return DataFile(path, size, rows.height, first, last, day, bucket)


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
