"""Writes a recording from chunks of readings: each is spilled to disk, DuckDB merges them within fixed memory."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import duckdb
import polars as pl
import pyarrow.parquet as pq

from core.errors import StorageError
from pipelines.normalise.readings import PAGE_COLUMNS, POST_COLUMNS, TOTALS_COLUMNS
from storage.lake.durable import make_folder, storage_errors, sync

MEMORY = "256MB"
QUARANTINE = "quarantine.jsonl"
_ONCE = "qualify row_number() over (partition by {key} order by {best}) = 1 order by {order}"
_PARTS: Mapping[str, tuple[str, str, str]] = {
    "videos": (
        "posts",
        "video_id, created_at, creator_id, caption, hashtags, sound_id, title as sound_title, "
        "title is not null as sound_licensed, duration_s, region, language, is_ad",
        _ONCE.format(key="video_id", best="fetched_at, request_id", order="video_id"),
    ),
    "video_snapshots": (
        "posts",
        "video_id, fetched_at, plays, likes, comments, shares, saves, followers as creator_followers, "
        "uses as sound_uses, rounded",
        _ONCE.format(
            key="video_id, fetched_at", best="plays desc nulls last, request_id desc", order="fetched_at, video_id"
        ),
    ),
    "hashtag_snapshots": (
        "totals",
        "hashtag, fetched_at, views_total, videos_total",
        _ONCE.format(
            key="hashtag, fetched_at", best="views_total desc nulls last, request_id desc", order="fetched_at, hashtag"
        ),
    ),
}


class RecordingWriter:
    """Context manager that takes readings in chunks and writes the files of a recording (`sources.recordings.loading`).

    The folder's earlier files are replaced one by one once everything is written; if the block is left early they stay.
    A part without rows has no file.

    Parameters
    ----------
    out: folder of the recording; created if missing

    Attributes
    ----------
    quarantine: open file for items left out; it ends up in the recording's folder
    """

    def __init__(self, out: Path) -> None:
        with storage_errors(f"write into {out}"):
            make_folder(out, durable=True)
            self._scratch = Path(tempfile.mkdtemp(prefix=".normalize-", dir=out))
            self.quarantine: IO[bytes] = (self._scratch / QUARANTINE).open("wb")
            self._spills = {
                "posts": self._spill("posts", {**POST_COLUMNS, **PAGE_COLUMNS}),
                "totals": self._spill("totals", TOTALS_COLUMNS),
            }
        self._out = out

    def __enter__(self) -> "RecordingWriter":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def add(self, posts: pl.DataFrame, totals: pl.DataFrame) -> None:
        """Spill a chunk of `pipelines.normalise.readings.PageReadings` to disk."""
        with storage_errors(f"write into {self._out}"):
            for name, frame in (("posts", posts), ("totals", totals)):
                self._spills[name].write_table(frame.to_arrow().cast(self._spills[name].schema))

    def finish(self) -> tuple[int, int, int]:
        """Merge the spilled chunks and put the files in place; return the rows of videos, readings and totals."""
        with storage_errors(f"write into {self._out}"):
            self._close()
            rows = {name: self._merge(name, *part) for name, part in _PARTS.items()}
            for name, count in (*((f"{part}.parquet", rows[part]) for part in _PARTS), (QUARANTINE, 1)):
                if count:
                    sync(self._scratch / name)
                    os.replace(self._scratch / name, self._out / name)
                else:
                    (self._out / name).unlink(missing_ok=True)
            sync(self._out)
        return rows["videos"], rows["video_snapshots"], rows["hashtag_snapshots"]

    def _close(self) -> None:
        for open_file in (*self._spills.values(), self.quarantine):
            open_file.close()

    def _spill(self, name: str, columns: Mapping[str, pl.DataType]) -> pq.ParquetWriter:
        schema = pl.DataFrame(schema=columns).to_arrow().schema
        return pq.ParquetWriter(self._scratch / f"spilled-{name}.parquet", schema, compression="zstd")

    def _merge(self, name: str, spilled: str, columns: str, once: str) -> int:
        source, target = (self._scratch / f"{part}.parquet" for part in (f"spilled-{spilled}", name))
        settings = {"memory_limit": MEMORY, "temp_directory": str(self._scratch), "threads": 1}
        query = f"select {columns} from read_parquet(?) {once}"
        copy = f"copy ({query}) to '{_quoted(target)}' (format parquet, compression zstd)"
        try:
            with duckdb.connect(config=settings) as database:
                database.execute(copy, [str(source)])
        except duckdb.Error as error:
            raise StorageError(f"can't merge {name}: {str(error).splitlines()[0]}") from None
        return int(pq.read_metadata(target).num_rows)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
