"""Streams of posts: the steady posting of every tag and each of its waves, and when their posts are made."""

from dataclasses import dataclass, fields

import numpy as np

from sources.world.draws import Integers, Numbers
from sources.world.kinds import COPY_DELAY_H, WAVES, HashtagKind, Waves
from sources.world.parameters import WorldParameters
from sources.world.rhythm import POSTING
from sources.world.tags import WorldTags

STEADY = -1.0
LEAST_SHARE_OF_POSTS = 0.3


@dataclass(frozen=True)
class Streams:
    """One element a stream; the first ones are the tags' steady posting, in the order of the tags.

    Parameters
    ----------
    tag: whose (s,)
    middle_h: for a wave the hour when adoption is fastest, else NaN (s,)
    rise_h, fall_h: time constants before and after it, hours; STEADY for steady posting (s,)
    days_worth, least: expected posts = days_worth x the tag's posts a day + least (s,)
    boost, lag_h, engagement, share_joined, reposts: as in `sources.world.kinds.Waves`, drawn (s,)
    one_creator: all its posts come from one account (s,)
    """

    tag: Integers
    middle_h: Numbers
    rise_h: Numbers
    fall_h: Numbers
    days_worth: Numbers
    least: Numbers
    boost: Numbers
    lag_h: Numbers
    engagement: Numbers
    share_joined: Numbers
    reposts: Numbers
    one_creator: Integers

    def onset_h(self) -> Numbers:
        """Hour when a twentieth of a wave's public has joined: the time of the surge; NaN for steady posting."""
        return np.asarray(self.middle_h - self.rise_h * np.log(19.0))


def make_streams(parameters: WorldParameters, tags: WorldTags, rng: np.random.Generator) -> Streams:
    """Draw the waves of every tag and put them after the steady streams."""
    n = len(tags.names)
    span = float(parameters.days + parameters.back_days)
    steady = np.zeros((n, 12))
    steady[:, 0] = np.arange(n)
    steady[:, 1:5] = (np.nan, STEADY, STEADY, span)
    steady[:, 6:] = (1.0, 0.0, 1.0, 1.0, parameters.fitted.repost_share, 0.0)
    middles: dict[int, list[float]] = {}
    rows = []
    for tag in np.argsort(tags.origin >= 0, kind="stable").tolist():
        waves = WAVES.get(tags.kind(tag))
        if waves is None:
            continue
        copied = middles.get(int(tags.origin[tag])) if tags.kind(tag) is HashtagKind.COPY_CAT else None
        middles[tag] = _middles(parameters, waves, copied, rng)
        rows += [_wave(tag, middle, waves, rng) for middle in middles[tag]]
    table = np.concatenate([steady, np.asarray(rows, np.float64).reshape(-1, 12)])
    whole = table[:, [0, 11]].astype(np.int64)
    names = [field.name for field in fields(Streams)][1:11]
    drawn = {name: table[:, i + 1].copy() for i, name in enumerate(names)}
    return Streams(tag=whole[:, 0], one_creator=whole[:, 1], **drawn)


def _middles(
    parameters: WorldParameters, waves: Waves, copied: list[float] | None, rng: np.random.Generator
) -> list[float]:
    """Hours when the waves of a tag are at their fastest: spread over the whole span, or after those it copies."""
    first, last = -24.0 * parameters.back_days, 24.0 * parameters.days
    if copied is not None:
        return [hour + float(rng.uniform(*COPY_DELAY_H)) for hour in copied]
    if waves is WAVES[HashtagKind.SEASONAL]:
        begin = first + float(rng.uniform(0, 168))
        return [float(hour) for hour in np.arange(begin, last, 168.0)]
    count = max(1, int(rng.poisson(waves.a_day * (last - first) / 24.0)))
    return [float(hour) for hour in first + (np.arange(count) + rng.uniform(size=count)) * (last - first) / count]


def _wave(tag: int, middle: float, waves: Waves, rng: np.random.Generator) -> list[float]:
    rise = float(rng.uniform(*waves.rise_h))
    worth, boost = np.exp(rng.standard_normal(2) * (waves.days_worth_sd, waves.boost_sd))
    return [
        tag, middle, rise, rise * waves.fall,
        waves.days_worth * float(worth), waves.least_posts,
        max(1.0, waves.boost * float(boost)), float(rng.uniform(*waves.lag_h)),
        waves.engagement, waves.share_joined, waves.reposts, float(waves.one_creator),
    ]  # fmt: skip


def posts_of(parameters: WorldParameters, tags: WorldTags, streams: Streams, rng: np.random.Generator) -> Integers:
    """Return the number of posts of each stream; per day of the whole span they come to `videos / days`."""
    total = parameters.videos * (parameters.days + parameters.back_days) // parameters.days
    least = streams.least * min(1.0, LEAST_SHARE_OF_POSTS * total / max(1.0, float(streams.least.sum())))
    wanted = tags.use[streams.tag] * streams.days_worth
    expected = wanted * (total - least.sum()) / wanted.sum() + least
    return rng.multinomial(total, expected / expected.sum()).astype(np.int64)


def posting_hours(parameters: WorldParameters, streams: Streams, stream: Integers, rng: np.random.Generator) -> Numbers:
    """Return the hour of each post, given the stream it belongs to (v,).

    Steady posts are uniform in the bent time of the day's rhythm; a wave's follow its logistic curve, cut at the span.
    """
    first, last = -24.0 * parameters.back_days, 24.0 * parameters.days
    u = rng.uniform(size=len(stream))
    middle = streams.middle_h[stream]
    steady = np.isnan(middle)
    rise, fall = streams.rise_h[stream], streams.fall_h[stream]
    with np.errstate(invalid="ignore"):
        low, high = (_joined((edge - middle) / np.where(edge < middle, rise, fall)) for edge in (first, last))
    share = low + u * np.maximum(np.minimum(high, streams.share_joined[stream]) - low, 1e-9)
    logit = np.log(np.clip(share, 1e-9, None) / np.clip(1 - share, 1e-9, None))
    wave = middle + logit * np.where(logit < 0, rise, fall)
    bent = np.where(steady, first + u * (last - first), wave)
    return np.clip(POSTING.unbend(bent), first, last - 1e-3)


def _joined(x: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def boost_of(streams: Streams, stream: Integers, hours: Numbers) -> Numbers:
    """Return the factor on the plays of posts made at `hours`: 1 at first, the wave's whole boost after its lag."""
    rise = np.where(streams.rise_h[stream] > 0, streams.rise_h[stream], 1.0)
    late = _joined((hours - streams.middle_h[stream] - streams.lag_h[stream]) / rise + 1.0)
    return np.asarray(np.where(np.isnan(late), 1.0, np.exp(np.log(streams.boost[stream]) * np.nan_to_num(late))))
