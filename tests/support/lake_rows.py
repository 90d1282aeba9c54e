"""Two small tables of every type a lake keeps, and rows for them."""

from datetime import UTC, datetime

import polars as pl

from core.tables import UTC_TIME, Field, Table
from core.windows import HOUR, MICROSECOND
from storage.lake.interface import Lake

START = datetime(2025, 5, 14, tzinfo=UTC)

READINGS = Table(
    "readings",
    "one row per hashtag and window, in buckets",
    ("hashtag", "window"),
    {
        "hashtag": Field(pl.String(), "tag", True),
        "read_at": Field(UTC_TIME, "when"),
        "views": Field(pl.Int64(), "count"),
        "share": Field(pl.Float64(), "ratio"),
    },
    bucketed=True,
)
PAGES = Table(
    "pages",
    "one row per page",
    ("page_id",),
    {
        "page_id": Field(pl.String(), "id", True),
        "tags": Field(pl.List(pl.String()), "tags", True),
        "body": Field(pl.Binary(), "bytes"),
        "good": Field(pl.Boolean(), "flag"),
    },
)
TABLES = {"readings": READINGS, "pages": PAGES}


def hour(number: float) -> datetime:
    """The end of the window that many hours after the start."""
    return START + number * HOUR


def readings(window: datetime, views: dict[str, int | None]) -> pl.DataFrame:
    """One reading for each tag, at one window."""
    rows = [(tag, window - MICROSECOND, count, (count or 0) / 3, window) for tag, count in views.items()]
    return pl.DataFrame(rows, schema=READINGS.schema, orient="row")


def pages(window: datetime, ids: list[str]) -> pl.DataFrame:
    """One page for each id, at one window."""
    rows = [(page, [page, "é"], page.encode() + b"\x00\xff", None, window) for page in ids]
    return pl.DataFrame(rows, schema=PAGES.schema, orient="row")


def put_readings(lake: Lake, number: float, tags: int = 3) -> None:
    """Replace the window that ends `number` hours after the start by readings of a few tags."""
    frame = readings(hour(number), {f"tag{tag}": int(number) for tag in range(tags)})
    lake.replace("readings", frame, hour(number - 1), hour(number))
