"""Checks of the frames that a lake writes, the conditions it reads by, and how rows are spread over buckets."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import polars as pl
import xxhash
from polars.exceptions import PolarsError

from core.tables import Table, utc_literal
from core.windows import require_utc

Value = str | int | float | bool | datetime
Where = Mapping[str, Value | Collection[Value]]
"""Column -> the value, or the values, that a row may have there. A row must fit every column; null fits no value."""


def bucket_of(hashtag: str, buckets: int) -> int:
    """Return the bucket of a hashtag: xxh64 of its UTF-8 bytes modulo `buckets`.

    Examples
    --------
    >>> bucket_of("football", 4) in range(4)
    True
    """
    return xxhash.xxh64_intdigest(hashtag.encode()) % buckets


def bucket_column(hashtags: pl.Series, buckets: int) -> pl.Series:
    """Return the bucket of each hashtag as Int32; each distinct hashtag is hashed once."""
    distinct = hashtags.unique()
    numbers = pl.DataFrame(
        {"hashtag": distinct, "bucket": [bucket_of(tag, buckets) for tag in distinct]},
        schema={"hashtag": pl.String(), "bucket": pl.Int32()},
    )
    return hashtags.to_frame("hashtag").join(numbers, on="hashtag", how="left", maintain_order="left")["bucket"]


def require_range(start: datetime, end: datetime) -> None:
    """Raise ValueError unless start < end, both in UTC."""
    if require_utc(end) <= require_utc(start):
        raise ValueError(f"the range ({start}, {end}] holds no window")


def chosen_columns(table: Table, columns: Sequence[str] | None) -> list[str]:
    """Return the columns asked for, all of them when none are named; one the table lacks is a ValueError."""
    unknown = [name for name in columns or () if name not in table.schema]
    if unknown:
        raise ValueError(f"{table.name} has no column {unknown[0]!r}")
    return list(table.schema) if columns is None else list(columns)


def in_range(start: datetime | None, end: datetime | None) -> pl.Expr:
    """Return the condition start < window <= end; a missing bound does not bind."""
    after = pl.lit(True) if start is None else pl.col("window") > utc_literal(require_utc(start))
    return after if end is None else after & (pl.col("window") <= utc_literal(require_utc(end)))


def matches(table: Table, where: Where | None) -> pl.Expr:
    """Return the condition that a row fits `where`; a column that the table lacks is a ValueError."""
    wanted = dict(where or {})
    chosen_columns(table, list(wanted))
    return pl.all_horizontal(pl.lit(True), *(_fits(name, table.schema[name], value) for name, value in wanted.items()))


def buckets_of(table: Table, where: Where | None, buckets: int) -> frozenset[int] | None:
    """Return the only buckets that may hold rows that fit `where`, None where it names no hashtag."""
    if not table.bucketed or where is None or "hashtag" not in where:
        return None
    return frozenset(bucket_of(str(tag), buckets) for tag in _values(where["hashtag"]))


def _fits(name: str, dtype: pl.DataType, wanted: Value | Collection[Value]) -> pl.Expr:
    """Return a condition that Parquet's statistics can answer for a whole group of rows; null where the cell is."""
    values = _values(wanted)
    if len(values) != 1:
        return pl.col(name).is_in(pl.Series(list(values), dtype=dtype).implode())
    (value,) = values
    return pl.col(name) == (utc_literal(require_utc(value)) if isinstance(value, datetime) else pl.lit(value, dtype))


def _values(wanted: Value | Collection[Value]) -> Collection[Value]:
    return (wanted,) if isinstance(wanted, Value) else wanted


def checked(table: Table, frame: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
    """Return `frame` in the column order and types of `table`, fit to be written to the range (start, end].

    A ValueError names the column that is missing, unknown, of a type that does not cast without loss, null though
    mandatory, outside the range, or (the key) not unique.
    """
    require_range(start, end)
    fitted = _cast(table, frame)
    for name in [*(name for name, field in table.fields.items() if field.mandatory), *table.key, "window"]:
        if fitted[name].null_count():
            raise ValueError(f"{table.name}.{name} is mandatory and null in {fitted[name].null_count()} rows")
    if fitted.is_empty():
        return fitted
    first, last = fitted.select(first=pl.col("window").min(), last=pl.col("window").max()).row(0)
    if first <= start or last > end:
        raise ValueError(f"{table.name}.window {first if first <= start else last} is outside ({start}, {end}]")
    keys = fitted.select(table.key)
    twice = keys.is_duplicated()
    if twice.any():
        raise ValueError(f"{table.name}: the key ({', '.join(table.key)}) is not unique: {keys.filter(twice).row(0)}")
    return fitted


def _cast(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    schema, given = table.schema, frame.columns
    missing = [name for name in schema if name not in given]
    unknown = [name for name in given if name not in schema]
    if missing:
        raise ValueError(f"{table.name}.{missing[0]} is missing from the frame")
    if unknown:
        raise ValueError(f"{table.name}.{unknown[0]} is not a column of the table")
    return pl.DataFrame([_cast_column(table.name, frame[name], dtype) for name, dtype in schema.items()])


def _cast_column(table: str, column: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Cast one column, exactly: what casts back to something else is a ValueError."""
    if column.dtype == dtype:
        return column
    problem = ValueError(f"{table}.{column.name} is {column.dtype} and does not cast to {dtype} without loss")
    if column.dtype != pl.Null and (_is_text(dtype) != _is_text(column.dtype) or _zoned(dtype) != _zoned(column.dtype)):
        raise problem
    try:
        fitted = column.cast(dtype)
        back = fitted.cast(column.dtype)
    except PolarsError:
        raise problem from None
    if not back.equals(column, null_equal=True):
        raise problem
    return fitted


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.String)


def _zoned(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
