"""A lake in memory, for tests and for runs that keep nothing: it behaves like the one on disk, versions included."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from core.errors import StorageError
from core.tables import Table
from storage.lake.address import Address
from storage.lake.frames import Where, bucket_column, checked, chosen_columns, in_range, matches
from storage.lake.interface import TableStatistics


class MemoryLake:
    """A `storage.lake.interface.Lake` that keeps every version of every table as a frame.

    Parameters
    ----------
    tables: the tables it holds, by name
    buckets: number of buckets of bucketed tables

    Examples
    --------
    >>> from core.tables import RAW
    >>> lake = MemoryLake({"raw": RAW})
    >>> lake.version("raw"), lake.read("raw").height
    (-1, 0)
    """

    def __init__(self, tables: Mapping[str, Table], buckets: int = 4) -> None:
        self._tables = dict(tables)
        self._buckets = buckets
        self._versions: dict[str, list[pl.DataFrame]] = {name: [] for name in tables}
        self._oldest: dict[str, int] = dict.fromkeys(tables, 0)
        self._pins: dict[tuple[str, str], pl.DataFrame] = {}
        self._lock = threading.Lock()

    def append(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """See `Lake.append`."""
        declared = self._table(table)
        rows = checked(declared, frame, start, end)
        with self._lock:
            now = self._newest(table)
            there = now.filter(in_range(start, end))
            new = rows.join(there, on=declared.key, how="anti")
            if new.height:
                self._versions[table].append(pl.concat([now, new]))
            return Address(table, self.version(table), start, end)

    def replace(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """See `Lake.replace`."""
        rows = checked(self._table(table), frame, start, end)
        with self._lock:
            now = self._newest(table)
            kept = now.filter(~in_range(start, end))
            if rows.height or kept.height < now.height:
                self._versions[table].append(pl.concat([kept, rows]))
            return Address(table, self.version(table), start, end)

    def read(
        self,
        table: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
        where: Where | None = None,
        buckets: Sequence[int] | None = None,
        version: int | None = None,
        pin: str | None = None,
        ordered: bool = True,
    ) -> pl.DataFrame:
        """See `Lake.read`."""
        declared = self._table(table)
        wanted = chosen_columns(declared, columns)
        rows = (self._at(table, version) if pin is None else self._pinned(table, pin)).filter(in_range(start, end))
        rows = rows.filter(matches(declared, where))
        if buckets is not None and declared.bucketed:
            rows = rows.filter(bucket_column(rows["hashtag"], self._buckets).is_in(list(buckets)))
        return (rows.sort(*declared.key, "window") if ordered else rows).select(wanted)

    def count(
        self, table: str, *, start: datetime | None = None, end: datetime | None = None, where: Where | None = None
    ) -> int:
        """See `Lake.count`."""
        return self.read(table, start=start, end=end, where=where, columns=["window"], ordered=False).height

    def newest_window(self, table: str) -> datetime | None:
        """See `Lake.newest_window`."""
        self._table(table)
        newest: datetime | None = self._newest(table).select(pl.col("window").max()).item()
        return newest

    def read_address(self, address: Address) -> pl.DataFrame:
        """See `Lake.read_address`."""
        return self.read(address.table, start=address.start, end=address.end, version=address.version)

    def version(self, table: str) -> int:
        """See `Lake.version`."""
        self._table(table)
        return len(self._versions[table]) - 1

    def pin(self, name: str, table: str, start: datetime | None, end: datetime | None, version: int) -> None:
        """See `Lake.pin`."""
        self._pins.setdefault((table, name), self._at(table, version).filter(in_range(start, end)))

    def pins(self, table: str) -> list[str]:
        """See `Lake.pins`."""
        return sorted(name for of_table, name in self._pins if of_table == table)

    def bucket_ids(self) -> list[int]:
        """See `Lake.bucket_ids`."""
        return list(range(self._buckets))

    def bucket_rows(self, table: str, start: datetime, end: datetime) -> dict[int, int]:
        """See `Lake.bucket_rows`."""
        rows = self._newest(table).filter(in_range(start, end))
        return Counter(bucket_column(rows["hashtag"], self._buckets).to_list())

    def recover(self) -> list[str]:
        """Do nothing: a lake in memory does not outlive a crash."""
        return []

    def compact(self, before: date) -> None:
        """Do nothing: each table is one frame already."""

    def vacuum(self, keep: timedelta, now: datetime) -> None:
        """Forget every version but the newest; this lake does not record when a version was written."""
        for table, versions in self._versions.items():
            self._oldest[table] = max(0, len(versions) - 1)
            versions[: self._oldest[table]] = [versions[-1].clear()] * self._oldest[table] if versions else []

    def statistics(self) -> list[TableStatistics]:
        """See `Lake.statistics`."""
        return [self._statistics(table) for table in self._tables]

    def _statistics(self, table: str) -> TableStatistics:
        rows = self._newest(table)
        return TableStatistics(
            table=table,
            version=self.version(table),
            rows=rows.height,
            files=1 if rows.height else 0,
            size=int(rows.estimated_size()),
            small=0,
            first=rows.select(pl.col("window").min()).item(),
            last=rows.select(pl.col("window").max()).item(),
        )

    def _table(self, table: str) -> Table:
        if table not in self._tables:
            raise ValueError(f"the lake has no table {table!r}")
        return self._tables[table]

    def _newest(self, table: str) -> pl.DataFrame:
        versions = self._versions[table]
        return versions[-1] if versions else self._tables[table].empty()

    def _pinned(self, table: str, name: str) -> pl.DataFrame:
        if (table, name) not in self._pins:
            raise StorageError(f"nothing is pinned as {name} in {table}")
        return self._pins[table, name]

    def _at(self, table: str, version: int | None) -> pl.DataFrame:
        if version is None:
            return self._newest(table)
        if version == -1:
            return self._tables[table].empty()
        if not self._oldest[table] <= version < len(self._versions[table]):
            raise StorageError(f"version {version} of {table} is not there; the newest is {self.version(table)}")
        return self._versions[table][version]
