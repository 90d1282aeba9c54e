"""How a table goes from one agent to the next: by reference, with its address in the lake beside it."""

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
    """A table on its way.

    Parameters
    ----------
    address: where the same rows lie in the lake
    refs: one reference to the rows as an Arrow table, inside a list so that Ray never resolves it on the way
    rows: number of rows
    """

    address: Address
    refs: list["ray.ObjectRef[pa.Table]"]
    rows: int


def hand_off(frame: pl.DataFrame, address: Address) -> Handoff:
    """Put `frame` into the object store and return what travels."""
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
    mine = sorted((one for one in handoffs if one.address.table == table), key=lambda one: one.address.start)
    reached = start
    for one in mine:
        if one.address.start != reached:
            return lake.read(table, start=start, end=end)
        reached = one.address.end
    if reached != end:
        return lake.read(table, start=start, end=end)
    return pl.concat([receive(one, lake) for one in mine])
