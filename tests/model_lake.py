"""A lake in memory that holds made-up features and outcomes."""

from datetime import timedelta

import polars as pl

from core.tables import Field, Table, tables
from storage.memory import MemoryLake
from tests.model_rows import FEATURES, START

FEATURE_SET = "t1"
FEATURE_TABLE = Table(
    "features",
    "made-up features",
    ("hashtag", "at", "feature_set"),
    {
        "hashtag": Field(pl.String(), "", True),
        "at": Field(pl.Datetime("us", "UTC"), "", True),
        "feature_set": Field(pl.String(), "", True),
        **{name: Field(pl.Float64(), "") for name in FEATURES},
        "velocity_later": Field(pl.Float64(), "looks ahead"),
    },
)


def empty_lake() -> MemoryLake:
    return MemoryLake(tables(FEATURE_TABLE))


def lake_of(rows: pl.DataFrame) -> MemoryLake:
    """A lake with the features and outcomes of `tests.model_rows.labelled` rows."""
    lake = empty_lake()
    end = rows["at"].max()
    assert end is not None
    window = START - timedelta(days=1), end
    lake.replace("features", feature_rows(rows), *window)  # type: ignore[arg-type]
    outcomes = rows.select(
        "hashtag", "at", "growth_24h", "viral", "surged_at",
        resolved_at=pl.col("at") + timedelta(hours=24), window=pl.col("at"),
    )  # fmt: skip
    lake.replace("outcomes", outcomes, *window)  # type: ignore[arg-type]
    return lake


def feature_rows(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        feature_set=pl.lit(FEATURE_SET), velocity_later=pl.col("growth_24h"), window=pl.col("at")
    ).select(FEATURE_TABLE.schema.keys())
