"""The log of one Delta table: which files the table consists of, and the commits that change that.

A commit lands only on the very version it was planned on; if another writer was first it is a `CommitFailedError`, and
the plan must be made again. So whatever a plan has read is still true when it lands.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from deltalake import DeltaTable
from deltalake.transaction import AddAction, CommitProperties, PostCommitHookProperties, RemoveAction

from storage.lake.delta_entry import CommitOperation, actions_of, entry_text, publish
from storage.lake.delta_files import DataFile, listed, partitions
from storage.lake.delta_protocol import require_writable
from storage.lake.delta_schema import DeltaSchema
from storage.lake.durable import storage_errors, sync, sync_all

CHECKPOINT_EVERY = 20
VERSIONS_REMEMBERED = 8


class DeltaLog:
    """One table's log, kept open: own commits and those of others are followed entry by entry.

    Not safe for threads without `lock`.
    """

    def __init__(self, schema: DeltaSchema) -> None:
        self.lock = threading.RLock()
        self._schema = schema
        self._table = schema.table
        self._location = schema.location
        self._handle: DeltaTable | None = None
        self._fits = False
        self._version = -1
        self._files: OrderedDict[int, tuple[DataFile, ...]] = OrderedDict()

    def refresh(self) -> int:
        """Take in what other writers committed and return the newest version, -1 when the table was never written."""
        with storage_errors(f"read the log of table {self._table.name}"):
            if self._handle is None or self._lost():
                self._open()
            elif self._location.local:
                self._follow()
            else:
                self._handle.update_incremental()
                self._version = int(self._handle.version())
        return self._version

    def files(self, version: int | None = None) -> tuple[DataFile, ...]:
        """Return the data files of a version, of the newest that was refreshed when none is named."""
        wanted = self._version if version is None else version
        if wanted == -1:
            return ()
        if wanted not in self._files:
            with storage_errors(f"read version {wanted} of table {self._table.name}"):
                self._remember(wanted, listed(self._schema.open(wanted), self._table))
        return self._files[wanted]

    def fit(self) -> int:
        """Make the table, or add the columns it lacks, and return the newest version: before a plan, not after it.

        CommitFailedError: another writer made it first. StorageError: the table needs more of the Delta protocol than
        this code knows.
        """
        if self._handle is None:
            self._schema.create()
            self._open()
        elif not self._fits:
            require_writable(self._table.name, self._handle)
            self._schema.widen(self._handle)
            self.refresh()
        self._fits = True
        return self._version

    def vacant(self, version: int) -> bool:
        """Whether it is certain that no commit has this version."""
        return self._location.local and not self._entry(version).exists()

    def commit(
        self,
        operation: CommitOperation,
        added: Sequence[DataFile],
        removed: Sequence[DataFile],
        data_change: bool = True,
    ) -> int:
        """Add and remove files of a table already made, on the version last refreshed; return the version made.

        When this returns the entry is on the disk. CommitFailedError: another writer was first.
        """
        adds = [file.add_action(data_change) for file in added]
        removes = [file.remove_action(data_change) for file in removed]
        if self._location.local:
            publish(
                self._entry(self._version + 1),
                entry_text(operation, adds, removes, self._version),
                self._location.durable,
            )
        else:
            self._commit_remotely(operation, adds, removes)
        self._advance(added, {file.path for file in removed})
        if self._version % CHECKPOINT_EVERY == 0:
            self.checkpoint()
        return self._version

    def checkpoint(self) -> None:
        """Write the state of the table into one file, then drop entries of the log past their time.

        An entry is dropped only when the checkpoint that covers it is on the disk.
        """
        if self._handle is None:
            return
        self._sync_entries()
        self._handle.update_incremental()
        self._handle.create_checkpoint()
        if self._location.local and self._location.durable:
            sync_all(self._location.log.glob(f"{self._handle.version():020}.checkpoint*.parquet"))
            sync_all([self._location.log / "_last_checkpoint", self._location.log])
        self._handle.cleanup_metadata()

    def vacuum(self, hours: int, pinned: Collection[str]) -> None:
        """Delete data files that were removed from the table, or never named by it, more than `hours` ago.

        Those among `pinned` stay.
        """
        if self._handle is not None:
            self._handle.update_incremental()
            unneeded = self._handle.vacuum(hours, dry_run=True, enforce_retention_duration=False, full=True)
            self._location.delete(path for path in unneeded if path not in pinned)

    def forget(self) -> None:
        """Drop what was read of the log, so that the next call opens the table again."""
        self._handle = None
        self._fits = False
        self._version = -1
        self._files = OrderedDict()

    def _open(self) -> None:
        self.forget()
        self._handle = self._schema.open_newest()
        if self._handle is not None:
            self._version = int(self._handle.version())

    def _lost(self) -> bool:
        """Whether the entry that follows ours was already dropped from the log."""
        if not self._location.local or self._entry(self._version + 1).exists():
            return False
        try:
            pointer = json.loads((self._location.log / "_last_checkpoint").read_text())
        except (FileNotFoundError, ValueError):
            return False
        return int(pointer["version"]) > self._version

    def _follow(self) -> None:
        while (entry := self._entry(self._version + 1)).exists():
            try:
                actions = actions_of(entry.read_text())
            except ValueError as error:
                raise OSError(f"entry {entry.name} is torn ({error}); start groundswell again to mend it") from error
            if any("protocol" in action or "metaData" in action for action in actions):
                self._open()
                return
            added = [DataFile.of(action["add"]) for action in actions if "add" in action]
            self._advance(added, {action["remove"]["path"] for action in actions if "remove" in action})

    def _advance(self, added: Iterable[DataFile], removed: set[str]) -> None:
        """Go on to the next version."""
        kept = (file for file in self.files() if file.path not in removed)
        self._version += 1
        self._remember(self._version, (*kept, *added))

    def _remember(self, version: int, files: tuple[DataFile, ...]) -> None:
        self._files[version] = files
        while len(self._files) > VERSIONS_REMEMBERED:
            self._files.popitem(last=False)

    def _commit_remotely(
        self, operation: CommitOperation, adds: Sequence[AddAction], removes: Sequence[RemoveAction]
    ) -> None:
        assert self._handle is not None
        properties = CommitProperties(custom_metadata={"groundswell.operation": operation.name}, max_commit_retries=0)
        self._handle.create_write_transaction(
            [*adds, *removes],
            "append",
            self._handle.schema(),
            partitions(self._table),
            commit_properties=properties,
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )

    def _sync_entries(self) -> None:
        """Force entries that `deltalake` wrote onto the disk."""
        if self._location.local and self._location.durable:
            last = (self._entry(self._version - back) for back in reversed(range(CHECKPOINT_EVERY)))
            sync_all(entry for entry in last if entry.exists())
            sync(self._location.log)

    def _entry(self, version: int) -> Path:
        return self._location.log / f"{version:020}.json"
