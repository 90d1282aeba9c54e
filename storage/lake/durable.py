"""Forces files onto the disk, and turns failures of a store into one line."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalake.exceptions import CommitFailedError, DeltaError
from polars.exceptions import PolarsError

from core.errors import StorageError


def sync(path: Path) -> None:
    """Force a file's data, or a folder's names, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(paths: Iterable[Path]) -> None:
    """Force each distinct file or folder onto the disk, in order."""
    for path in dict.fromkeys(paths):
        sync(path)


def make_folder(folder: Path, durable: bool) -> None:
    """Make a folder and what is missing above it; with `durable` every new name reaches the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent, durable)
    folder.mkdir(exist_ok=True)
    if durable:
        sync(folder.parent)


@contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turn a failure of disk, Parquet or Delta into a StorageError of one line: "can't <what>: <cause>".

    A `CommitFailedError` passes: it means that another writer came first, and is answered by trying again.
    """
    try:
        yield
    except CommitFailedError:
        raise
    except (OSError, DeltaError, PolarsError) as error:
        raise StorageError(f"can't {what}: {_cause(error)}") from error


def _cause(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    for sign, advice in _ADVICE.items():
        if sign in text:
            return advice
    return text if len(text) <= 300 else text[:300] + " ..."


_ADVICE = {
    "No space left on device": "the disk is full; make room and start again",
    "Permission denied": "permission denied; give this user the right to write there",
    "Read-only file system": "the file system is read-only; choose another folder",
}
