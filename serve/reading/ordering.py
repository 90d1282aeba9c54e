"""The orders in which rows are answered and shown, and the newest of them."""

from datetime import datetime

import polars as pl

from core.quality import Level

LEVEL_RANK = {Level.CRITICAL.value: 0, Level.WARNING.value: 1, Level.OK.value: 2}


def best_first(predictions: pl.DataFrame) -> pl.DataFrame:
    """Return ranked rows by rank, then the others by probability."""
    return predictions.sort(["rank", "probability", "hashtag"], descending=[False, True, False], nulls_last=True)


def newest_first(quality: pl.DataFrame) -> pl.DataFrame:
    """Return findings with the newest windows first, and the worst first within a window."""
    rank = pl.col("level").replace_strict(LEVEL_RANK, default=3, return_dtype=pl.Int64)
    order = (pl.col("window"), rank, pl.col("check"), pl.col("entity"))
    return quality.sort(*order, descending=[True, False, False, False])


def one_length(metrics: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the shortest window length in the frame."""
    return metrics.filter(pl.col("window_length") == pl.col("window_length").min())


def newest_of(frame: pl.DataFrame, column: str) -> datetime | None:
    """Return the latest time in a column; None in an empty frame."""
    value = frame[column].max() if frame.height else None
    return value if isinstance(value, datetime) else None
