"""Reposts: videos that take over caption and sound of an earlier one, by somebody else."""

import numpy as np

from sources.world.chance import Integers
from sources.world.streams import Streams
from sources.world.tags import WorldTags

RECENT = 50
CHAIN = 8


def choose_reposts(
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
    back = np.minimum(before - first, RECENT)
    repeats = (rng.uniform(size=n) < streams.reposts[stream]) & (back > 0)
    picked = before - 1 - (rng.uniform(size=n) * back).astype(np.int64)
    source = np.where(repeats, by_tag[np.where(repeats, picked, 0)], np.arange(n))
    for _ in range(CHAIN):
        source = source[source]
    return source.astype(np.int64), sound[source]
