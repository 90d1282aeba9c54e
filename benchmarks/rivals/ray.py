"""Every metric of docs/formulas.md, section 3, with Ray Data's `groupby("hashtag").map_groups`.

A rival of `groundswell bench metrics`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import ray
import ray.data

from benchmarks.rivals.arrays import KINDS, PairReadings, of_readings, over_time
from benchmarks.rivals.columns import COUNTERS, DAY_WINDOWS
from benchmarks.rivals.polars_compared import compared
from core.metrics.time_log import Array
from core.windows import HOUR_US, micros

_BLOCKS = 2


def metrics(snapshots: Sequence[str], videos: Sequence[str], ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the columns of `COLUMNS` for every hashtag and hourly window, sorted by hashtag and window_end.

    Ray has to be running. A hashtag's rows are one group; momentum and emerging, which compare hashtags, are added
    where the groups' rows come together.

    Parameters
    ----------
    snapshots, videos: Parquet files of `video_snapshots` and `videos`
    ends: ends of consecutive hourly windows
    """
    start = micros(ends[0]) - HOUR_US
    about = ray.put(_about(videos, start))
    readings = ray.data.read_parquet(
        list(snapshots), columns=["hashtag", "video_id", "fetched_at", *COUNTERS], override_num_blocks=_BLOCKS
    )
    described = partial(_described, about=about, start=start, windows=len(ends))
    groups = readings.map_batches(described, batch_format="pyarrow", batch_size=None).groupby("hashtag", _BLOCKS)
    rows = groups.map_groups(partial(_of_hashtag, windows=len(ends)), batch_format="numpy")
    parts = [pl.DataFrame(table) for table in ray.get(rows.to_arrow_refs())]
    return compared(
        pl.concat(part for part in parts if part.width).with_columns(pl.col(pl.Float64).fill_nan(None)), ends
    )


def _about(videos: Sequence[str], start: int) -> pl.DataFrame:
    """Return when each video was created and by whom, people numbered in the order of their ids, -1 unknown."""
    numbered = {kind: pl.col(name).rank("dense").cast(pl.Int64).fill_null(-1) for kind, name in KINDS.items()}
    return (
        pl.scan_parquet(list(videos))
        .select("video_id", created=pl.col("created_at").dt.timestamp("us") - start, **numbered)
        .collect()
    )


def _described(batch: pa.Table, about: Any, start: int, windows: int) -> pa.Table:
    """Return the readings that matter, numbers only but for the hashtag, with what is known of their videos."""
    rows = pl.DataFrame(batch).lazy().with_columns(t=pl.col("fetched_at").dt.timestamp("us") - start)
    inside = pl.col("t").is_between(-DAY_WINDOWS * HOUR_US, windows * HOUR_US)
    counters = pl.col(COUNTERS).cast(pl.Float64).fill_null(float("nan"))
    return (
        rows.filter(inside)
        .join(ray.get(about).lazy(), on="video_id", how="left")
        .select(
            "hashtag",
            "t",
            counters,
            pl.col(*KINDS).fill_null(-1),
            pl.col("created").cast(pl.Float64).fill_null(float("nan")),
            video=pl.col("video_id").hash(),
        )
        .collect()
        .to_arrow()
    )


def _of_hashtag(group: dict[str, Array], windows: int) -> dict[str, Array]:
    """Return a hashtag's rows, one a window in which a video of it was read."""
    order = np.lexsort((group["t"], group["video"]))
    _, first, pair = np.unique(group["video"][order], return_index=True, return_inverse=True)
    place = order[first]
    pairs = {"tag": np.zeros(len(first), np.int64), "created": group["created"][place]}
    for kind in KINDS:
        named = group[kind][place] >= 0
        pairs[kind] = np.full(len(first), -1)
        pairs[kind][named] = np.unique(group[kind][place][named], return_inverse=True)[1]
    t = group["t"][order]
    columns = {"pair": pair, "t": t, "w": -(-t // HOUR_US) - 1} | {name: group[name][order] for name in COUNTERS}
    with np.errstate(all="ignore"):
        tables = of_readings(PairReadings(1, pairs, columns), windows)
        tables |= over_time(tables)
    there = np.flatnonzero(tables["volume"][0] > 0)
    rows = {name: table[0, there] for name, table in tables.items()}
    return {"hashtag": np.repeat(group["hashtag"][:1], len(there)), "w": there, **rows}
