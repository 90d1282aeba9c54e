"""The hashtags of a world: name, kind, theme, how much they are used and at what level of plays."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sources.world.draws import Integers, Numbers
from sources.world.kinds import SHARES, HashtagKind
from sources.world.names import tag_names
from sources.world.parameters import Fitted, WorldParameters

KINDS = tuple(SHARES)
LEVEL_FOLLOWS_USE = 0.5
CREATORS_FOLLOW_LEVEL = 0.6


@dataclass(frozen=True)
class WorldTags:
    """One element a hashtag, in order of how much it is used.

    Parameters
    ----------
    names: the hashtags
    themes: index into `sources.world.words.THEMES`, -1 for generic ones (n,)
    kinds: index into KINDS (n,)
    use: posts of its own a day, relative (n,)
    level: standard score of its level of plays and followings (n,)
    activity: log of the views a day to be expected of its own posts, relative (n,)
    origin: for copy-cats the tag that is copied, else -1 (n,)
    """

    names: tuple[str, ...]
    themes: Integers
    kinds: Integers
    use: Numbers
    level: Numbers
    activity: Numbers
    origin: Integers

    def kind(self, tag: int) -> HashtagKind:
        """Return the kind of a tag."""
        return KINDS[int(self.kinds[tag])]


def make_tags(parameters: WorldParameters, rng: np.random.Generator) -> WorldTags:
    """Draw the hashtags of a world."""
    n, fitted = parameters.hashtags, parameters.fitted
    named = tag_names(n, rng)
    themes = np.asarray(named.themes, np.int64)
    order = _generic_first(themes, rng)
    themes = themes[order]
    rank = np.arange(n)
    use = np.asarray((rank + 3.0) ** -fitted.tag_use_exponent, np.float64)
    scores = np.asarray([NormalDist().inv_cdf(1 - (r + 0.5) / n) for r in rank.tolist()])
    level = LEVEL_FOLLOWS_USE * scores + np.sqrt(1 - LEVEL_FOLLOWS_USE**2) * rng.standard_normal(n)
    kinds = rng.choice(len(KINDS), n, p=np.asarray(list(SHARES.values())))
    kinds[themes < 0] = KINDS.index(HashtagKind.EVERGREEN)
    return WorldTags(
        names=tuple(named.names[i] for i in order.tolist()),
        themes=themes,
        kinds=kinds.astype(np.int64),
        use=use,
        level=level,
        activity=np.log(use) + level_effect(fitted) * level,
        origin=_origins(themes, kinds, rng),
    )


def level_effect(fitted: Fitted) -> float:
    """By how much log plays grow with a tag's level: its own spread, and that of the followings it draws."""
    return fitted.level_sd + fitted.plays_on_followers * fitted.followers_sd * CREATORS_FOLLOW_LEVEL


def _generic_first(themes: Integers, rng: np.random.Generator) -> Integers:
    """Generic tags and the themes' keywords are the most used, in that order; the others come in any order."""
    first = int((themes < 0).sum()) + int(themes.max()) + 1
    return np.concatenate([np.arange(first), first + rng.permutation(len(themes) - first)])


def _origins(themes: Integers, kinds: Integers, rng: np.random.Generator) -> Integers:
    """For each copy-cat a surging tag of its theme; any surging tag when its theme has none."""
    origin = np.full(len(themes), -1, np.int64)
    surging = np.flatnonzero(kinds == KINDS.index(HashtagKind.ORGANIC_SURGE))
    for tag in np.flatnonzero(kinds == KINDS.index(HashtagKind.COPY_CAT)).tolist():
        near = surging[themes[surging] == themes[tag]]
        pool = near if len(near) else surging
        origin[tag] = pool[int(rng.integers(len(pool)))] if len(pool) else -1
    return origin
