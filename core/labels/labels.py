"""Labels: growth over the 24 h after an anchor, the threshold, which are viral and when they surged.

Formulas: docs/formulas.md, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.labels.growth import Growth, first_reached, growth_between
from core.labels.label_scale import SHARE
from core.metrics.observed import VideoReadings
from core.metrics.readings import with_keys, with_plays, with_tags, with_totals
from core.metrics.state import NEVER, MetricState, empty_state
from core.metrics.time_log import Array, Floats, TimeLog
from core.tables import OUTCOMES, UTC_TIME
from core.windows import EPOCH, micros, require_utc

HORIZON = timedelta(hours=24)
VIRAL_SHARE = 0.05
LABEL = ("hashtag", "at", "growth_24h", "viral", "surged_at", "surged_totals_at", "v_source")


@dataclass(frozen=True)
class Views:
    """Everything known of the views of hashtags, arranged for growth from many moments at or after `as_of`.

    Parameters
    ----------
    as_of: the earliest moment
    plays: sum of the last known plays of each hashtag's videos at `as_of`, NaN without any (T,)
    names: hashtag of each code (T,)
    totals: readings of totals, `views` being the running maximum
    gains: readings of plays: `gain` over the video's last known plays, and `since` when they were first known
    """

    as_of: datetime
    plays: Floats
    names: pl.Series
    totals: TimeLog
    gains: TimeLog

    @classmethod
    def of(cls, totals: pl.DataFrame, plays: pl.DataFrame, state: MetricState | None = None) -> "Views":
        """Return the views known from readings, on top of those that a state already knows.

        Parameters
        ----------
        totals: hashtag, fetched_at, views_total
        plays: hashtag, video_id, fetched_at, plays
        state: what earlier readings amount to; None when `totals` and `plays` are all there ever were
        """
        before = with_tags(state or empty_state(EPOCH, HORIZON), totals, plays)
        state = with_readings(before, totals, plays, before.as_of)
        summed = np.where(before.tags["plays_since"] == NEVER, np.nan, before.tags["plays"].astype(np.float64))
        return cls(before.as_of, summed, before.tags.names, state.totals, state.gains)


def with_readings(state: MetricState, totals: pl.DataFrame, plays: pl.DataFrame, end: datetime) -> MetricState:
    """Return the state as of `end`, which includes readings of totals and plays made after the given state."""
    state = with_tags(state, totals, plays)
    state = with_totals(state, totals, end)
    played = with_plays(state, VideoReadings.of(with_keys(plays, state.tags)), end)
    return replace(played, as_of=end)


def outcomes(views: Views, anchors: Sequence[datetime]) -> pl.DataFrame:
    """Return the columns `LABEL` of every hashtag labelled at `anchors`, sorted by hashtag and anchor.

    A hashtag whose V is unknown at an anchor, or 24 h after it, has no row.

    Parameters
    ----------
    views: readings up to 24 h after the last anchor
    anchors: moments in UTC; raises ValueError for any other
    """
    frames = []
    plays, past = views.plays, views.as_of
    for at in sorted({require_utc(anchor) for anchor in anchors}):
        news = views.gains.between(past, at)
        plays, past = plays.copy(), at
        plays[news.codes] = np.nan_to_num(plays[news.codes])
        plays += news.total(news["gain"], len(plays))
        frames.append(_at(views, plays, at))
    none = pl.DataFrame(schema={name: OUTCOMES.schema[name] for name in LABEL})
    return pl.concat([none, *frames]).sort("hashtag", "at")


def threshold(growth: Floats, share: float = VIRAL_SHARE) -> float:
    """Return theta, the k-th largest of the labelled growths with k = max(1, floor(share x n + 0.5)).

    Examples
    --------
    >>> threshold(np.arange(30.0))
    28.0
    """
    largest = max(1, int(np.floor(share * len(growth) + 0.5)))
    return float(np.partition(growth, -largest)[-largest])


def _at(views: Views, plays: Floats, at: datetime) -> pl.DataFrame:
    change = growth_between(views.totals, views.gains, plays, at, at + HORIZON)
    labelled = np.flatnonzero(~np.isnan(change.growth))
    growth = change.growth[labelled]
    theta = threshold(growth) if len(growth) else np.inf
    totals = change.from_totals[labelled]
    surged, surged_totals = _surged(views, change, theta, at), np.zeros_like(change.from_totals, np.int64)
    if totals.any() and not totals.all():
        surged_totals = np.where(change.from_totals, _surged(views, change, threshold(growth[totals], SHARE), at), 0)
    return pl.DataFrame(
        {
            "hashtag": views.names.gather(pl.Series(labelled, dtype=pl.UInt32)),
            "at": pl.Series(np.full(len(labelled), micros(at))).cast(UTC_TIME),
            "growth_24h": growth,
            "viral": (growth > 0) & (growth >= theta),
            "surged_at": _moments(surged[labelled]),
            "surged_totals_at": _moments(surged_totals[labelled]),
            "v_source": np.where(totals, "totals", "plays"),
        },
        schema_overrides={"v_source": pl.String},
    )


def _surged(views: Views, growth: Growth, theta: float, at: datetime) -> Array:
    return first_reached(views.totals, views.gains, growth, theta, at, at + HORIZON)


def _moments(times: Array) -> pl.Series:
    return pl.Series(times, dtype=pl.Int64).replace(0, None).cast(UTC_TIME)
