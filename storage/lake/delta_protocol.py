"""What this code knows of the Delta protocol: a table that needs more is neither read nor written."""

from collections.abc import Iterable

from deltalake import DeltaTable
from deltalake.table import ProtocolVersions

from core.errors import StorageError

READER_VERSION, WRITER_VERSION = 1, 2
_APPEND_ONLY, _INVARIANTS = "delta.appendOnly", "delta.invariants"


def require_readable(name: str, handle: DeltaTable) -> None:
    """Raise StorageError where reading the table needs a later version of the protocol or a table feature."""
    protocol = handle.protocol()
    _require(name, "read", READER_VERSION, protocol.min_reader_version, protocol.reader_features or ())


def require_writable(name: str, handle: DeltaTable) -> None:
    """Raise StorageError where writing the table needs a version, feature or property that this code does not honour.

    Version 2 of writers knows two properties: tables that take appends alone, and conditions on columns.
    """
    protocol: ProtocolVersions = handle.protocol()
    _require(name, "written", WRITER_VERSION, protocol.min_writer_version, protocol.writer_features or ())
    if handle.metadata().configuration.get(_APPEND_ONLY) == "true":
        raise StorageError(f"table {name} can't be written: its property {_APPEND_ONLY} is true; name another lake")
    for field in handle.schema().fields:
        if _INVARIANTS in field.metadata:
            raise StorageError(
                f"table {name} can't be written: its column {field.name} has {_INVARIANTS}; name another lake"
            )


def _require(name: str, use: str, supported: int, needed: int, features: Iterable[str]) -> None:
    needs = [f"protocol version {needed}"] if needed > supported else []
    needs += [f"feature {feature}" for feature in sorted(map(str, features))]
    if needs:
        raise StorageError(
            f"table {name} can't be {use}: it needs {', '.join(needs)} and Groundswell knows version {supported} "
            "without features; name another lake, or update Groundswell"
        )
