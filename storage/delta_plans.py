"""What a write means for the files of a table: which leave it, which enter it. A plan commits nothing."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from core.tables import Table
from storage.delta_files import read_files, touching, write_files
from storage.frames import in_range
from storage.place import Place

MONTH_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True)
class Plan:
    """A change to a table.

    Parameters
    ----------
    removed: files that leave it
    added: files, already written, that enter it
    same_rows: the rows stay what they were (they are only arranged anew)
    """

    removed: pl.DataFrame
    added: pl.DataFrame
    same_rows: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to change."""
        return self.removed.is_empty() and self.added.is_empty()


@dataclass(frozen=True)
class Planner:
    """Plans changes of one table."""

    table: Table
    place: Place
    buckets: int

    def append(self, files: pl.DataFrame, rows: pl.DataFrame, start: datetime, end: datetime) -> Plan:
        """Add the rows whose key (start, end] does not hold; only files that may overlap it are read."""
        there = read_files(self.table, self.place, touching(files, start, end), in_range(start, end), self.table.key)
        new = rows.join(there, on=self.table.key, how="anti") if there.height else rows
        return Plan(files.clear(), self._write(new))

    def replace(self, files: pl.DataFrame, rows: pl.DataFrame, start: datetime, end: datetime) -> Plan:
        """Make the rows of (start, end] exactly `rows`.

        A file wholly inside the range leaves unread; of one that reaches out of it, the rows outside are written again.
        """
        touched = touching(files, start, end)
        inside = (pl.col("first") > start) & (pl.col("last") <= end)
        removed, kept = touched.filter(inside), [rows]
        for file in touched.filter(~inside).iter_slices(1):
            outside = read_files(self.table, self.place, file, ~in_range(start, end))
            if outside.height < file["rows"].item():
                removed = pl.concat([removed, file])
                kept.append(outside)
        return Plan(removed, self._write(pl.concat(kept)))

    def compact(self, files: pl.DataFrame, before: date) -> Plan:
        """Merge the files of each closed month, and of each closed day of an open one, that are more than one."""
        removed, added = [files.clear()], [files.clear()]
        for group in _groups(files, before):
            if group.height > 1 or group["day"].item() != group["label"].item():
                merged = read_files(self.table, self.place, group)
                added.append(self._write(merged, month=len(group["label"][0]) == len("2025-05")))
                removed.append(group.drop("label"))
        return Plan(pl.concat(removed), pl.concat(added), same_rows=True)

    def _write(self, rows: pl.DataFrame, month: bool = False) -> pl.DataFrame:
        return write_files(self.table, self.place, rows, self.buckets, month)


def _groups(files: pl.DataFrame, before: date) -> list[pl.DataFrame]:
    """Return the files of closed days by the partition they belong in, named in the column `label`.

    A month too big to be merged keeps its days.
    """
    closed = files.filter(pl.col("last").dt.date() < before)
    month = pl.col("day").str.slice(0, 7)
    open_month = f"{before:%Y-%m}"
    small = pl.col("size").sum().over(month, "bucket") <= MONTH_BYTES
    label = pl.when((month < open_month) & small).then(month).otherwise(pl.col("day"))
    return closed.with_columns(label=label).partition_by("label", "bucket", maintain_order=True)
