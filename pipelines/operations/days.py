"""The UTC days of a table: what is changed in the past is changed a day at a time, each in one commit."""

from datetime import UTC, datetime, time

import polars as pl

from core.windows import DAY, MICROSECOND
from storage.lake.interface import Lake


def days_of(windows: pl.Series) -> list[tuple[datetime, datetime]]:
    """Return the UTC days of some windows, in order, as ranges (start, end] that end at midnight."""
    dates = {(window - MICROSECOND).date() for window in windows.unique()}
    starts = [datetime.combine(day, time(), UTC) for day in sorted(dates)]
    return [(start, start + DAY) for start in starts]


def days_in(lake: Lake, table: str) -> list[tuple[datetime, datetime]]:
    """Return the UTC days in which a table holds rows."""
    return days_of(lake.read(table, columns=["window"], ordered=False)["window"])
