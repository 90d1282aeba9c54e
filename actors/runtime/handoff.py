"""Hand-offs: a table passes between agents by reference, together with its address in the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import pyarrow as pa
import ray
from ray.exceptions import GetTimeoutError, ObjectLostError

from storage.lake.address import Address
from storage.lake.interface import Lake

RECEIVE_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Handoff:
    """A table passed between agents.

    Parameters
    ----------
    address: address of the same rows in the lake
    refs: one reference to the rows as an Arrow table, inside a list so that Ray never resolves it in transit
    rows: number of rows
    """

    address: Address
    refs: list["ray.ObjectRef[pa.Table]"]
    rows: int


def hand_off(frame: pl.DataFrame, address: Address) -> Handoff:
    """Put `frame` into the object store and return its hand-off."""
    return Handoff(address, [ray.put(frame.to_arrow())], frame.height)


def receive(handoff: Handoff, lake: Lake) -> pl.DataFrame:
    """Return the rows: from the object store, or from the lake when their owner is gone."""
    try:
        table = ray.get(handoff.refs[0], timeout=RECEIVE_TIMEOUT_S)
    except (ObjectLostError, GetTimeoutError):
        return lake.read_address(handoff.address)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def gather(table: str, start: datetime, end: datetime, handoffs: Sequence[Handoff], lake: Lake) -> pl.DataFrame:
    """Return the rows of `table` with window in (start, end].

    The hand-offs are used when they cover the range without gap or overlap; otherwise the lake is read.
    """
    parts = sorted((part for part in handoffs if part.address.table == table), key=lambda part: part.address.start)
    reached = start
    for part in parts:
        if part.address.start != reached:
            return lake.read(table, start=start, end=end)
        reached = part.address.end
    if reached != end:
        return lake.read(table, start=start, end=end)
    return pl.concat([receive(part, lake) for part in parts])
