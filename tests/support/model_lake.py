"""A lake in memory that holds made-up features and outcomes."""

from datetime import timedelta

import polars as pl

from core.features.sets import Feature, FeatureSet, Group, features_table
from core.tables import tables
from storage.memory.lake import MemoryLake
from tests.support.model_rows import FEATURES, START

FEATURE_SET = FeatureSet(
    "t1",
    "made up for tests",
    (
        *(Feature(name, Group.GROWTH, "ratio", "made up") for name in FEATURES),
        Feature("velocity_later", Group.GROWTH, "ratio", "looks ahead", leaky=True),
    ),
)
FEATURE_TABLE = features_table(FEATURE_SET)


def empty_lake() -> MemoryLake:
    return MemoryLake(tables(FEATURE_TABLE))


def lake_of(rows: pl.DataFrame) -> MemoryLake:
    """A lake with the features and outcomes of `tests.support.model_rows.labelled` rows."""
    lake = empty_lake()
    end = rows["at"].max()
    assert end is not None
    window = START - timedelta(days=1), end
    lake.replace("features", feature_rows(rows), *window)  # type: ignore[arg-type]
    outcomes = rows.select(
        "hashtag", "at", "growth_24h", "viral", "surged_at",
        v_source=pl.lit("totals"), surged_totals_at=None,
        resolved_at=pl.col("at") + timedelta(hours=24), window=pl.col("at"),
    )  # fmt: skip
    lake.replace("outcomes", outcomes, *window)  # type: ignore[arg-type]
    return lake


def feature_rows(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        feature_set=pl.lit(FEATURE_SET.name),
        velocity_later=pl.col("growth_24h"),
        window=pl.col("at"),
    ).select(FEATURE_TABLE.schema.keys())
