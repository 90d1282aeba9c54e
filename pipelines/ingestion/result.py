"""The result of a run of ingestion: the rows of the rebuilt windows and their addresses in the lake."""

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
    frames: table name -> rows of the rebuilt windows
    addresses: table name -> address of the same rows in the lake
    counts: figures for the job's event: requests, failed, posts, new_videos, refused, set_aside, ...
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
    """Replace each table's rows in (start, end] by `frames`, one commit per table; return the new addresses."""
    return {name: lake.replace(name, frame, start, end) for name, frame in frames.items()}
