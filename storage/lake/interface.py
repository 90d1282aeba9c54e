"""The interface of a lake: tables of time series, written by ranges of windows, read by range and version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import polars as pl

from storage.lake.address import Address
from storage.lake.frames import Where

SMALL_BYTES = 2**20


@dataclass(frozen=True)
class TableStatistics:
    """How big a table is.

    Parameters
    ----------
    table: its name
    version: newest version, -1 when never written
    rows: rows it holds
    files: data files it consists of
    size: bytes of those files
    small: files under 1 MiB
    first, last: oldest and newest window; null when empty
    """

    table: str
    version: int
    rows: int
    files: int
    size: int
    small: int
    first: datetime | None
    last: datetime | None


class Lake(Protocol):
    """A store of `core.tables.Table`s.

    Frames carry the columns of `Table.schema`, `window` last; ranges of windows are (start, end] in UTC. A frame that
    does not fit its table is a ValueError naming the column; a store that can't be read or written is a
    `core.errors.StorageError`. A write that changes nothing makes no new version.
    """

    def append(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """Add those rows whose key the range (start, end] does not hold yet; every window lies in that range."""
        ...

    def replace(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """Make the rows with window in (start, end] exactly `frame`, in one commit; an empty frame deletes them."""
        ...

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
        """Return the rows with start < window <= end, sorted by key and window if `ordered`, else about by window.

        No bound means all.

        `where` keeps the rows that hold the given value, or one of the given values, in each of its columns; files and
        parts of files that can't hold such a row are not read. `buckets` narrows a bucketed table to those buckets,
        `version` asks for the table as it was then (a StorageError when that is gone), `pin` for it as it was pinned
        under a name; `columns` selects columns in the order given. A table never written is an empty frame.
        """
        ...

    def count(
        self, table: str, *, start: datetime | None = None, end: datetime | None = None, where: Where | None = None
    ) -> int:
        """Return how many rows with start < window <= end fit `where`, read from metadata where that is exact."""
        ...

    def newest_window(self, table: str) -> datetime | None:
        """Return the newest window of a table, None when it holds no rows."""
        ...

    def read_address(self, address: Address) -> pl.DataFrame:
        """Return the rows an address names."""
        ...

    def version(self, table: str) -> int:
        """Return the newest version of a table, -1 when it was never written."""
        ...

    def pin(self, name: str, table: str, start: datetime | None, end: datetime | None, version: int) -> None:
        """Keep the rows of (start, end] at a version readable under a name, whatever is compacted or vacuumed later.

        A name that is pinned already stays what it is.
        """
        ...

    def pins(self, table: str) -> list[str]:
        """Return the names under which versions of a table are pinned, sorted."""
        ...

    def bucket_ids(self) -> list[int]:
        """Return the buckets of bucketed tables, in order."""
        ...

    def bucket_rows(self, table: str, start: datetime, end: datetime) -> dict[int, int]:
        """Return about how many rows each bucket of a table holds in (start, end], without empty buckets."""
        ...

    def recover(self) -> list[str]:
        """Repair what a crash of the machine left behind; return one line for each repair.

        Call it at start-up, before anything else uses the lake.
        """
        ...

    def compact(self, before: date) -> None:
        """Merge the small files of every day earlier than `before` into one for each partition."""
        ...

    def vacuum(self, keep: timedelta, now: datetime) -> None:
        """Delete files that no pin and no version younger than `keep` needs; older versions can't be read any more."""
        ...

    def statistics(self) -> list[TableStatistics]:
        """Return the size of every table, in the order they were declared."""
        ...
