"""Where the data files of a table stand: a folder of this machine, or an object store."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import PyFileSystem

from storage.durable import make_folder, sync, sync_all


@dataclass(frozen=True)
class Place:
    """The files of one table, by their path relative to it.

    Parameters
    ----------
    url: a folder, or an address of an object store such as s3://bucket/lake/raw
    durable: force what is written onto the disk (folders only: an object store acknowledges what it keeps)
    options: settings of the object store, as `deltalake` takes them
    """

    url: str
    durable: bool = True
    options: dict[str, str] | None = None

    @property
    def local(self) -> bool:
        """Whether this is a folder."""
        return "://" not in self.url

    @property
    def folder(self) -> Path:
        """The folder, where it is one."""
        return Path(self.url)

    @property
    def log(self) -> Path:
        """The folder of the table's log, where it is local."""
        return self.folder / "_delta_log"

    def put(self, path: str, content: memoryview) -> None:
        """Write a file; its folder's names reach the disk with `settle`."""
        if not self.local:
            with self._store().open_output_stream(path) as stream:
                stream.write(content)
            return
        target = self.folder / path
        make_folder(target.parent, self.durable)
        target.write_bytes(content)
        if self.durable:
            sync(target)

    def settle(self, paths: Iterable[str]) -> None:
        """Force the names of written files onto the disk."""
        if self.local and self.durable:
            sync_all((self.folder / path).parent for path in paths)

    def sources(self, paths: Iterable[str]) -> list[Path] | list[IO[bytes]]:
        """Return files in a form that Polars scans."""
        if self.local:
            return [self.folder / path for path in paths]
        store = self._store()
        contents: list[IO[bytes]] = [io.BytesIO(store.open_input_file(path).read()) for path in paths]
        return contents

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files that no version names; one that is gone already is no error."""
        for path in paths:
            if self.local:
                (self.folder / path).unlink(missing_ok=True)
            else:
                self._store().delete_file(path)

    def _store(self) -> PyFileSystem:
        return PyFileSystem(DeltaStorageHandler(self.url, self.options))
