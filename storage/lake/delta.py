"""The lake on Delta tables: ACID commits, versions, and a cost of an hour that does not grow with age."""

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from deltalake.exceptions import CommitFailedError

from core.errors import StorageError
from core.tables import Table
from core.windows import MICROSECOND, require_utc
from storage.lake.address import Address
from storage.lake.delta_files import DataFile, delete_files, read_files
from storage.lake.delta_log import DeltaLog
from storage.lake.delta_pins import Pins
from storage.lake.delta_plans import ChangePlanner, Plan
from storage.lake.delta_recovery import recover_table
from storage.lake.delta_schema import DeltaSchema
from storage.lake.durable import storage_errors
from storage.lake.frames import Where, buckets_of, checked, chosen_columns, in_range, matches
from storage.lake.interface import SMALL_BYTES, TableStatistics
from storage.lake.table_location import TableLocation

ATTEMPTS = 50
PAUSE_S = 0.002
GRACE_S = 60  # the caller read `now` a moment ago; that moment must not round up to another hour


class DeltaLake:
    """A `storage.lake.interface.Lake` on Delta tables, one folder a table.

    Many processes may read and write: whoever commits second plans again on what the first left. Safe for threads;
    pickled, it opens the same lake elsewhere.

    Parameters
    ----------
    root: a folder, or an address of an object store (s3://bucket/lake)
    tables: the tables it holds, by name
    buckets: number of buckets of bucketed tables, fixed once a table is written
    durable: force each commit onto the disk before it is acknowledged (folders only)
    history: how long old versions can be asked for, by the clock of the machine
    options: settings of the object store, as `deltalake` takes them

    Examples
    --------
    >>> import tempfile
    >>> from core.tables import RAW
    >>> lake = DeltaLake(tempfile.mkdtemp(), {"raw": RAW})
    >>> lake.version("raw"), lake.read("raw").height
    (-1, 0)
    """

    def __init__(
        self,
        root: Path | str,
        tables: Mapping[str, Table],
        buckets: int = 4,
        durable: bool = True,
        history: timedelta = timedelta(days=7),
        options: dict[str, str] | None = None,
    ) -> None:
        self._arguments = (root, dict(tables), buckets, durable, history, options)
        self._tables = dict(tables)
        self._buckets = buckets
        locations = {name: TableLocation(f"{str(root).rstrip('/')}/{name}", durable, options) for name in tables}
        self._pins = {name: Pins(locations[name]) for name in tables}
        self._planners = {name: ChangePlanner(table, locations[name], buckets) for name, table in tables.items()}
        self._logs = {
            name: DeltaLog(DeltaSchema(table, locations[name], buckets, history)) for name, table in tables.items()
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return DeltaLake, self._arguments

    def append(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """See `Lake.append`."""
        rows = checked(self._table(table), frame, start, end)
        version = self._change(table, lambda plan, files: plan.append(files, rows, start, end), not rows.is_empty())
        return Address(table, version, start, end)

    def replace(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """See `Lake.replace`."""
        rows = checked(self._table(table), frame, start, end)
        version = self._change(table, lambda plan, files: plan.replace(files, rows, start, end), not rows.is_empty())
        return Address(table, version, start, end)

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
        listed = self._files(table, version) if pin is None else self._pins[table].get(pin).files
        files = sorted((file for file in listed if file.touches(start, end)), key=lambda file: (file.first, file.path))
        for chosen in (buckets, buckets_of(declared, where, self._buckets)):
            if chosen is not None and declared.bucketed:
                files = [file for file in files if file.bucket in chosen]
        condition = in_range(start, end) & matches(declared, where)
        order = [*declared.key, *({"window"} - set(declared.key))] if ordered else []
        needed = list(dict.fromkeys([*wanted, *order]))
        with storage_errors(f"read table {table}"):
            rows = read_files(declared, self._planners[table].location, files, condition, needed)
            return (rows.sort(order) if ordered else rows).select(wanted)

    def count(
        self, table: str, *, start: datetime | None = None, end: datetime | None = None, where: Where | None = None
    ) -> int:
        """See `Lake.count`. Only files that the range cuts through are read, all that it touches with a `where`."""
        declared = self._table(table)
        files = [file for file in self._files(table, None) if file.touches(start, end)]
        cut = [file for file in files if where or not file.inside(start or file.first - MICROSECOND, end or file.last)]
        counted = sum(file.rows for file in files) - sum(file.rows for file in cut)
        chosen = buckets_of(declared, where, self._buckets)
        if chosen is not None:
            cut = [file for file in cut if file.bucket in chosen]
        condition = in_range(start, end) & matches(declared, where)
        with storage_errors(f"read table {table}"):
            rows = read_files(declared, self._planners[table].location, cut, condition, ["window"])
        return counted + rows.height

    def newest_window(self, table: str) -> datetime | None:
        """See `Lake.newest_window`. It is read from the statistics of the files."""
        self._table(table)
        return max((file.last for file in self._files(table, None)), default=None)

    def read_address(self, address: Address) -> pl.DataFrame:
        """See `Lake.read_address`."""
        return self.read(address.table, start=address.start, end=address.end, version=address.version)

    def version(self, table: str) -> int:
        """See `Lake.version`."""
        self._table(table)
        with self._logs[table].lock:
            return self._logs[table].refresh()

    def pin(self, name: str, table: str, start: datetime | None, end: datetime | None, version: int) -> None:
        """See `Lake.pin`."""
        files = [file for file in self._files(table, version) if file.touches(start, end)]
        with storage_errors(f"pin {name} of table {table}"):
            self._pins[table].put(name, version, files)

    def pins(self, table: str) -> list[str]:
        """See `Lake.pins`."""
        self._table(table)
        return self._pins[table].names()

    def bucket_ids(self) -> list[int]:
        """See `Lake.bucket_ids`."""
        return list(range(self._buckets))

    def bucket_rows(self, table: str, start: datetime, end: datetime) -> dict[int, int]:
        """See `Lake.bucket_rows`. Files are counted whole."""
        rows: Counter[int] = Counter()
        for file in self._files(table, None):
            if file.bucket is not None and file.touches(start, end):
                rows[file.bucket] += file.rows
        return rows

    def recover(self) -> list[str]:
        """See `Lake.recover`. A log entry that was torn was never acknowledged: every commit that was is kept."""
        done: list[str] = []
        for name, log in self._logs.items():
            with log.lock, storage_errors(f"recover table {name}"):
                lines = recover_table(name, self._planners[name].location)
                if lines:
                    log.forget()
                done += lines
                log.refresh()
        return done

    def compact(self, before: date) -> None:
        """See `Lake.compact`. A month that is over as a whole becomes one partition."""
        for name, log in self._logs.items():
            self._change(name, lambda plan, files: plan.compact(files, before))
            with log.lock, storage_errors(f"write a checkpoint of table {name}"):
                log.checkpoint()

    def vacuum(self, keep: timedelta, now: datetime) -> None:
        """See `Lake.vacuum`. Ages are those of the files, by the clock of the machine, in hours rounded up."""
        horizon = require_utc(now) - keep
        hours = max(0, math.ceil((time.time() - horizon.timestamp() - GRACE_S) / 3600))
        for name, log in self._logs.items():
            with log.lock, storage_errors(f"vacuum table {name}"):
                log.refresh()
                log.vacuum(hours, self._pins[name].paths())

    def statistics(self) -> list[TableStatistics]:
        """See `Lake.statistics`."""
        return [self._statistics(name) for name in self._tables]

    def paths(self, table: str) -> list[str]:
        """Return the Parquet files the newest version consists of, for readers such as DuckDB."""
        return [f"{self._planners[table].location.url}/{file.path}" for file in self._files(table, None)]

    def _change(
        self, table: str, make: Callable[[ChangePlanner, Sequence[DataFile]], Plan], creates: bool = False
    ) -> int:
        """Plan on the newest version and commit; plan again when another writer was first."""
        log = self._logs[table]
        with log.lock, storage_errors(f"write table {table}"):
            for attempt in range(ATTEMPTS):
                try:
                    version = log.refresh()
                    if version >= 0 or creates:
                        version = log.fit()
                    return self._commit(table, make(self._planners[table], log.files()), version)
                except CommitFailedError:
                    time.sleep(PAUSE_S * attempt)
        raise StorageError(f"can't write table {table}: another writer was first {ATTEMPTS} times; stop one of them")

    def _commit(self, table: str, plan: Plan, version: int) -> int:
        """Commit a plan made on `version`; where it is certain that it did not land, its files are deleted."""
        if not plan.removed and not plan.added:
            return version
        log = self._logs[table]
        try:
            return log.commit(plan.operation, plan.added, plan.removed, data_change=not plan.same_rows)
        except CommitFailedError:
            delete_files(self._planners[table].location, plan.added)
            raise
        except Exception:
            if log.vacant(version + 1):
                delete_files(self._planners[table].location, plan.added)
            raise

    def _files(self, table: str, version: int | None) -> tuple[DataFile, ...]:
        log = self._logs[table]
        with log.lock, storage_errors(f"read the log of table {table}"):
            log.refresh()
            return log.files(version)

    def _statistics(self, table: str) -> TableStatistics:
        files = self._files(table, None)
        return TableStatistics(
            table=table,
            version=self.version(table),
            rows=sum(file.rows for file in files),
            files=len(files),
            size=sum(file.size for file in files),
            small=sum(file.size < SMALL_BYTES for file in files),
            first=min((file.first for file in files), default=None),
            last=max((file.last for file in files), default=None),
        )

    def _table(self, table: str) -> Table:
        if table not in self._tables:
            raise ValueError(f"the lake has no table {table!r}")
        return self._tables[table]
