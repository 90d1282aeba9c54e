"""The pandera schema that a reading of a post must fit to enter the tables; other rows are quarantined."""

from collections.abc import Mapping
from functools import cache

import pandera.polars as pa
import polars as pl

from core.tables import UTC_TIME

COUNTERS = ("plays", "likes", "comments", "shares", "saves", "followers", "uses")
VIDEO_ID = r"^[0-9]{1,20}$"
LONGEST_S = 86_400.0
LEFT_OUT_COLUMNS: Mapping[str, pl.DataType] = {
    "fetched_at": UTC_TIME,
    "request_id": pl.String(),
    "kind": pl.String(),
    "reason": pl.String(),
    "items": pl.Int64(),
}
_NAMED = {
    "str_matches": "is not a platform id",
    "in_range": "is out of range",
    "greater_than_or_equal_to": "is negative",
}


@cache
def reading_schema() -> pa.DataFrameSchema:
    """Return the schema of `pipelines.normalise.readings.PageReadings.posts`: types, ids, ranges, nullable columns."""
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


def fitting(posts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that fit the schema, and LEFT_OUT_COLUMNS of the others, each with one reason."""
    try:
        reading_schema().validate(posts, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.drop_nulls("index").unique("index", keep="first", maintain_order=True)
        if cases.is_empty():
            raise
        wrong = cases["index"].cast(pl.UInt32).rename("row")
        reasons = pl.Series("reason", [_reason(*case) for case in cases.select("column", "check").iter_rows()])
        misfits = posts.select("fetched_at", "request_id")[wrong].with_columns(
            pl.lit("schema").alias("kind"), reasons, pl.lit(1, pl.Int64()).alias("items")
        )
        fits = posts.with_row_index("row").join(wrong.to_frame(), on="row", how="anti", maintain_order="left")
        return fits.drop("row"), misfits
    return posts, pl.DataFrame(schema=LEFT_OUT_COLUMNS)


def _reason(column: str, check: str) -> str:
    name = check.split("(")[0]
    return f"{column} {_NAMED.get(name, f'fails {name}')}"
