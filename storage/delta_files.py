"""The data files of a Delta table: which there are, writing them by partition, reading them back.

A file holds rows of one partition: `day` (a date, or a month such as 2025-05 once that month is closed) and for
bucketed tables `bucket`. Which files a range of windows touches is told by the first and last window in their
statistics.
"""

import io
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from deltalake.transaction import AddAction, RemoveAction

from core.tables import UTC_TIME, Table
from storage.frames import bucket_column
from storage.place import Place

ROWS_IN_GROUP = 65_536
FILES_SCHEMA = pl.Schema(
    {
        "path": pl.String(),
        "size": pl.Int64(),
        "rows": pl.Int64(),
        "first": UTC_TIME,
        "last": UTC_TIME,
        "day": pl.String(),
        "bucket": pl.Int32(),
    }
)


def partitions(table: Table) -> list[str]:
    """Return the partition columns of a table."""
    return ["day", "bucket"] if table.bucketed else ["day"]


def touching(files: pl.DataFrame, start: datetime | None, end: datetime | None) -> pl.DataFrame:
    """Return the files that may hold a window in (start, end]."""
    after = pl.lit(True) if start is None else pl.col("last") > start
    return files.filter(after if end is None else after & (pl.col("first") <= end))


def read_files(
    table: Table,
    place: Place,
    files: pl.DataFrame,
    condition: pl.Expr | None = None,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Return the rows of some files that meet a condition, in no particular order; absent columns are null."""
    wanted = list(table.schema) if columns is None else list(columns)
    if files.is_empty():
        return table.empty().select(wanted)
    rows = pl.scan_parquet(
        place.sources(files["path"]),
        schema=table.schema,
        hive_partitioning=False,
        missing_columns="insert",
        glob=False,
    )
    return (rows if condition is None else rows.filter(condition)).select(wanted).collect()


def write_files(table: Table, place: Place, rows: pl.DataFrame, buckets: int, month: bool = False) -> pl.DataFrame:
    """Write rows as one file for each partition and return those files; with `month` a partition is a whole month.

    Files and their folders are on the disk when this returns, where the place is durable.
    """
    labels = [rows["window"].dt.strftime("%Y-%m" if month else "%Y-%m-%d").alias("day")]
    if table.bucketed:
        labels.append(bucket_column(rows["hashtag"], buckets))
    parts = (
        rows.with_columns(labels)
        .sort("window", *table.key)
        .partition_by(partitions(table), as_dict=True, include_key=False)
    )
    written: list[dict[str, Any]] = []
    try:
        for labels_of_part, part in sorted(parts.items()):
            written.append(_write_file(place, part, *labels_of_part))
    except BaseException:
        place.delete(file["path"] for file in written)
        raise
    place.settle(file["path"] for file in written)
    return pl.DataFrame(written, schema=FILES_SCHEMA)


def _write_file(place: Place, rows: pl.DataFrame, day: str, bucket: int | None = None) -> dict[str, Any]:
    folder = f"day={day}" if bucket is None else f"day={day}/bucket={bucket}"
    path = f"{folder}/{uuid.uuid4().hex}.parquet"
    size = _write_parquet(place, path, rows)
    first, last = rows["window"][0], rows["window"][-1]
    return {"path": path, "size": size, "rows": rows.height, "first": first, "last": last, "day": day, "bucket": bucket}


def _write_parquet(place: Place, path: str, rows: pl.DataFrame) -> int:
    """Write one Parquet file and return its size in bytes."""
    content = io.BytesIO()
    rows.write_parquet(content, row_group_size=ROWS_IN_GROUP)
    place.put(path, content.getbuffer())
    return content.getbuffer().nbytes


def add_action(file: Mapping[str, Any], data_change: bool) -> AddAction:
    """Return the log action that adds a file to its table."""
    first, last = (_timestamp(file[bound]) for bound in ("first", "last"))
    statistics = {
        "numRecords": file["rows"],
        "minValues": {"window": first},
        "maxValues": {"window": last},
        "nullCount": {"window": 0},
    }
    return AddAction(file["path"], file["size"], _labels(file), _milliseconds(), data_change, json.dumps(statistics))


def remove_action(file: Mapping[str, Any], data_change: bool) -> RemoveAction:
    """Return the log action that takes a file out of its table."""
    return RemoveAction(file["path"], data_change, _milliseconds(), file["size"], _labels(file))


def _labels(file: Mapping[str, Any]) -> dict[str, str | None]:
    labels: dict[str, str | None] = {"day": file["day"]}
    return labels if file["bucket"] is None else labels | {"bucket": str(file["bucket"])}


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
