"""Changes the number of buckets of a table in one commit: readers see the old table or the new one."""

from collections.abc import Callable
from itertools import groupby

from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from core.errors import StorageError, UsageError
from core.tables import Table
from storage.lake.delta_entry import CommitOperation, entry_text, publish
from storage.lake.delta_files import DataFile, delete_files, listed, read_files, write_files
from storage.lake.delta_protocol import require_writable
from storage.lake.delta_schema import BUCKETS
from storage.lake.durable import storage_errors
from storage.lake.table_location import TableLocation


def stored_buckets(location: TableLocation) -> int | None:
    """Return the number of buckets a table was made with, None where it was never written."""
    with storage_errors(f"open {location.url}"):
        if not DeltaTable.is_deltatable(location.url, location.options):
            return None
        configuration = DeltaTable(location.url, storage_options=location.options).metadata().configuration
    return int(configuration[BUCKETS]) if BUCKETS in configuration else None


def rebucket(
    table: Table, location: TableLocation, buckets: int, progress: Callable[[str, int], None] = lambda day, rows: None
) -> int:
    """Rewrite a bucketed table over `buckets` buckets, one partition of time after the other; return its rows.

    An interrupted call leaves the table as it was.

    Parameters
    ----------
    progress: gets each partition and its number of rows

    Raises
    ------
    UsageError: the table is not in a folder
    StorageError: another process wrote to the table meanwhile, or the store failed
    """
    if not location.local:
        raise UsageError(f"{location.url} is no folder: only a lake in a folder can be given another number of buckets")
    with storage_errors(f"rebucket table {table.name}"):
        handle = DeltaTable(location.url, storage_options=location.options)
        require_writable(table.name, handle)
        old = sorted(listed(handle, table), key=lambda file: file.day)
        new: list[DataFile] = []
        try:
            for day, group in groupby(old, key=lambda file: file.day):
                rows = read_files(table, location, list(group))
                new += write_files(table, location, rows, buckets, month=len(day) == len("2025-05"))
                progress(day, rows.height)
            adds, removes = ([f.add_action(False) for f in new], [f.remove_action(False) for f in old])
            operation = CommitOperation("REBUCKET", {BUCKETS: str(buckets)})
            text = entry_text(operation, adds, removes, handle.version(), _metadata(handle, buckets))
            publish(location.log / f"{handle.version() + 1:020}.json", text, location.durable)
        except CommitFailedError as error:
            delete_files(location, new)
            raise StorageError(f"table {table.name} is being written; stop groundswell first") from error
        except BaseException:
            delete_files(location, new)
            raise
    return sum(file.rows for file in new)


def _metadata(handle: DeltaTable, buckets: int) -> dict[str, object]:
    """Return the table's metadata action with another number of buckets."""
    metadata = handle.metadata()
    return {
        "id": str(metadata.id),
        "format": {"provider": "parquet", "options": {}},
        "schemaString": handle.schema().to_json(),
        "partitionColumns": list(metadata.partition_columns),
        "createdTime": metadata.created_time,
        "configuration": {**metadata.configuration, BUCKETS: str(buckets)},
    }
