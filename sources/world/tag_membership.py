"""Which videos carry which tags: the primary one, larger ones of the same theme, copied ones and generic ones."""

from dataclasses import dataclass

import numpy as np

from sources.world.draws import Integers
from sources.world.tags import WorldTags

SIBLINGS_SHARES = (0.35, 0.30, 0.22, 0.13)
NEARNESS = 1.6
ORIGIN_SHARE = 0.6
GENERIC_USE = 0.42
GENERIC_EXPONENT = 0.8


@dataclass(frozen=True)
class TagMembership:
    """Pairs of a tag and a video that carries it, in both orders.

    Parameters
    ----------
    video: videos by tag, within a tag in order of creation (m,)
    first: where each tag's videos begin in `video`, and the end (n + 1,)
    tag: tags by video, the primary one first (m,)
    first_tag: where each video's tags begin in `tag`, and the end (v + 1,)
    """

    video: Integers
    first: Integers
    tag: Integers
    first_tag: Integers

    def of_tag(self, tag: int) -> Integers:
        """Return the videos that carry a tag, in order of creation."""
        return self.video[self.first[tag] : self.first[tag + 1]]

    def of_video(self, video: int) -> Integers:
        """Return the tags of a video, the primary one first."""
        return self.tag[self.first_tag[video] : self.first_tag[video + 1]]


def add_tags(tags: WorldTags, primary: Integers, rng: np.random.Generator) -> TagMembership:
    """Draw the tags that videos carry beside their primary one (v,)."""
    n, videos = len(tags.names), len(primary)
    extra = [
        *_siblings(tags, primary, rng),
        np.where(rng.uniform(size=videos) < ORIGIN_SHARE, tags.origin[primary], -1),
        *_generic(tags, videos, rng),
    ]
    video = np.concatenate([np.arange(videos)] * (len(extra) + 1))
    tag = np.concatenate([primary, *extra])
    added = np.repeat(np.arange(len(extra) + 1) > 0, videos)
    kept = (tag >= 0) & ~(added & (tag == primary[video]))
    pairs = np.sort((2 * video[kept] + added[kept]) * n + tag[kept])
    pairs = pairs[np.concatenate([[True], np.diff(pairs) > 0])]
    video, tag = pairs // n // 2, pairs % n
    by_tag = np.argsort(tag.astype(np.int32), kind="stable")
    return TagMembership(
        video=video[by_tag].astype(np.int32),
        first=_begins(tag, n),
        tag=tag.astype(np.int32),
        first_tag=_begins(video, videos),
    )


def _begins(values: Integers, count: int) -> Integers:
    """Where each of 0 .. count - 1 begins once `values` are in order, and the end."""
    return np.concatenate([[0], np.cumsum(np.bincount(values, minlength=count))])


def _siblings(tags: WorldTags, primary: Integers, rng: np.random.Generator) -> list[Integers]:
    """Up to three tags of the same theme that are expected to gain more views than the primary one, mostly near it."""
    n = len(tags.names)
    by_theme = np.lexsort((-tags.activity, tags.themes))
    place = np.empty(n, np.int64)
    place[by_theme] = np.arange(n)
    start = np.searchsorted(tags.themes[by_theme], tags.themes)
    above = (place - start)[primary]
    wanted = rng.choice(len(SIBLINGS_SHARES), len(primary), p=np.asarray(SIBLINGS_SHARES))
    drawn = []
    for i in range(len(SIBLINGS_SHARES) - 1):
        steps = (rng.uniform(size=len(primary)) ** NEARNESS * above).astype(np.int64) + 1
        valid = (wanted > i) & (steps <= above) & (tags.themes[primary] >= 0)
        drawn.append(np.where(valid, by_theme[np.where(valid, place[primary] - steps, 0)], -1))
    return drawn


def _generic(tags: WorldTags, videos: int, rng: np.random.Generator) -> list[Integers]:
    """Generic tags, each taken or not, the first ones oftener."""
    generic = np.flatnonzero(tags.themes < 0)
    use = GENERIC_USE * (np.arange(len(generic)) + 1.0) ** -GENERIC_EXPONENT
    return [np.where(rng.uniform(size=videos) < share, tag, -1) for tag, share in zip(generic, use, strict=True)]
