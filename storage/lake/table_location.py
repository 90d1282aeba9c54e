"""Where the data files of a table are: a folder of this machine, or an object store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import FileSelector, PyFileSystem

from storage.lake.durable import make_folder, sync, sync_all


@dataclass(frozen=True)
class TableLocation:
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

    def write(self, path: str, rows: pl.DataFrame, group_rows: int) -> int:
        """Write a Parquet file, whole or not at all, and return its size; its name reaches the disk with `settle`."""
        if not self.local:
            url = f"{self.url}/{path}"
            rows.write_parquet(url, row_group_size=group_rows, storage_options=self.options, mkdir=True)
            return int(self._store().get_file_info(path).size)
        target = self.folder / path
        make_folder(target.parent, self.durable)
        try:
            rows.write_parquet(target, row_group_size=group_rows)
            if self.durable:
                sync(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target.stat().st_size

    def settle(self, paths: Iterable[str]) -> None:
        """Force the names of written files onto the disk."""
        if self.local and self.durable:
            sync_all((self.folder / path).parent for path in paths)

    def scan(self, paths: Iterable[str], schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
        """Return the rows of Parquet files; a column that a file lacks is null."""
        return pl.scan_parquet(
            [f"{self.url}/{path}" for path in paths],
            schema=dict(schema),
            hive_partitioning=False,
            missing_columns="insert",
            glob=False,
            storage_options=self.options,
        )

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files that no version names; a missing one is no error."""
        for path in paths:
            if self.local:
                (self.folder / path).unlink(missing_ok=True)
            else:
                self._store().delete_file(path)

    def put_text(self, path: str, text: str) -> None:
        """Write a small text, whole or not at all."""
        if not self.local:
            with self._store().open_output_stream(path) as stream:
                stream.write(text.encode())
            return
        target = self.folder / path
        make_folder(target.parent, self.durable)
        draft = target.with_name(f"{target.name}.draft")
        draft.write_text(text)
        if self.durable:
            sync(draft)
        draft.replace(target)
        if self.durable:
            sync(target.parent)

    def text(self, path: str) -> str:
        """Return what `put_text` wrote."""
        if self.local:
            return (self.folder / path).read_text()
        with self._store().open_input_stream(path) as stream:
            return bytes(stream.read()).decode()

    def names_in(self, folder: str) -> list[str]:
        """Return the names of the files in a folder; none where the folder is missing."""
        if self.local:
            there = self.folder / folder
            return [path.name for path in there.iterdir()] if there.is_dir() else []
        listed = self._store().get_file_info(FileSelector(folder, allow_not_found=True))
        return [info.base_name for info in listed if info.is_file]

    def _store(self) -> PyFileSystem:
        return PyFileSystem(DeltaStorageHandler(self.url, self.options))
