"""Pages of lists: the parameters every list takes, and the envelope or CSV it answers with."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import polars as pl
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from serve.api import rows
from serve.api.schemas import Listing
from serve.api.table_text import csv_text
from serve.reading.snapshot import Snapshot

R = TypeVar("R", bound=BaseModel)
MOST = 5000
"""How many stored rows a list holds, at most."""
TagText = Annotated[
    str, Field(max_length=500, description="with or without #; case, width and invisible characters do not matter")
]


class PageQuery(BaseModel):
    """Which page, and in what form."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=500, description="how many items")
    offset: int = Field(0, ge=0, description="how many to skip")
    format: Literal["json", "csv"] | None = Field(
        None, description="csv answers with a table, as Accept: text/csv does"
    )

    @property
    def wanted(self) -> slice:
        """The positions of the page's items in the whole list."""
        return slice(self.offset, self.offset + self.limit)


def wants_csv(request: Request, query: PageQuery) -> bool:
    """Whether the answer should be CSV: the parameter decides, else the Accept header."""
    if query.format is not None:
        return query.format == "csv"
    accept = request.headers.get("accept", "")
    return "text/csv" in accept and "json" not in accept


def next_address(request: Request, query: PageQuery, total: int) -> str | None:
    """Path and parameters of the next page, None on the last."""
    following = query.offset + query.limit
    if following >= total:
        return None
    url = request.url.include_query_params(limit=query.limit, offset=following)
    return f"{url.path}?{url.query}"


def answer(
    request: Request, query: PageQuery, kind: type[R], page: Sequence[R], total: int, snapshot: Snapshot
) -> Listing[R] | Response:
    """Return one page of a list as JSON or CSV.

    Parameters
    ----------
    page: the items of the page
    total: number of items of the whole list
    """
    freshness = snapshot.freshness
    following = next_address(request, query, total)
    if not wants_csv(request, query):
        return Listing[kind](  # type: ignore[valid-type]
            items=list(page),
            total=total,
            limit=query.limit,
            offset=query.offset,
            next=following,
            snapshot_id=snapshot.snapshot_id,
            data_freshness=freshness,
        )
    name = request.url.path.rstrip("/").rpartition("/")[2]
    headers = {
        "Content-Disposition": f'attachment; filename="groundswell-{name}.csv"',
        "X-Total-Count": str(total),
        "X-Snapshot-Id": snapshot.snapshot_id,
        "X-Data-Age-Seconds": "" if freshness.age_s is None else f"{freshness.age_s:.0f}",
        "X-Data-Level": freshness.level,
    }
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    return Response(csv_text(kind, page), media_type="text/csv; charset=utf-8", headers=headers)


def frame_page(
    request: Request, query: PageQuery, kind: type[R], frame: pl.DataFrame, snapshot: Snapshot
) -> Listing[R] | Response:
    """One page of a table."""
    page = rows.of_frame(kind, frame.slice(query.offset, query.limit))
    return answer(request, query, kind, page, frame.height, snapshot)


def row_page(
    request: Request, query: PageQuery, kind: type[R], stored: Sequence[R], snapshot: Snapshot
) -> Listing[R] | Response:
    """One page of stored rows; `kind` is their class, or the base with the fields to answer with."""
    return answer(request, query, kind, stored[query.wanted], len(stored), snapshot)
