"""Retention: deletes rows of the lake that are older than their table's limit."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from core.tables import RAW
from core.windows import EPOCH
from storage.lake.interface import Lake


@dataclass(frozen=True)
class Retention:
    """Days that rows are kept; None keeps them for ever.

    Parameters
    ----------
    raw_days: raw pages
    days: everything else in the lake
    """

    raw_days: int | None = 30
    days: int | None = 365


def apply_retention(lake: Lake, retention: Retention, now: datetime) -> dict[str, int]:
    """Delete whole UTC days of rows past their limit; return the rows deleted by table.

    The rows are gone at once; their files go with the next `lake.vacuum`.
    """
    deleted = {}
    for row in lake.statistics():
        days = retention.raw_days if row.table == RAW.name else retention.days
        if days is None or row.first is None:
            continue
        horizon = datetime.combine((now - timedelta(days=days)).date(), time(), UTC)
        if row.first <= horizon:
            deleted[row.table] = lake.count(row.table, end=horizon)
            no_rows = lake.read(row.table, version=-1)
            lake.replace(row.table, no_rows, EPOCH, horizon)
    return deleted
