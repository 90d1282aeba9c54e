"""Total views and videos of a world's hashtags: those of its videos, and those of videos older than the world."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sources.world.counters import plays, rounded
from sources.world.draws import Integers, Numbers, uniform
from sources.world.parameters import WorldParameters
from sources.world.rhythm import WATCHING
from sources.world.tags import WorldTags
from sources.world.videos import Videos

REFRESHED_H = 0.5
LEAST_VIEWS = 500.0
CHUNK = 100_000


@dataclass(frozen=True)
class OldViews:
    """The views that videos older than the world bring each tag.

    Parameters
    ----------
    views: their views when the world's first video is posted (n,)
    rate: share of those views that they gain a day (n,)
    videos: their number (n,)
    """

    views: Numbers
    rate: Numbers
    videos: Integers


def make_old_views(parameters: WorldParameters, tags: WorldTags, videos: Videos, rng: np.random.Generator) -> OldViews:
    """Draw the old views so that the steady posts' views a day are the wanted share of the total."""
    fitted, n = parameters.fitted, len(tags.names)
    members = videos.members
    steady = np.where(videos.stream < n, videos.plays, 0.0)[members.video]
    a_day = np.add.reduceat(steady, members.first[:-1]) / (parameters.days + parameters.back_days)
    a_day[np.diff(members.first) == 0] = 0.0
    share = fitted.new_share * np.exp(fitted.new_share_sd * rng.standard_normal(n))
    views = np.maximum(LEAST_VIEWS, a_day / share)
    count = np.diff(members.first) * 3e-2 / share / (parameters.days + parameters.back_days)
    rate = fitted.old_share * np.exp(fitted.old_share_sd * rng.standard_normal(n))
    return OldViews(np.floor(views), rate, count.astype(np.int64))


def true_views(parameters: WorldParameters, old: OldViews, videos: Videos, tag: int, hours: float) -> float:
    """Return the views of a tag so far; never falling in time."""
    index = videos.members.of_tag(tag)
    index = index[: int(np.searchsorted(index, int(np.searchsorted(videos.created_h, hours))))]
    return float(_old(parameters, old, hours)[tag] + plays(videos, index, hours).sum())


def all_true_views(parameters: WorldParameters, old: OldViews, videos: Videos, hours: float) -> Numbers:
    """Return the views of all tags so far (n,)."""
    so_far = int(np.searchsorted(videos.created_h, hours))
    gained = np.zeros(len(videos.tag))
    for begin in range(0, so_far, CHUNK):
        index = np.arange(begin, min(begin + CHUNK, so_far))
        gained[index] = plays(videos, index, hours)
    first = videos.members.first
    sums = np.add.reduceat(np.append(gained[videos.members.video], 0.0), np.minimum(first[:-1], first[-1]))
    return np.asarray(_old(parameters, old, hours) + np.where(np.diff(first) > 0, sums, 0.0))


def shown_hours(parameters: WorldParameters, tags: Integers | Sequence[int], hours: float) -> Numbers:
    """Return the time whose views a reading of the totals shows.

    They are refreshed every half hour, each tag in its turn; now and then the answer comes from a copy that lags hours
    behind, so that totals can fall from one reading to the next.
    """
    seed, fitted = parameters.seed, parameters.fitted
    index = np.asarray(tags, np.int64)
    phase = uniform(seed, 21, index)
    slot = np.floor(hours / REFRESHED_H + phase)
    number = slot.astype(np.int64)
    stale = uniform(seed, 22, index, number) < fitted.stale_share
    lag = np.where(stale, fitted.stale_h * uniform(seed, 23, index, number), 0.0)
    return np.asarray((slot - phase) * REFRESHED_H - lag)


def shown_views(parameters: WorldParameters, old: OldViews, videos: Videos, tag: int, hours: float) -> int:
    """Return the views of a tag as a reading at `hours` shows them: refreshed now and then, and rounded."""
    seen = float(shown_hours(parameters, [tag], hours)[0])
    return int(rounded(np.asarray([true_views(parameters, old, videos, tag, seen)]))[0])


def _old(parameters: WorldParameters, old: OldViews, hours: float) -> Numbers:
    since_first = float(WATCHING.bend(hours)) / 24.0 + parameters.back_days
    return np.asarray(old.views * (1.0 + old.rate * max(0.0, since_first)))
