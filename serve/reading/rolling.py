"""Keeps the last days of a lake table in memory and reads only new windows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from storage.lake.interface import Lake


class Rolling:
    """The rows of `table` whose window is at most `span` older than the newest.

    Replacing a window gives the same rows again, unless it is one that fills later; so when the table has a new
    version, only windows younger than `unsettled` are read once more.

    Parameters
    ----------
    columns: what is kept; must hold `window`
    span: age of the oldest window kept
    unsettled: age of the oldest window that may still change
    """

    def __init__(
        self, lake: Lake, table: str, columns: Sequence[str], span: timedelta, unsettled: timedelta = timedelta(hours=2)
    ) -> None:
        self._lake = lake
        self._table = table
        self._columns = list(columns)
        self._span = span
        self._unsettled = min(unsettled, span)
        self._version: int | None = None
        self._rows: pl.DataFrame | None = None

    def update(self, now: datetime) -> pl.DataFrame:
        """Return the rows as they are now; `now` decides how far the first read reaches back."""
        version = self._lake.version(self._table)
        if self._rows is None:
            self._rows = self._lake.read(self._table, start=now - self._span, columns=self._columns)
        elif version != self._version:
            self._rows = self._extended(self._rows, now)
        self._version = version
        return self._rows

    def _extended(self, rows: pl.DataFrame, now: datetime) -> pl.DataFrame:
        newest = rows["window"].max()
        settled = (newest if isinstance(newest, datetime) else now - self._span) - self._unsettled
        fresh = self._lake.read(self._table, start=settled, columns=self._columns)
        both = pl.concat([rows.filter(pl.col("window") <= settled), fresh])
        newest = both["window"].max()
        return both.filter(pl.col("window") > newest - self._span) if isinstance(newest, datetime) else both
