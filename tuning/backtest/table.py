"""What a backtest of totals learns from and predicts on: features and outcomes over a recording."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from core.errors import UsageError
from core.features.totals import totals_features
from core.labels.labels import HORIZON, Views, outcomes
from core.labels.rises import Readings
from core.tables import VIDEO_SNAPSHOTS
from sources.recordings.recording import Recording


def totals_table(recording: Recording, moments: Sequence[datetime]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return features of every hashtag read by each of `moments`, and the outcomes of those resolved.

    A recording without totals is a UsageError. Features are made a quarter at a time, so that memory does not grow with
    the length of the recording; they compare hashtags of one moment only, so that nothing changes by it.
    """
    if recording.hashtag_snapshots is None:
        raise UsageError("the recording has no hashtag_snapshots.parquet")
    totals = recording.hashtag_snapshots.drop_nulls("views_total")
    names = totals["hashtag"].unique().sort()
    coded = totals.with_columns(code=pl.col("hashtag").replace_strict(names, pl.Series(range(len(names)))))
    readings = Readings.of(
        coded["code"].to_numpy(), coded["fetched_at"].to_physical().to_numpy(), coded["views_total"].to_numpy()
    )
    first = coded.group_by("code").agg(known_from=pl.col("fetched_at").min())
    times = pl.DataFrame({"at": moments}, schema={"at": totals.schema["fetched_at"]})
    keys = times.join_where(first, pl.col("known_from") <= pl.col("at")).select("code", "at")
    resolved = [at for at in moments if at + HORIZON <= recording.last]
    views = Views.of(totals, VIDEO_SNAPSHOTS.empty())
    quarters = keys.sort("at").with_columns(quarter=pl.col("at").dt.truncate("3mo")).partition_by("quarter")
    parts = [totals_features(readings, names, part.select("code", "at")) for part in quarters]
    return pl.concat(parts, how="diagonal"), outcomes(views, resolved)
