"""Versions of a table that must stay readable: each a name and the files it consists of, beside the table's log."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.errors import StorageError
from storage.lake.delta_files import DataFile
from storage.lake.table_location import TableLocation

FOLDER = "_pins"


@dataclass(frozen=True)
class Pin:
    """Some files of a version of a table, kept under a name.

    Parameters
    ----------
    name: what it was pinned for
    version: of the table
    files: those that hold the rows it is about
    """

    name: str
    version: int
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class Pins:
    """The pins of one table."""

    location: TableLocation

    def put(self, name: str, version: int, files: Sequence[DataFile]) -> None:
        """Pin the files of a version; a name that is pinned already stays what it is."""
        if name not in self.names():
            text = json.dumps({"version": version, "files": [_as_json(file) for file in files]})
            self.location.put_text(self._path(name), text)

    def get(self, name: str) -> Pin:
        """Return a pin; StorageError when none has that name."""
        if name not in self.names():
            raise StorageError(f"nothing is pinned as {name} in {self.location.url}")
        content = json.loads(self.location.text(self._path(name)))
        return Pin(name, content["version"], tuple(_of_json(file) for file in content["files"]))

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted(path.removesuffix(".json") for path in self.location.names_in(FOLDER) if path.endswith(".json"))

    def drop(self, name: str) -> None:
        """Delete a pin; a missing one is no error."""
        self.location.delete([self._path(name)])

    def paths(self) -> frozenset[str]:
        """Return the files that any pin needs."""
        return frozenset(file.path for name in self.names() for file in self.get(name).files)

    def _path(self, name: str) -> str:
        return f"{FOLDER}/{name}.json"


def _as_json(file: DataFile) -> dict[str, Any]:
    return asdict(file) | {"first": file.first.isoformat(), "last": file.last.isoformat()}


def _of_json(content: dict[str, Any]) -> DataFile:
    times = {name: datetime.fromisoformat(content[name]) for name in ("first", "last")}
    return DataFile(**{**content, **times})
