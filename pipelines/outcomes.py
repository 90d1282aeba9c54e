"""What became of hashtags: outcomes of past anchors, from the readings in the lake."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from core.labels import HORIZON, Views, outcomes
from core.tables import OUTCOMES, UTC_TIME
from core.windows import require_utc
from storage.lake import Lake

_PLAYS = ("hashtag", "video_id", "fetched_at", "plays")
_TOTALS = ("hashtag", "fetched_at", "views_total")


def resolve(lake: Lake, anchors: Sequence[datetime], now: datetime) -> pl.DataFrame:
    """Return rows of `outcomes` for every hashtag labelled at each of `anchors`.

    Parameters
    ----------
    lake: holds `video_snapshots` and `hashtag_snapshots`, read from the beginning: V rests on all earlier readings
    anchors: times to look ahead from; one whose 24 h are not over by `now` is a ValueError
    now: the present, written as `resolved_at`
    """
    open_still = [anchor for anchor in anchors if anchor + HORIZON > require_utc(now)]
    if open_still:
        raise ValueError(f"the 24 h after {min(open_still)} are not over at {now}")
    if not anchors:
        return OUTCOMES.empty()
    end = max(anchors) + HORIZON
    totals = lake.read("hashtag_snapshots", end=end, columns=_TOTALS)
    plays = lake.read("video_snapshots", end=end, columns=_PLAYS)
    until = pl.col("fetched_at") <= end
    rows = outcomes(Views.of(totals.filter(until), plays.filter(until)), anchors)
    rows = rows.with_columns(pl.lit(now, UTC_TIME).alias("resolved_at"), pl.col("at").alias("window"))
    return rows.select(*OUTCOMES.schema)
