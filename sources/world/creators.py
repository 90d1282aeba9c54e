"""Draws who posts each video, and with which sound."""

import numpy as np

from sources.world.draws import Integers, Numbers
from sources.world.parameters import WorldParameters
from sources.world.streams import Streams
from sources.world.tags import CREATORS_FOLLOW_LEVEL, WorldTags

ACTIVITY_STEPS, ACTIVITY_SHARES = (1, 4, 16), (0.40, 0.35, 0.25)
WAVE_SOUND_SHARE, CATALOGUE_SHARE = 0.45, 0.45
SOUND_USE_EXPONENT = 1.1


def scores_of(creators: int) -> Numbers:
    """Standard scores of the following of each creator, in rising order (c,): even steps of the normal quantile.

    The quantile is Tukey's lambda: (p^0.14 - (1 - p)^0.14) / 0.1975, good to 0.01 within three deviations.
    """
    p = (np.arange(creators) + 0.5) / creators
    return np.asarray((p**0.14 - (1 - p) ** 0.14) / 0.1975)


def followers_of(parameters: WorldParameters, creator: Integers) -> Numbers:
    """Followings, log-normal over the creators, who are numbered in rising order of theirs."""
    p = (creator + 0.5) / parameters.creators
    score = (p**0.14 - (1 - p) ** 0.14) / 0.1975
    fitted = parameters.fitted
    return np.asarray(np.floor(fitted.followers_median * np.exp(fitted.followers_sd * score)) + 1.0)


def choose_creators(
    parameters: WorldParameters, tags: WorldTags, streams: Streams, stream: Integers, rng: np.random.Generator
) -> Integers:
    """Draw who posts each video: larger accounts on tags of a higher level, and some accounts much more often."""
    n, count = len(stream), parameters.creators
    level = tags.level[streams.tag[stream]]
    own = np.sqrt(1 - CREATORS_FOLLOW_LEVEL**2) * rng.standard_normal(n)
    chosen = np.searchsorted(scores_of(count), CREATORS_FOLLOW_LEVEL * level + own)
    chosen = np.minimum(chosen, count - 1)
    step = rng.choice(np.asarray(ACTIVITY_STEPS), n, p=np.asarray(ACTIVITY_SHARES))
    chosen -= chosen % step
    booster = rng.integers(0, count, len(streams.tag))
    return np.where(streams.one_creator[stream] > 0, booster[stream], chosen).astype(np.int64)


def choose_sounds(
    parameters: WorldParameters, tags: WorldTags, stream: Integers, creator: Integers, rng: np.random.Generator
) -> Integers:
    """Draw each video's sound: its wave's, one of the catalogue's (few are used much), or the creator's own."""
    n, sounds = len(stream), parameters.sounds
    catalogue = np.minimum(sounds - 1, (rng.pareto(SOUND_USE_EXPONENT, n) * 20).astype(np.int64))
    of_stream = rng.integers(0, sounds, int(stream.max()) + 1)
    u = rng.uniform(size=n)
    is_wave = stream >= len(tags.names)
    with_catalogue = np.where(rng.uniform(size=n) < CATALOGUE_SHARE, catalogue, sounds + creator)
    return np.where(is_wave & (u < WAVE_SOUND_SHARE), of_stream[stream], with_catalogue).astype(np.int64)
