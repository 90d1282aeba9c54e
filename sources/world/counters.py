"""Counters of a world's videos in time: what really happened, and what a reading shows of it.

The audience of a video follows 1 - (1 + age / life)^-tail with age in bent time, so every counter has a closed form.
"""

import numpy as np

from sources.world.draws import Integers, Numbers, uniform
from sources.world.rhythm import WATCHING
from sources.world.videos import Videos

CACHED_H = 0.5
PACE = (0.8, 0.7, 1.1, 1.0)
"""Time constants of likes, comments, shares and saves relative to that of plays: people like early and share late."""


def plays(videos: Videos, index: Integers, hours: Numbers | float) -> Numbers:
    """Return the plays so far of some videos, before any clean-up, rounding or caching; never falling in time."""
    return np.asarray(videos.plays[index] * _audience(videos, index, hours, 1.0))


def cached_hours(seed: int, index: Integers, hours: Numbers | float) -> Numbers:
    """Return the time that a reading at `hours` shows: each video's counters are refreshed every half hour, in turn."""
    phase = CACHED_H * uniform(seed, 11, index)
    return np.asarray(np.floor((hours + phase) / CACHED_H) * CACHED_H - phase)


def readings(videos: Videos, index: Integers, hours: Numbers | float, seed: int) -> Integers:
    """Return plays, likes, comments, shares and saves as a reading at `hours` shows them (k, 5).

    They are those of the last refresh, lower after a clean-up, and rounded as the platform rounds.
    """
    shown = cached_hours(seed, index, hours)
    cleaned = 1.0 - videos.cleaned_by[index] * (shown >= videos.cleaned_h[index])
    final = videos.plays[index]
    columns = [final * _audience(videos, index, shown, 1.0)]
    columns += [final * videos.rates[index, i] * _audience(videos, index, shown, PACE[i]) for i in range(4)]
    return rounded(np.stack(columns, axis=1) * cleaned[:, None])


def rounded(counts: Numbers) -> Integers:
    """Cut counts as the platform shows them: exact below 10 thousand, then steps of 100, 100 thousand, 100 million.

    Examples
    --------
    >>> rounded(np.array([9_999.9, 12_345, 1_234_567, 1_234_567_890])).tolist()
    [9999, 12300, 1200000, 1200000000]
    """
    step = np.select([counts < 1e4, counts < 1e6, counts < 1e9], [1.0, 1e2, 1e5], 1e8)
    return np.asarray(np.floor(counts / step) * step, np.int64)


def _audience(videos: Videos, index: Integers, hours: Numbers | float, pace: float) -> Numbers:
    """Share of the audience reached: 0 before the video is posted, 1 in the end."""
    age = np.maximum(WATCHING.bend(hours) - videos.created_bent[index], 0.0)
    return np.asarray(-np.expm1(-videos.tail[index] * np.log1p(age / (pace * videos.life_h[index]))))
