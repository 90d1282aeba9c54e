"""What a reading of a post must be like to enter the tables, held by pandera; a row that is not goes to quarantine."""

from functools import cache

import pandera.polars as pa
import polars as pl

from core.tables import UTC_TIME

COUNTERS = ("plays", "likes", "comments", "shares", "saves", "followers", "uses")
VIDEO_ID = r"^[0-9]{1,20}$"
LONGEST_S = 86_400.0
_NAMED = {
    "str_matches": "is not a platform id",
    "in_range": "is out of range",
    "greater_than_or_equal_to": "is negative",
}


@cache
def reading_schema() -> pa.DataFrameSchema:
    """The schema of `pipelines.normalise_readings.Readings.posts`: types, ids, ranges, what may be null."""
    counters = {name: pa.Column(pl.Int64, pa.Check.ge(0), nullable=True) for name in COUNTERS}
    return pa.DataFrameSchema(
        {
            "video_id": pa.Column(pl.String, pa.Check.str_matches(VIDEO_ID)),
            "created_at": pa.Column(UTC_TIME, nullable=True),
            "hashtags": pa.Column(pl.List(pl.String)),
            "duration_s": pa.Column(pl.Float64, pa.Check.in_range(0, LONGEST_S), nullable=True),
            "fetched_at": pa.Column(UTC_TIME),
            "request_id": pa.Column(pl.String),
            **counters,
        }
    )


def fitting(posts: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """Return the rows that fit the schema, and (request id, reason) of each that does not."""
    try:
        reading_schema().validate(posts, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.drop_nulls("index").unique("index", keep="first", maintain_order=True)
        if cases.is_empty():
            raise
        rows = cases["index"].to_list()
        reasons = [_reason(column, check) for column, check in cases.select("column", "check").iter_rows()]
        misfits = list(zip(posts["request_id"].gather(rows).to_list(), reasons, strict=True))
        fits = pl.Series(range(posts.height)).is_in(rows).not_()
        return posts.filter(fits), misfits
    return posts, []


def _reason(column: str, check: str) -> str:
    name = check.split("(")[0]
    return f"{column} {_NAMED.get(name, f'fails {name}')}"
