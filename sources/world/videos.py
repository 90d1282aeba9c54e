"""The videos of a world: who made each, when, with which sound and tags, and how far its counters will go."""

from dataclasses import dataclass

import numpy as np

from sources.world.creators import choose_creators, choose_sounds, followers_of
from sources.world.draws import Integers, Numbers
from sources.world.parameters import Fitted, WorldParameters
from sources.world.rhythm import WATCHING
from sources.world.streams import Streams, boost_of, posting_hours, posts_of
from sources.world.tag_membership import TagMembership, add_tags
from sources.world.tags import WorldTags

NEVER = np.inf
DELETED_SHARE, DELETED_AFTER_H = 0.03, 120.0
CLEANED_AFTER_H, CLEANED_BY, CLEANED_BY_SD = 200.0, 0.03, 1.8
PHOTO_SHARE, AD_SHARE = 0.05, 0.02
LOW_ENGAGEMENT = 0.5
WAVE_TAIL = 0.3
REPOSTABLE = 50
LONGEST_CHAIN = 8


@dataclass(frozen=True)
class Videos:
    """One element a video, in order of creation; hours are the world's.

    Parameters
    ----------
    created_h: when it was posted; whole seconds (v,)
    created_bent: the same in bent time of watching (v,)
    tag: the tag it is primarily posted to (v,)
    stream: the stream it belongs to (v,)
    creator, sound: who posted it; sounds from `parameters.sounds` on are creators' own (v,)
    plays: plays it will have in the end (v,)
    life_h, tail: time constant and exponent of its audience (v,)
    rates: likes, comments, shares and saves per play in the end (v, 4)
    cleaned_h, cleaned_by: when its counters are cleaned up, NEVER for most, and by which share (v,)
    deleted_h: when it is taken down, NEVER for most (v,)
    caption_key: equal keys, equal captions: those of reposts are their source's (v,)
    photo, ad: whether it is a photo post, an advertisement (v,)
    duration_s: its length (v,)
    members: which tags it carries
    """

    created_h: Numbers
    created_bent: Numbers
    tag: Integers
    stream: Integers
    creator: Integers
    sound: Integers
    plays: Numbers
    life_h: Numbers
    tail: Numbers
    rates: Numbers
    cleaned_h: Numbers
    cleaned_by: Numbers
    deleted_h: Numbers
    caption_key: Integers
    photo: Integers
    ad: Integers
    duration_s: Integers
    members: TagMembership


def make_videos(parameters: WorldParameters, tags: WorldTags, streams: Streams, rng: np.random.Generator) -> Videos:
    """Draw the videos of a world."""
    fitted = parameters.fitted
    stream = np.repeat(np.arange(len(streams.tag)), posts_of(parameters, tags, streams, rng))
    hours = np.floor(posting_hours(parameters, streams, stream, rng) * 3600.0) / 3600.0
    order = np.argsort(hours, kind="stable")
    stream, hours = stream[order], hours[order]
    tag = streams.tag[stream]
    n = len(stream)
    creator = choose_creators(parameters, tags, streams, stream, rng)
    sound = choose_sounds(parameters, tags, stream, creator, rng)
    caption_key, sound = _reposted(tags, streams, stream, sound, rng)
    boost = boost_of(streams, stream, hours)
    cleaned = (rng.uniform(size=n) < fitted.falling_share) | (streams.engagement[stream] < LOW_ENGAGEMENT)
    deleted = rng.uniform(size=n) < DELETED_SHARE
    return Videos(
        created_h=hours,
        created_bent=WATCHING.bend(hours),
        tag=tag,
        stream=stream,
        creator=creator,
        sound=sound,
        plays=_final_plays(parameters, tags, tag, creator, boost, rng),
        life_h=_log_normal(fitted.life_h, fitted.life_sd, n, rng),
        tail=rng.uniform(*fitted.tail, n) + WAVE_TAIL * (stream >= len(tags.names)),
        rates=_rates(fitted, streams.engagement[stream], rng),
        cleaned_h=np.where(cleaned, hours + rng.exponential(CLEANED_AFTER_H, n), NEVER),
        cleaned_by=np.minimum(0.8, _log_normal(CLEANED_BY, CLEANED_BY_SD, n, rng)),
        deleted_h=np.where(deleted, hours + 1.0 + rng.exponential(DELETED_AFTER_H, n), NEVER),
        caption_key=caption_key,
        photo=(rng.uniform(size=n) < PHOTO_SHARE).astype(np.int64),
        ad=(rng.uniform(size=n) < AD_SHARE).astype(np.int64),
        duration_s=np.clip(_log_normal(fitted.duration_s, fitted.duration_sd, n, rng), 3, 600).astype(np.int64),
        members=add_tags(tags, tag, rng),
    )


def _reposted(
    tags: WorldTags, streams: Streams, stream: Integers, sound: Integers, rng: np.random.Generator
) -> tuple[Integers, Integers]:
    """Return caption keys and sounds after reposting; videos are numbered in order of creation.

    A repost repeats one of the last videos of its tag, a copy-cat's mostly one of the tag that it copies. The key of a
    video that is nobody's repost is its own number.
    """
    n = len(stream)
    tag = streams.tag[stream]
    source_tag = np.where((tags.origin[tag] >= 0) & (stream >= len(tags.names)), tags.origin[tag], tag)
    by_tag = np.argsort(tag, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(tag, minlength=len(tags.names)))])[source_tag]
    before = np.empty(n, np.int64)
    before[by_tag] = np.arange(n)
    copies = np.flatnonzero(source_tag != tag)
    before[copies] = np.searchsorted(tag[by_tag] * n + by_tag, source_tag[copies] * n + copies)
    back = np.minimum(before - first, REPOSTABLE)
    repeats = (rng.uniform(size=n) < streams.reposts[stream]) & (back > 0)
    picked = before - 1 - (rng.uniform(size=n) * back).astype(np.int64)
    source = np.where(repeats, by_tag[np.where(repeats, picked, 0)], np.arange(n))
    for _ in range(LONGEST_CHAIN):
        source = source[source]
    return source.astype(np.int64), sound[source]


def _final_plays(
    parameters: WorldParameters,
    tags: WorldTags,
    tag: Integers,
    creator: Integers,
    boost: Numbers,
    rng: np.random.Generator,
) -> Numbers:
    """Plays: log-normal around slope x log(followers / their median) + the tag's level, times the wave's boost."""
    fitted = parameters.fitted
    median = fitted.followers_median * fitted.plays_per_follower
    relative = np.log(followers_of(parameters, creator) / fitted.followers_median)
    log_plays = np.log(median) + fitted.plays_on_followers * relative + fitted.level_sd * tags.level[tag]
    drawn = np.exp(log_plays + fitted.plays_sd * rng.standard_normal(len(tag))) * boost
    return np.asarray(fitted.plays_most * -np.expm1(-drawn / fitted.plays_most))


def _rates(fitted: Fitted, engagement: Numbers, rng: np.random.Generator) -> Numbers:
    """Final counts per play, (v, 4); a common part makes what is liked also shared."""
    n = len(engagement)
    common = rng.standard_normal(n)
    columns = []
    for median, sd in (fitted.likes, fitted.comments, fitted.shares, fitted.saves):
        own = 0.6 * common + 0.8 * rng.standard_normal(n)
        columns.append(np.minimum(0.25, median * np.exp(sd * own) * engagement))
    return np.stack(columns, axis=1)


def _log_normal(median: float, sd: float, n: int, rng: np.random.Generator) -> Numbers:
    return np.asarray(median * np.exp(sd * rng.standard_normal(n)))
