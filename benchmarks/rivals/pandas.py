"""Every metric of docs/formulas.md, section 3, with pandas and NumPy in one process.

A rival of `groundswell bench metrics`.

Hashtags, videos and people become small numbers, so that what is summed over them are dense arrays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from benchmarks.rivals.arrays import KINDS, PairReadings, of_readings, over_time
from benchmarks.rivals.columns import COLUMNS, COUNTERS, COUNTS, DAY_WINDOWS, MOMENTUM, ROUNDING, TIED_DECIMALS
from core.metrics.time_log import Array, Floats, Ints
from core.tables import UTC_TIME
from core.windows import HOUR_US, micros


def metrics(snapshots: Sequence[str], videos: Sequence[str], ends: Sequence[datetime]) -> pl.DataFrame:
    """Return the columns of `COLUMNS` for every hashtag and hourly window, sorted by hashtag and window_end.

    Parameters
    ----------
    snapshots, videos: Parquet files of `video_snapshots` and `videos`
    ends: ends of consecutive hourly windows
    """
    tags, readings = _readings(snapshots, videos, ends)
    with np.errstate(divide="ignore", invalid="ignore"):
        tables = of_readings(readings, len(ends))
        tables |= over_time(tables)
        tables |= _compared(tables)
    return _result(tables, tags, ends)


def _readings(
    snapshots: Sequence[str], videos: Sequence[str], ends: Sequence[datetime]
) -> tuple[pd.Index, PairReadings]:
    """Read both tables; strings become numbers in Arrow, readings are put in order of (pair, time)."""
    start = micros(ends[0]) - HOUR_US
    table = ds.dataset(list(snapshots), format="parquet").to_table(["hashtag", "video_id", "fetched_at", *COUNTERS])
    tags, tag = _codes(table["hashtag"])
    names, video = _codes(table["video_id"])
    t = table["fetched_at"].cast("int64").to_numpy() - start
    counters = {name: _floats(table[name]) for name in COUNTERS}
    del table
    inside = (t >= -DAY_WINDOWS * HOUR_US) & (t <= len(ends) * HOUR_US)
    pair, pairs = pd.factorize(tag.astype(np.int64) * len(names) + video)
    order = np.argsort((pair << np.int64(t.max() - t.min()).item().bit_length()) + (t - t.min()))
    if not inside.all():
        order = order[inside[order]]
    t = t[order]
    columns = {"pair": pair[order], "t": t, "w": -(-t // HOUR_US) - 1}
    columns |= {name: values[order] for name, values in counters.items()}
    return tags, PairReadings(len(tags), _pairs(pairs, names, videos, start), columns)


def _codes(column: pa.ChunkedArray) -> tuple[pd.Index, Ints]:
    """Return the distinct strings, sorted, and the place of each among them."""
    encoded = column.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pandas().to_numpy(dtype=object)
    order = np.argsort(names)
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return pd.Index(names[order]), place[encoded.indices.to_numpy()]


def _floats(column: pa.ChunkedArray) -> Floats:
    values: Floats = pc.cast(column, "float64").to_numpy()
    return values


def _pairs(pairs: Ints, names: pd.Index, videos: Sequence[str], start: int) -> dict[str, Array]:
    """Return tag, creation, creator and sound of each pair; people are numbered by hashtag and id, -1 is unknown."""
    about = pd.read_parquet(list(videos), columns=["video_id", "created_at", *KINDS.values()], partitioning=None)
    about = about.set_index("video_id").reindex(names)
    tag, video = np.divmod(pairs, len(names))
    created = (about["created_at"].dt.tz_localize(None).astype("datetime64[us]") - pd.Timestamp(0)).dt.total_seconds()
    created = created * 1e6 - start
    rows = {"tag": tag, "created": created.to_numpy()[video]}
    for kind, column in KINDS.items():
        codes, ids = pd.factorize(about[column], sort=True)
        named = codes[video] >= 0
        member = np.full(len(pairs), -1)
        member[named] = np.unique(tag[named] * len(ids) + codes[video][named], return_inverse=True)[1]
        rows[kind] = member
    return rows


def _compared(tables: Mapping[str, Floats]) -> dict[str, Array]:
    """Return what compares the hashtags of a window with each other (T, W)."""
    there = tables["volume"] > 0
    ranks = [weight * _rank(tables[name]) for name, weight in MOMENTUM.items()]
    momentum = ranks[0] + ranks[1] + ranks[2] + ranks[3]
    top = pd.DataFrame(np.where(there, momentum, np.nan)).quantile(0.95).to_numpy()
    emerging = (momentum >= top - ROUNDING) & (tables["novelty"] >= 0.6) & (tables["volume"] >= 3)
    return {"momentum": momentum, "emerging": emerging}


def _rank(table: Floats) -> Floats:
    values = pd.DataFrame(table.round(TIED_DECIMALS))
    ranks: Floats = ((values.rank() - 0.5) / values.count()).fillna(0.5).to_numpy()
    return ranks


def _result(tables: Mapping[str, Array], tags: pd.Index, ends: Sequence[datetime]) -> pl.DataFrame:
    there = np.flatnonzero(tables["volume"].ravel() > 0)
    tag, window = np.divmod(there, len(ends))
    columns = {name: table.ravel()[there] for name, table in tables.items()}
    columns["window_end"] = window * HOUR_US + micros(ends[0])
    rows = pl.DataFrame(columns).with_columns(
        hashtag=pl.Series(tags.to_list(), dtype=pl.String).gather(pl.Series(tag, dtype=pl.UInt32)),
    )
    return rows.with_columns(pl.col(pl.Float64).fill_nan(None)).select(
        pl.col(name).cast(_DTYPES.get(name, rows.schema[name])) for name in COLUMNS
    )


_DTYPES: dict[str, pl.DataType] = {"window_end": UTC_TIME, **dict.fromkeys(COUNTS, pl.Int64())}
