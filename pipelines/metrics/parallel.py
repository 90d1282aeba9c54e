"""Metrics of a range of windows over the lake's buckets with Ray Data, by the functions that agents use."""

import io
import logging
from collections.abc import Callable
from typing import Any

import polars as pl
import pyarrow as pa
import ray.data

from core.metrics.formulas import MomentumRule
from core.metrics.tally import TallyTables
from core.metrics.window import finished
from pipelines.metrics.part_metrics import merged_rows, part_rows, part_tally
from pipelines.metrics.parts import ROWS_IN_PART, BucketPart, WindowRange, plan_parts, split_buckets
from storage.lake.interface import Lake

IN_PLACE_ROWS = 1_000_000
_TABLES = ("sums", "members", "earlier")


def compute_windows(
    open_lake: Callable[[], Lake],
    span: WindowRange,
    rule: MomentumRule | None = None,
    rows_in_part: int = ROWS_IN_PART,
    in_place_rows: int = IN_PLACE_ROWS,
) -> pl.DataFrame:
    """Return the `hashtag_metrics` rows of all windows of a range, each part computed by a task of its own.

    A task reads only its bucket's files of the snapshots. Ray computes a task again that is lost with its worker or
    node.

    Parameters
    ----------
    open_lake: opens the lake in each task; it has to pickle (a partial of a class does)
    span: the windows
    rule: weights of momentum and thresholds of emerging
    rows_in_part: number of readings above which a bucket is computed in pieces
    in_place_rows: number of readings up to which all parts are computed in this process, faster than tasks would start
    """
    lake = open_lake()
    if sum(lake.bucket_rows("video_snapshots", span.start, span.end).values()) <= in_place_rows:
        whole = [part_rows(lake, BucketPart(bucket), span) for bucket in lake.bucket_ids()]
        return finished(pl.concat(whole), rule or MomentumRule())
    parts = plan_parts(lake, span.start, span.end, rows_in_part)
    items = [{"bucket": part.bucket, "piece": part.piece, "pieces": part.pieces} for part in parts]

    def compute(batch: dict[str, Any]) -> pa.Table:
        part = BucketPart(*(int(batch[name][0]) for name in ("bucket", "piece", "pieces")))
        return _computed(open_lake(), part, span)

    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    tasks = ray.data.from_items(items, override_num_blocks=len(items)).map_batches(compute, batch_size=1)
    results = [row for batch in tasks.iter_batches(batch_size=1, batch_format="pyarrow") for row in batch.to_pylist()]
    rows = [_decoded(result["rows"]) for result in results if result["rows"] is not None]
    for bucket in split_buckets(parts):
        pieces = [_tables(result) for result in results if result["bucket"] == bucket]
        rows.append(merged_rows(open_lake(), bucket, TallyTables.stacked(pieces), span))
    return finished(pl.concat(rows), rule or MomentumRule())


def _computed(lake: Lake, part: BucketPart, span: WindowRange) -> pa.Table:
    """Return one row: the metrics of a whole bucket, or the tally of a piece of one."""
    schema = pa.schema([("bucket", pa.int64()), *((name, pa.large_binary()) for name in ("rows", *_TABLES))])
    row: dict[str, Any] = {"bucket": part.bucket, **dict.fromkeys(("rows", *_TABLES))}
    if part.whole:
        row["rows"] = _encoded(part_rows(lake, part, span))
    else:
        tables = part_tally(lake, part, span)
        row |= {name: _encoded(getattr(tables, name)) for name in _TABLES}
    return pa.Table.from_pylist([row], schema=schema)


def _tables(result: dict[str, Any]) -> TallyTables:
    return TallyTables(*(_decoded(result[name]) for name in _TABLES))


def _encoded(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer)
    return buffer.getvalue()


def _decoded(payload: bytes) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(payload))
