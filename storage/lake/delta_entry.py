"""One entry of a Delta log in a folder: its text, and its publication, which is atomic.

`deltalake` can commit too, but needs 12 ms or more for a commit, because it replays the log into a new snapshot, and
does not force the entry onto the disk. A commit written here takes 1 ms and can't be torn.
The format is that of the Delta protocol, section "Actions".
"""

import json
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from storage.lake.durable import sync

HALF_MADE = ".half-made"


@dataclass(frozen=True)
class CommitOperation:
    """What a commit did, as the history of the table says it.

    Parameters
    ----------
    name: WRITE, DELETE, OPTIMIZE (rows rearranged) or REBUCKET
    parameters: such as its mode, and the condition of the rows that it replaced or deleted
    """

    name: str
    parameters: Mapping[str, str]


def entry_text(
    operation: CommitOperation,
    added: Sequence[AddAction],
    removed: Sequence[RemoveAction],
    read_version: int,
    metadata: Mapping[str, Any] | None = None,
) -> str:
    """Return the text of an entry: one action a line.

    Parameters
    ----------
    read_version: version that the commit was planned on
    metadata: the table's new metadata, where the commit changes it
    """
    information = {
        "timestamp": time.time_ns() // 1_000_000,
        "operation": operation.name,
        "operationParameters": dict(operation.parameters),
        "readVersion": read_version,
        "operationMetrics": {
            "numAddedFiles": str(len(added)),
            "numRemovedFiles": str(len(removed)),
            "numOutputBytes": str(sum(action.size for action in added)),
        },
        "engineInfo": "groundswell",
    }
    actions: list[dict[str, Any]] = [{"commitInfo": information}]
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
