"""Outcomes of past anchors: how each hashtag grew, from the readings in the lake."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from core.labels.labels import HORIZON, Views, outcomes, with_readings
from core.metrics.state import MetricState, empty_state
from core.tables import OUTCOMES, UTC_TIME
from core.windows import EPOCH, require_utc
from storage.lake.interface import Lake

_PLAYS = ("hashtag", "video_id", "fetched_at", "plays")
_TOTALS = ("hashtag", "fetched_at", "views_total")


def resolve(
    lake: Lake, anchors: Sequence[datetime], now: datetime, state: MetricState | None = None
) -> tuple[pl.DataFrame, MetricState]:
    """Return rows of `outcomes` for every hashtag labelled at each of `anchors`, and the state at the last of them.

    Parameters
    ----------
    lake: holds `video_snapshots` and `hashtag_snapshots`
    anchors: times to look ahead from, at least one; one whose 24 h are not over by `now` is a ValueError
    now: the present, written as `resolved_at`
    state: a state before the first anchor: only later readings are read. Without it, or with one that is too late, all
        there are, since V rests on them
    """
    end = max(anchors)
    if end + HORIZON > require_utc(now):
        raise ValueError(f"the 24 h after {end} are not over at {now}")
    if state is None or state.as_of >= min(anchors):
        state = empty_state(EPOCH, HORIZON)
    totals, plays = (
        lake.read(table, start=state.as_of, end=end + HORIZON, columns=columns).filter(
            pl.col("fetched_at") > state.as_of, pl.col("fetched_at") <= end + HORIZON
        )
        for table, columns in (("hashtag_snapshots", _TOTALS), ("video_snapshots", _PLAYS))
    )
    rows = outcomes(Views.of(totals, plays, state), anchors)
    rows = rows.with_columns(pl.lit(now, UTC_TIME).alias("resolved_at"), pl.col("at").alias("window"))
    past = pl.col("fetched_at") <= end
    return rows.select(*OUTCOMES.schema), with_readings(state, totals.filter(past), plays.filter(past), end)
