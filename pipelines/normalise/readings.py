"""Turns kept pages into readings: one row per post and page, and one per hashtag's totals and page."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from core.hashtags import clean_hashtag
from core.tables import UTC_TIME
from pipelines.normalise.post import post_row, whole_number
from pipelines.normalise.schema import LEFT_OUT_COLUMNS, fitting

TAGS = pl.List(pl.String())
NAMELESS = "totals of a hashtag without a name"
POST_COLUMNS: Mapping[str, pl.DataType] = {
    "video_id": pl.String(),
    "created_at": UTC_TIME,
    "hashtags": TAGS,
    "creator_id": pl.String(),
    "sound_id": pl.String(),
    "caption": pl.String(),
    "language": pl.String(),
    "region": pl.String(),
    "duration_s": pl.Float64(),
    "is_ad": pl.Boolean(),
    "platform": pl.String(),
    **dict.fromkeys(("plays", "likes", "comments", "shares", "saves", "followers", "uses"), pl.Int64()),
    "title": pl.String(),
}
PAGE_COLUMNS: Mapping[str, pl.DataType] = {
    "fetched_at": UTC_TIME,
    "request_id": pl.String(),
    "endpoint": pl.String(),
}
TOTALS_COLUMNS: Mapping[str, pl.DataType] = {
    "hashtag": pl.String(),
    "views_total": pl.Int64(),
    "videos_total": pl.Int64(),
    "fetched_at": UTC_TIME,
    "request_id": pl.String(),
}
SEEN_COLUMNS: Mapping[str, pl.DataType] = {
    "fetched_at": UTC_TIME,
    "items": pl.Int64(),
    "posts": pl.Int64(),
    "empty": pl.Boolean(),
}
SIGHTING_COLUMNS = ("video_id", "fetched_at", "request_id")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The kept part of an answer, and where it came from.

    Parameters
    ----------
    body: as made by `pipelines.normalise.raw.keep`
    request_id: breaks ties between pages of the same time
    endpoint: endpoint that answered
    name: requested hashtag or keyword; empty if unknown
    fetched: microseconds since the epoch
    """

    body: Mapping[str, Any]
    request_id: str
    endpoint: str
    name: str
    fetched: int


@dataclass(frozen=True)
class PageReadings:
    """All readings of some pages, in the order of the pages.

    Parameters
    ----------
    posts: POST_COLUMNS and PAGE_COLUMNS; every row fits `pipelines.normalise.schema`
    totals: TOTALS_COLUMNS; views and videos of 0 are unknown
    pages: SEEN_COLUMNS: `items` counts posts and other items, `empty` pages have neither items nor totals
    left_out: fetched_at, request_id, kind (shape, schema, totals), reason, items
    sightings: SIGHTING_COLUMNS of every post of every page, including those that `posts` leaves out
    """

    posts: pl.DataFrame
    totals: pl.DataFrame
    pages: pl.DataFrame
    left_out: pl.DataFrame
    sightings: pl.DataFrame

    def map(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> "PageReadings":
        """Return the readings with every frame changed."""
        return PageReadings(*(change(getattr(self, part.name)) for part in fields(self)))

    def of(self, window: datetime) -> "PageReadings":
        """Return the rows of one fetch window. Every frame must have the column `window`."""
        return self.map(lambda part: part.filter(pl.col("window") == window))

    @property
    def set_aside(self) -> Counter[str]:
        """Return reason -> number of items left out."""
        counts: Counter[str] = Counter()
        for reason, items in self.left_out.select("reason", "items").iter_rows():
            counts[reason] += items
        return counts


def read_pages(pages: Iterable[KeptPage]) -> PageReadings:
    """Return every reading of some pages, and what is left out of them."""
    posts: list[dict[str, Any]] = []
    sources: list[tuple[Any, ...]] = []
    totals: list[tuple[Any, ...]] = []
    seen: list[tuple[Any, ...]] = []
    left_out: list[tuple[Any, ...]] = []
    for page in pages:
        rows = [post_row(post) for post in page.body["posts"]]
        posts += rows
        sources += [(page.fetched, page.request_id, page.endpoint)] * len(rows)
        foreign = page.body.get("set_aside", {})
        page_totals = _totals(page) if "totals" in page.body else []
        totals += [row for row in page_totals if row[0]]
        left_out += [(page.fetched, page.request_id, "shape", *item) for item in foreign.items()]
        left_out += [(page.fetched, page.request_id, "totals", NAMELESS, 1) for row in page_totals if not row[0]]
        items = len(rows) + sum(foreign.values())
        seen.append((page.fetched, items, len(rows), not items and not page_totals))
    of_post = [_column(name, [row[name] for row in posts], dtype) for name, dtype in POST_COLUMNS.items()]
    every_post = pl.DataFrame(of_post).hstack(_frame(sources, PAGE_COLUMNS))
    good, misfits = fitting(every_post)
    return PageReadings(
        good,
        _frame(totals, TOTALS_COLUMNS),
        _frame(seen, SEEN_COLUMNS),
        _frame(left_out, LEFT_OUT_COLUMNS).extend(misfits),
        every_post.select(SIGHTING_COLUMNS),
    )


def _totals(page: KeptPage) -> list[tuple[Any, ...]]:
    """Return the totals of a page, if it has any; the name is empty if unknown."""
    totals = page.body["totals"]
    views, videos = (whole_number(totals.get(name)) or None for name in ("view_count", "video_count"))
    if views is None and videos is None:
        return []
    return [(clean_hashtag(page.name or totals.get("name", "")), views, videos, page.fetched, page.request_id)]


def _frame(rows: Sequence[tuple[Any, ...]], columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    values = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in columns]
    return pl.DataFrame([_column(*column) for column in zip(columns, values, columns.values(), strict=True)])


def _column(name: str, values: list[Any], dtype: pl.DataType) -> pl.Series:
    if dtype == UTC_TIME:
        return pl.Series(name, values, dtype=pl.Int64).cast(dtype)
    if dtype == TAGS:
        return _lists(name, values)
    return pl.Series(name, values, dtype=dtype)


def _lists(name: str, values: list[list[str]]) -> pl.Series:
    """Return a column of string lists from one flat array, which is ten times as fast as from a list of lists."""
    offsets = np.concatenate([[0], np.cumsum([len(tags) for tags in values], dtype=np.int64)])
    flat = pa.array([text for tags in values for text in tags], pa.large_string())
    return pl.Series(name, pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), flat))
