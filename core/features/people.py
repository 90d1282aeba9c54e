"""Features of groups B, C and E that need more than one window: people of the last day, engagement against its past."""

import numpy as np

from core.features.growth import recent_at
from core.features.sets import FORWARD_WINDOWS
from core.metrics.formulas import HALF_LIFE_WINDOWS
from core.metrics.state import MetricState
from core.metrics.time_log import Array, Floats
from core.windows import DAY

CARRIED = ("engagement_efficiency", "creator_dispersion", "novelty")


def people_features(state: MetricState, codes: Array) -> dict[str, Floats]:
    """Return features of the last windows and the last day, for the hashtags at `codes`, NaN where unknown (R,)."""
    efficiency = _windows(state, "engagement_efficiency", HALF_LIFE_WINDOWS, codes)
    features = {name: _carried(_windows(state, name, FORWARD_WINDOWS + 1, codes)) for name in CARRIED}
    usual = _mean(efficiency)
    with np.errstate(divide="ignore", invalid="ignore"):
        features["engagement_change"] = np.where(usual > 0, efficiency[0] / usual - 1, np.nan)
    features["novelty_mean_12"] = _mean(_windows(state, "novelty", HALF_LIFE_WINDOWS, codes))
    return features | _day(state, codes)


def _windows(state: MetricState, name: str, count: int, codes: Array) -> Floats:
    """Return a metric of the last `count` windows, newest first (count, R)."""
    return np.array([recent_at(state, name, state.as_of - back * state.length)[codes] for back in range(count)])


def _carried(values: Floats) -> Floats:
    """Return the newest known value of each column."""
    newest: Floats = values[-1]
    for row in values[-2::-1]:
        newest = np.where(np.isnan(row), newest, row)
    return newest


def _mean(values: Floats) -> Floats:
    """Return the mean of the known values of each column, NaN without any."""
    count = (~np.isnan(values)).sum(axis=0)
    return np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)


def _day(state: MetricState, codes: Array) -> dict[str, Floats]:
    """Return distinct videos and creators of the last 24 h, NaN for a hashtag of which no video was read."""
    tags = len(state.tags)
    day = state.seen.between(state.as_of - DAY, state.as_of)
    wanted = np.zeros(tags, bool)
    wanted[codes] = True
    videos = day.part(wanted[day.codes])
    creators, at, count = np.unique(videos["creator_id_key"], return_index=True, return_counts=True)
    named = creators != 0
    of_tags = videos.codes[at[named]]
    largest = np.zeros(tags)
    np.maximum.at(largest, of_tags, count[named])
    seen = np.bincount(videos.codes, minlength=tags).astype(np.float64)
    distinct = np.bincount(of_tags, minlength=tags).astype(np.float64)
    share = np.divide(largest, seen, out=np.full(tags, np.nan), where=distinct > 0)
    return {
        "videos_24h": np.where(seen > 0, seen, np.nan)[codes],
        "creators_24h": np.where(distinct > 0, distinct, np.nan)[codes],
        "top_creator_share_24h": share[codes],
    }
