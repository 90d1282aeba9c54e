"""The log of one Delta table: which files the table consists of, and the commits that change that.

A commit lands only on the very version it was planned on; if another writer was first it is a `CommitFailedError`, and
the plan must be made again. So whatever a plan has read is still true when it lands.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import CommitProperties, PostCommitHookProperties

from core.errors import StorageError
from core.tables import Table
from storage.delta_files import DataFile, listed, partitions
from storage.durable import make_folder, storage_errors, sync, sync_all
from storage.place import Place

CHECKPOINT_EVERY = 20
VERSIONS_REMEMBERED = 8
_BUCKETS = "groundswell.buckets"


class DeltaLog:
    """One table's log, kept open. Not safe for threads without `lock`.

    Parameters
    ----------
    table: what the table is declared to be
    place: where it is
    buckets: number of buckets, fixed when the table is made
    history: how long entries of the log are kept, by the clock of the machine
    """

    def __init__(self, table: Table, place: Place, buckets: int, history: timedelta) -> None:
        self.lock = threading.RLock()
        self._table = table
        self._place = place
        self._buckets = buckets
        self._history = history
        self._handle: DeltaTable | None = None
        self._synced = -1
        self._files: OrderedDict[int, tuple[DataFile, ...]] = OrderedDict()

    def refresh(self) -> int:
        """Take in what other writers committed and return the newest version, -1 when the table was never written."""
        with storage_errors(f"read the log of table {self._table.name}"):
            if self._handle is None:
                self._handle = self._open()
            elif self._behind(self._handle.version()):
                self._handle.update_incremental()
        return -1 if self._handle is None else int(self._handle.version())

    def files(self, version: int | None = None) -> tuple[DataFile, ...]:
        """Return the data files of a version, of the newest that was refreshed when none is named."""
        newest = -1 if self._handle is None else int(self._handle.version())
        wanted = newest if version is None else version
        if wanted == -1 or self._handle is None:
            return ()
        if wanted not in self._files:
            self._remember(wanted, listed(self._handle if wanted == newest else self._at(wanted), self._table))
        self._files.move_to_end(wanted)
        return self._files[wanted]

    def commit(self, added: Sequence[DataFile], removed: Sequence[DataFile], data_change: bool = True) -> int:
        """Add and remove files in one commit on the version last refreshed; return the version made.

        When this returns the entry is on the disk. CommitFailedError: another writer was first.
        """
        handle = self._widened(self._handle) if self._handle else self._create()
        files = self.files()
        adds = [file.add_action(data_change) for file in added]
        removes = [file.remove_action(data_change) for file in removed]
        handle.create_write_transaction(
            [*adds, *removes],
            "append",
            handle.schema(),
            partitions(self._table),
            commit_properties=CommitProperties(max_commit_retries=0),
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )
        version = int(handle.version()) + 1
        gone = {file.path for file in removed}
        self._remember(version, (*(file for file in files if file.path not in gone), *added))
        self._make_durable(version)
        if version % CHECKPOINT_EVERY == 0:
            self.checkpoint()
        return version

    def checkpoint(self) -> None:
        """Write the state of the table into one file, then drop entries of the log past their time.

        An entry is dropped only when the checkpoint that stands for it is on the disk.
        """
        if self.refresh() == -1 or self._handle is None:
            return
        self._handle.create_checkpoint()
        if self._place.local and self._place.durable:
            sync_all(self._place.log.glob(f"{self._handle.version():020}.checkpoint*.parquet"))
            sync_all([self._place.log / "_last_checkpoint", self._place.log])
        self._handle.cleanup_metadata()

    def vacuum(self, hours: int) -> None:
        """Delete data files that were removed from the table, or never named by it, more than `hours` ago."""
        if self._handle is not None:
            self._handle.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True)
            self._handle.update_incremental()
            self._make_durable(int(self._handle.version()))

    def forget(self) -> None:
        """Close the handle, so that the next call opens the table anew."""
        self._handle = None
        self._synced = -1
        self._files.clear()

    def _open(self) -> DeltaTable | None:
        try:
            handle = DeltaTable(self._place.url, storage_options=self._place.options)
        except TableNotFoundError:
            self._require_vacant()
            return None
        self._require_fitting(handle)
        return handle

    def _create(self) -> DeltaTable:
        if self._place.local:
            make_folder(self._place.folder, self._place.durable)
        hours = int(self._history.total_seconds() // 3600)
        try:
            DeltaTable.create(
                self._place.url,
                _arrow_schema(self._columns()),
                partition_by=partitions(self._table),
                configuration={
                    "delta.logRetentionDuration": f"interval {hours} hours",
                    "delta.deletedFileRetentionDuration": f"interval {hours} hours",
                    "delta.dataSkippingStatsColumns": "window",
                    _BUCKETS: str(self._buckets),
                },
                storage_options=self._place.options,
                raise_if_key_not_exists=False,
            )
        except DeltaError as error:
            if not DeltaTable.is_deltatable(self._place.url, self._place.options):
                raise
            raise CommitFailedError(f"another writer made {self._table.name} first") from error
        self._handle = DeltaTable(self._place.url, storage_options=self._place.options)
        return self._handle

    def _widened(self, handle: DeltaTable) -> DeltaTable:
        """Add the columns that were declared since the table was made."""
        missing = set(self._columns()) - set(_stored_columns(handle))
        if missing:
            fields = Schema.from_arrow(_arrow_schema(self._columns())).fields
            handle.alter.add_columns([field for field in fields if field.name in missing])
        return handle

    def _columns(self) -> dict[str, pl.DataType]:
        labels: dict[str, pl.DataType] = {"day": pl.String(), "bucket": pl.Int32()}
        return self._table.schema | {name: labels[name] for name in partitions(self._table)}

    def _require_vacant(self) -> None:
        """A folder with files but without a log is none of ours."""
        if not (self._place.local and self._place.folder.exists()):
            return
        foreign = [path.name for path in self._place.folder.iterdir() if path != self._place.log]
        if foreign:
            raise StorageError(
                f"{self._place.folder} is no Delta table though it holds {foreign[0]}; "
                "move it away or name another lake"
            )

    def _require_fitting(self, handle: DeltaTable) -> None:
        """The stored table has the declared columns (new ones may be missing in it) and the declared buckets."""
        configuration = handle.metadata().configuration
        declared = self._columns()
        for name, dtype in _stored_columns(handle).items():
            if declared.get(name) != dtype:
                raise StorageError(
                    f"the lake's table {self._table.name} has a column {name} of type {dtype}, "
                    f"but declared is {declared.get(name, 'no such column')}; name another lake"
                )
        buckets = int(configuration.get(_BUCKETS, self._buckets))
        if self._table.bucketed and buckets != self._buckets:
            raise StorageError(
                f"the lake was made with {buckets} buckets, not {self._buckets}; set buckets to {buckets}"
            )

    def _behind(self, version: int) -> bool:
        """Whether someone committed after `version`; only an object store must be asked each time."""
        return not self._place.local or self._entry(version + 1).exists()

    def _at(self, version: int) -> DeltaTable:
        with storage_errors(f"read version {version} of table {self._table.name}"):
            return DeltaTable(self._place.url, version=version, storage_options=self._place.options)

    def _remember(self, version: int, files: tuple[DataFile, ...]) -> None:
        self._files[version] = files
        while len(self._files) > VERSIONS_REMEMBERED:
            self._files.popitem(last=False)

    def _make_durable(self, version: int) -> None:
        """Force the entries up to `version` onto the disk, other writers' too: ours is worth nothing without them."""
        if self._place.local and self._place.durable:
            for number in range(max(0, self._synced + 1), version + 1):
                if self._entry(number).exists():
                    sync(self._entry(number))
            sync(self._place.log)
        self._synced = version

    def _entry(self, version: int) -> Path:
        return self._place.log / f"{version:020}.json"


def _arrow_schema(columns: dict[str, pl.DataType]) -> Any:
    return pl.DataFrame(schema=columns).to_arrow().schema


def _stored_columns(handle: DeltaTable) -> dict[str, pl.DataType]:
    columns: dict[str, pl.DataType] = pl.DataFrame(handle.schema().to_arrow().empty_table()).schema
    return dict(columns)
