"""Plans which files a write removes from a table and which it adds. A plan commits nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import polars as pl

from core.tables import Table
from storage.lake.delta_entry import CommitOperation
from storage.lake.delta_files import DataFile, read_files, write_files
from storage.lake.frames import in_range
from storage.lake.table_location import TableLocation

MONTH_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True)
class Plan:
    """A change to a table.

    Parameters
    ----------
    operation: what the change is
    removed: files that leave it
    added: files, already written, that enter it
    same_rows: whether the rows stay the same and are only rearranged
    """

    operation: CommitOperation
    removed: Sequence[DataFile]
    added: Sequence[DataFile]
    same_rows: bool = False


@dataclass(frozen=True)
class ChangePlanner:
    """Plans changes to the files of one table."""

    table: Table
    location: TableLocation
    buckets: int

    def append(self, files: Sequence[DataFile], rows: pl.DataFrame, start: datetime, end: datetime) -> Plan:
        """Add the rows whose key (start, end] does not hold; only files that may overlap it are read."""
        touched = [file for file in files if file.touches(start, end)]
        if touched:
            there = read_files(self.table, self.location, touched, in_range(start, end), self.table.key)
            rows = rows.join(there, on=self.table.key, how="anti")
        return Plan(CommitOperation("WRITE", {"mode": "Append"}), (), self._write(rows))

    def replace(self, files: Sequence[DataFile], rows: pl.DataFrame, start: datetime, end: datetime) -> Plan:
        """Make the rows of (start, end] exactly `rows`.

        A file wholly inside the range leaves unread; of one that reaches out of it, the rows outside are written again.
        """
        removed: list[DataFile] = []
        kept = [rows]
        for file in files:
            if file.inside(start, end):
                removed.append(file)
            elif file.touches(start, end):
                outside = read_files(self.table, self.location, [file], ~in_range(start, end))
                if outside.height < file.rows:
                    removed.append(file)
                    kept.append(outside)
        predicate = {"predicate": f"window > '{start.isoformat()}' AND window <= '{end.isoformat()}'"}
        operation = CommitOperation("WRITE", {"mode": "Overwrite"} | predicate)
        if rows.is_empty():
            operation = CommitOperation("DELETE", predicate)
        return Plan(operation, removed, self._write(pl.concat(kept)))

    def compact(self, files: Sequence[DataFile], before: date) -> Plan:
        """Merge the files of each closed month, and of each closed day of an open one, that are more than one."""
        removed: list[DataFile] = []
        added: list[DataFile] = []
        by_hashtag = self.table.key[0] == "hashtag" and not self.table.bucketed
        for label, group in _groups(files, before):
            if len(group) > 1 or group[0].day != label:
                rows = read_files(self.table, self.location, group)
                added += self._write(rows, len(label) == len("2025-05"), by_hashtag)
                removed += group
        operation = CommitOperation("OPTIMIZE", {"predicate": f"day < '{before.isoformat()}'"})
        return Plan(operation, removed, added, same_rows=True)

    def _write(self, rows: pl.DataFrame, month: bool = False, by_hashtag: bool = False) -> list[DataFile]:
        return write_files(self.table, self.location, rows, self.buckets, month, by_hashtag)


def _groups(files: Sequence[DataFile], before: date) -> Iterable[tuple[str, list[DataFile]]]:
    """Yield the files of closed days, grouped by the partition they belong in, with that partition's label of time.

    A month too big to be merged keeps its days.
    """
    closed = [file for file in files if file.last.date() < before]
    sizes: dict[str, int] = {}
    for file in closed:
        sizes[file.day[:7]] = sizes.get(file.day[:7], 0) + file.size

    def partition(file: DataFile) -> tuple[str, int]:
        month = file.day[:7]
        mergeable = month < f"{before:%Y-%m}" and sizes[month] <= MONTH_BYTES
        return month if mergeable else file.day, -1 if file.bucket is None else file.bucket

    for (label, _), group in groupby(sorted(closed, key=partition), key=partition):
        yield label, list(group)
