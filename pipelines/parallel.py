"""One window's metrics spread over buckets with Ray Data: the same functions, the same table."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pyarrow as pa
import ray.data

from core.metrics_ranks import MomentumRule
from core.metrics_window import finished, window_metrics
from pipelines.metrics import load_state
from storage.lake import Lake

_VIDEOS = ("video_id", "created_at", "creator_id", "sound_id")


def compute_window_parallel(
    open_lake: Callable[[], Lake],
    buckets: Sequence[int],
    end: datetime,
    length: timedelta,
    rule: MomentumRule | None = None,
) -> pl.DataFrame:
    """Return the `hashtag_metrics` rows of the window that ends at `end`, each bucket computed by a task of its own.

    Parameters
    ----------
    open_lake: called in each task to open the lake there; it must pickle (a partial of a class does)
    buckets: the buckets to compute; all of them, for momentum and emerging to compare every hashtag
    end, length: the window
    rule: weights of momentum and thresholds of emerging
    """

    def compute(batch: dict[str, Any]) -> pa.Table:
        lake = open_lake()
        parts = [bucket_metrics(lake, int(bucket), end, length) for bucket in batch["item"]]
        return pl.concat(parts).to_arrow()

    tasks = ray.data.from_items(list(buckets), override_num_blocks=len(buckets))
    tables = tasks.map_batches(compute, batch_size=1).to_arrow_refs()
    rows = [pl.DataFrame(ray.get(ref)) for ref in tables]
    return finished(pl.concat([part for part in rows if part.width]), rule or MomentumRule())


def bucket_metrics(lake: Lake, bucket: int, end: datetime, length: timedelta) -> pl.DataFrame:
    """Return the window's rows of the hashtags of one bucket, without what compares hashtags."""
    start = end - length
    state = load_state(lake, start, length, [bucket])
    readings = lake.read("video_snapshots", start=start, end=end, buckets=[bucket])
    totals = lake.read("hashtag_snapshots", start=start, end=end, buckets=[bucket])
    new = lake.read("videos", start=start, end=end, columns=_VIDEOS)
    return window_metrics(state, end, readings, totals, new)[0]
