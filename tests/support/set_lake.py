"""The made-up rows of `tests.support.model_rows` as rows of the feature set in use, most features unknown."""

from datetime import timedelta
from pathlib import Path

import polars as pl

from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import OUTCOMES, tables
from storage.lake.delta import DeltaLake
from tests.support.model_rows import START

LEARNT = ("growth_24h_past", "velocity", "shares_rate")
TABLE = features_table(FEATURE_SET)


def set_rows(rows: pl.DataFrame) -> pl.DataFrame:
    constants = {"feature_set": pl.lit(FEATURE_SET.name), "window": pl.col("at")}
    learnt = ("hashtag", "at", *LEARNT)
    return rows.select(
        constants[name].alias(name)
        if name in constants
        else pl.col(name)
        if name in learnt
        else pl.lit(None, dtype).alias(name)
        for name, dtype in TABLE.schema.items()
    )


def set_lake(folder: Path, rows: pl.DataFrame, *, outcomes: bool = False) -> DeltaLake:
    """A lake on disk with the features of `rows`, and their outcomes on request."""
    lake = DeltaLake(folder, tables(TABLE), buckets=2, durable=False)
    period = START - timedelta(days=1), START + timedelta(days=60)
    lake.replace(TABLE.name, set_rows(rows), *period)
    if outcomes:
        resolved = rows.with_columns(
            v_source=pl.lit("totals"),
            surged_totals_at=None,
            resolved_at=pl.col("at") + timedelta(hours=24),
            window=pl.col("at"),
        )
        lake.replace(OUTCOMES.name, resolved.select(OUTCOMES.schema.keys()), *period)
    return lake
