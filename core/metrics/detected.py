"""When a hashtag was first detected: the end of the first window with three videos, or with V known.

Formulas: docs/formulas.md, section 3.
"""

from datetime import timedelta

import polars as pl

from core.metrics.views import FRESH
from core.windows import micros

LEAST_VOLUME = 3


def first_detected(readings: pl.DataFrame, totals: pl.DataFrame, length: timedelta) -> pl.DataFrame:
    """Return hashtag and `first_detected_at` (microseconds) of the hashtags detected by the last of some readings.

    Parameters
    ----------
    readings: hashtag, video_id and fetched_at of every reading of a video so far
    totals: hashtag, fetched_at and views_total of every reading of a total so far
    length: of the windows
    """
    step, fetched = micros(length), pl.col("fetched_at").to_physical()
    end = (-(-fetched // step) * step).alias("first_detected_at")
    crowds = (
        readings.lazy()
        .group_by("hashtag", end)
        .agg(pl.col("video_id").n_unique())
        .filter(pl.col("video_id") >= LEAST_VOLUME)
    )
    known = totals.lazy().drop_nulls("views_total").filter(end - fetched < micros(FRESH))
    return (
        pl.concat([crowds.select("hashtag", "first_detected_at"), known.select("hashtag", end)])
        .group_by("hashtag")
        .agg(pl.col("first_detected_at").min())
        .collect()
    )
