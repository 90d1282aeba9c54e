"""One entry of a Delta log on a folder: its text, and naming it so that it is there whole or not at all.

`deltalake` makes commits too, but takes 12 ms and more for one (it replays the log into a new snapshot, the longer the
more files there are), and leaves the entry unsynced under its name. Written here it takes 1 ms and can't be torn.
The format is that of the Delta protocol, section "Actions".
"""

import json
import os
import time
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from storage.lake.durable import sync

HALF_MADE = ".half-made"


def entry_text(
    added: Iterable[AddAction], removed: Iterable[RemoveAction], metadata: Mapping[str, Any] | None = None
) -> str:
    """Return the text of an entry: one action a line, that of the table's new metadata first where it has some."""
    written = {
        "timestamp": time.time_ns() // 1_000_000,
        "operation": "WRITE",
        "operationParameters": {"mode": "Append"},
        "engineInfo": "groundswell",
    }
    actions: list[dict[str, Any]] = [{"commitInfo": written}]
    actions += [] if metadata is None else [{"metaData": metadata}]
    actions += [{"remove": _remove(action)} for action in removed]
    actions += [{"add": _add(action)} for action in added]
    return "".join(json.dumps(action, separators=(",", ":")) + "\n" for action in actions)


def publish(entry: Path, text: str, durable: bool) -> None:
    """Give an entry its name; CommitFailedError when another writer has that name already.

    With `durable` its text is on the disk before it has the name, and the name when this returns.
    """
    draft = entry.parent / f"{entry.name}.{uuid.uuid4().hex}{HALF_MADE}"
    try:
        draft.write_text(text)
        if durable:
            sync(draft)
        os.link(draft, entry)
    except FileExistsError:
        raise CommitFailedError(f"version {int(entry.stem)} was made by another writer") from None
    finally:
        draft.unlink(missing_ok=True)
    if durable:
        sync(entry.parent)


def actions_of(text: str) -> list[dict[str, Any]]:
    """Return the actions of an entry; ValueError when it is torn."""
    actions = [json.loads(line) for line in text.splitlines()]
    if not actions or not all(isinstance(action, dict) for action in actions):
        raise ValueError("it holds no actions")
    return actions


def _add(action: AddAction) -> dict[str, Any]:
    return {
        "path": action.path,
        "partitionValues": dict(action.partition_values),
        "size": action.size,
        "modificationTime": action.modification_time,
        "dataChange": action.data_change,
        "stats": action.stats,
    }


def _remove(action: RemoveAction) -> dict[str, Any]:
    return {
        "path": action.path,
        "deletionTimestamp": action.deletion_timestamp,
        "dataChange": action.data_change,
        "extendedFileMetadata": True,
        "partitionValues": dict(action.partition_values or {}),
        "size": action.size,
    }
