"""What a backtest learns from and predicts on: features and outcomes over a recording."""

from datetime import datetime

import polars as pl

from core.errors import UsageError
from core.feature_totals import totals_features
from core.labels import HORIZON, Views, outcomes
from core.rises import Readings
from core.tables import VIDEO_SNAPSHOTS
from sources.recording import Recording
from tuning.backtest_plan import BacktestPlan


def backtest_table(
    recording: Recording, plan: BacktestPlan, anchors: list[datetime]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return features of every known hashtag at every anchor to learn from or predict at, and what became of them."""
    totals = recording.hashtag_snapshots
    if totals is None:
        raise UsageError("backtest needs hashtag_snapshots.parquet in the recording; replay works from videos alone")
    totals = totals.drop_nulls("views_total")
    learnt = plan.training_anchors(recording.first, anchors[-1])
    names = totals["hashtag"].unique().sort()
    coded = totals.with_columns(code=pl.col("hashtag").replace_strict(names, pl.Series(range(len(names)))))
    readings = Readings.of(
        coded["code"].to_numpy(), coded["fetched_at"].to_physical().to_numpy(), coded["views_total"].to_numpy()
    )
    first = coded.group_by("code").agg(known_from=pl.col("fetched_at").min())
    keys = pl.DataFrame({"at": sorted({*learnt, *anchors})}, schema={"at": totals.schema["fetched_at"]}).join_where(
        first, pl.col("known_from") <= pl.col("at")
    )
    plays = VIDEO_SNAPSHOTS.empty()
    resolved = [at for at in sorted({*learnt, *anchors}) if at + HORIZON <= recording.last]
    return totals_features(readings, names, keys.select("code", "at")), outcomes(Views.of(totals, plays), resolved)
