"""Growth features of hashtags that are measured by plays alone: unknown to models that learn from totals."""

import polars as pl

from core.features.set_v1 import V1
from core.features.sets import Group

CLOCKS = ("from_totals", "hours_since_detected")
GROWTH = tuple(feature.name for feature in V1.features if feature.group is Group.GROWTH and feature.name not in CLOCKS)


def without_plays(frame: pl.DataFrame) -> pl.DataFrame:
    """Return features with the growth of a hashtag null unless the platform's totals measure it.

    Parameters
    ----------
    frame: features; returned as it is without the column `from_totals`
    """
    if "from_totals" not in frame.columns:
        return frame
    measured = pl.col("from_totals") == 1.0
    return frame.with_columns(
        pl.when(measured).then(pl.col(name)).alias(name) for name in GROWTH if name in frame.columns
    )
