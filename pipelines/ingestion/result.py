"""What a run of ingestion leaves: the rows of the touched windows and where they stand in the lake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from core.windows import FETCH_WINDOW, window_end
from storage.lake.address import Address
from storage.lake.interface import Lake


@dataclass(frozen=True)
class IngestResult:
    """The outcome of one slot.

    Parameters
    ----------
    frames: table name -> rows of the touched windows
    addresses: table name -> where the same rows stand
    counts: figures for the event: requests, failed, posts, new_videos, refused, set_aside, ...
    units: EnsembleData units charged in this run
    """

    frames: Mapping[str, pl.DataFrame]
    addresses: Mapping[str, Address]
    counts: Mapping[str, int] = field(default_factory=dict)
    units: int = 0


def whole_windows(first: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Return the range (start, end] of the fetch windows that hold `first` to `last`."""
    return window_end(first) - FETCH_WINDOW, window_end(last)


def replace_windows(
    lake: Lake, frames: Mapping[str, pl.DataFrame], start: datetime, end: datetime
) -> dict[str, Address]:
    """Make each table's rows in (start, end] exactly those of `frames`, one commit a table."""
    return {name: lake.replace(name, frame, start, end) for name, frame in frames.items()}
