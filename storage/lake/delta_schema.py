"""Makes a Delta table as declared, opens it, and adds columns that were declared later."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
from deltalake import DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from core.errors import StorageError
from core.tables import Table
from storage.lake.delta_files import partitions
from storage.lake.delta_protocol import require_readable
from storage.lake.durable import make_folder, sync_all
from storage.lake.table_location import TableLocation

BUCKETS = "groundswell.buckets"


@dataclass(frozen=True)
class DeltaSchema:
    """One table as declared.

    Parameters
    ----------
    table: its columns
    location: where it is
    buckets: number of buckets, fixed when the table is made
    history: how long entries of its log are kept, by the clock of the machine
    """

    table: Table
    location: TableLocation
    buckets: int
    history: timedelta

    def open(self, version: int) -> DeltaTable:
        """Return the table as it was at a version."""
        return DeltaTable(self.location.url, version=version, storage_options=self.location.options)

    def open_newest(self) -> DeltaTable | None:
        """Return the table, None where it was never written; StorageError where it is not the table declared."""
        try:
            handle = DeltaTable(self.location.url, storage_options=self.location.options)
        except TableNotFoundError:
            foreign = self._foreign()
            if foreign is None:
                return None
            if DeltaTable.is_deltatable(self.location.url, self.location.options):
                return self.open_newest()
            raise StorageError(
                f"{self.location.folder} is no Delta table though it holds {foreign}; move it away or name another lake"
            ) from None
        require_readable(self.table.name, handle)
        self._require_fitting(handle)
        return handle

    def create(self) -> None:
        """Make the table, empty. CommitFailedError when another writer made it meanwhile."""
        if self.location.local:
            make_folder(self.location.folder, self.location.durable)
        hours = int(self.history.total_seconds() // 3600)
        try:
            DeltaTable.create(
                self.location.url,
                _arrow_schema(self._columns()),
                partition_by=partitions(self.table),
                configuration={
                    "delta.logRetentionDuration": f"interval {hours} hours",
                    "delta.deletedFileRetentionDuration": f"interval {hours} hours",
                    "delta.dataSkippingStatsColumns": "window",
                    BUCKETS: str(self.buckets),
                },
                storage_options=self.location.options,
                raise_if_key_not_exists=False,
            )
        except DeltaError as error:
            if not DeltaTable.is_deltatable(self.location.url, self.location.options):
                raise
            raise CommitFailedError(f"another writer made {self.table.name} first") from error
        if self.location.local and self.location.durable:
            sync_all([*self.location.log.glob("*.json"), self.location.log, self.location.folder])

    def widen(self, handle: DeltaTable) -> None:
        """Add the columns that were declared since the table was made."""
        missing = set(self._columns()) - set(_stored_columns(handle))
        if missing:
            fields = Schema.from_arrow(_arrow_schema(self._columns())).fields
            handle.update_incremental()
            handle.alter.add_columns([field for field in fields if field.name in missing])

    def _columns(self) -> dict[str, pl.DataType]:
        labels: dict[str, pl.DataType] = {"day": pl.String(), "bucket": pl.Int32()}
        return self.table.schema | {name: labels[name] for name in partitions(self.table)}

    def _foreign(self) -> str | None:
        """Return the name of a file in the table's folder that is not part of its log."""
        if not (self.location.local and self.location.folder.exists()):
            return None
        return next((path.name for path in self.location.folder.iterdir() if path != self.location.log), None)

    def _require_fitting(self, handle: DeltaTable) -> None:
        """The stored table has the declared columns (new ones may be missing in it) and the declared buckets."""
        declared = self._columns()
        for name, dtype in _stored_columns(handle).items():
            if declared.get(name) != dtype:
                raise StorageError(
                    f"the lake's table {self.table.name} has a column {name} of type {dtype}, "
                    f"but declared is {declared.get(name, 'no such column')}; name another lake"
                )
        buckets = int(handle.metadata().configuration.get(BUCKETS, self.buckets))
        if self.table.bucketed and buckets != self.buckets:
            raise StorageError(
                f"the lake was made with {buckets} buckets, not {self.buckets}: "
                f"set stores.buckets to {buckets}, or stop groundswell and run `groundswell lake rebucket`"
            )


def _arrow_schema(columns: dict[str, pl.DataType]) -> Any:
    return pl.DataFrame(schema=columns).to_arrow().schema


def _stored_columns(handle: DeltaTable) -> dict[str, pl.DataType]:
    columns: dict[str, pl.DataType] = pl.DataFrame(handle.schema().to_arrow().empty_table()).schema
    return dict(columns)
