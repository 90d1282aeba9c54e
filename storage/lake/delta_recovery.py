"""Repairs at start-up what a power cut can leave of a Delta table.

Data files reach the disk before the entry that names them. An entry reaches it before the commit is acknowledged and
before a checkpoint covers it, and a checkpoint before the entries that it covers are dropped. So only writes that were
never acknowledged can be torn: entries newer than the checkpoint, or the checkpoint itself.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from core.errors import StorageError
from storage.lake.delta_entry import HALF_MADE, actions_of
from storage.lake.durable import sync
from storage.lake.table_location import TableLocation


def recover_table(name: str, location: TableLocation) -> list[str]:
    """Drop half-made names, a torn checkpoint and torn last entries; return a line for each but the half-made names."""
    if not location.local or not location.log.is_dir():
        return []
    for half_made in [*location.log.glob("*.json#*"), *location.log.glob(f"*{HALF_MADE}")]:
        half_made.unlink(missing_ok=True)
    done = [*_drop_torn_checkpoint(name, location), *_drop_torn_entries(name, location)]
    if done:
        sync(location.log)
    return done


def _drop_torn_checkpoint(name: str, location: TableLocation) -> Iterator[str]:
    pointer = location.log / "_last_checkpoint"
    torn = [path for path in location.log.glob("*.checkpoint*.parquet") if not _is_parquet(path)]
    for path in torn:
        path.unlink()
        yield f"{name}: dropped the torn checkpoint {path.name}"
    if pointer.exists() and (torn or not _is_json(pointer.read_text(errors="replace"))):
        pointer.unlink()
        yield f"{name}: dropped the pointer to its checkpoint"


def _drop_torn_entries(name: str, location: TableLocation) -> Iterator[str]:
    entries = sorted(path for path in location.log.glob("*.json") if path.stem.isdigit())
    checkpointed = max((int(path.name[:20]) for path in location.log.glob("*.checkpoint*.parquet")), default=-1)
    while entries and (problem := _problem(location.folder, entries[-1])):
        entry = entries.pop()
        if int(entry.stem) <= checkpointed:
            raise StorageError(
                f"table {name} is damaged at version {int(entry.stem)} ({problem}); restore {location.folder}"
            )
        entry.unlink()
        yield f"{name}: dropped the torn log entry {int(entry.stem)} ({problem})"


def _problem(folder: Path, entry: Path) -> str | None:
    """Return what is wrong with a log entry; None when it is whole and its files are."""
    try:
        actions = actions_of(entry.read_text(errors="replace"))
    except ValueError:
        return "it does not parse"
    for added in (action["add"] for action in actions if "add" in action):
        path = folder / added["path"]
        if not path.exists():
            return f"{added['path']} is missing"
        if path.stat().st_size != added["size"]:
            return f"{added['path']} is short"
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_parquet(path: Path) -> bool:
    try:
        pl.read_parquet_schema(path)
    except (OSError, PolarsError):
        return False
    return True
