"""Names drawn from the vocabulary: hashtags, accounts, sounds, captions."""

import unicodedata
from dataclasses import dataclass

import numpy as np

from core.hashtags import clean_hashtag
from sources.world.words import (
    AFTER,
    BEFORE,
    EMOJI,
    FAMILY,
    GENERIC,
    GIVEN,
    MOODS,
    PHRASES,
    SOUND_NOUNS,
    SOUND_WORDS,
    THEMES,
)

KEYWORDS = tuple(THEMES)


@dataclass(frozen=True)
class TagNames:
    """Names of all tags of a world, generic ones first, and the theme of each (-1 for generic ones)."""

    names: tuple[str, ...]
    themes: tuple[int, ...]


def tag_names(count: int, rng: np.random.Generator) -> TagNames:
    """Return `count` different names, each written as a hashtag is, spread evenly over the themes.

    A theme's first name is its keyword; the others combine a word of the theme with what may stand before and after it.
    When every combination is used, numbers are added.
    """
    generic = [clean_hashtag(name) for name in GENERIC]
    names, themes = list(generic), [-1] * len(generic)
    wanted = -(-(count - len(generic)) // len(THEMES))
    stocks = [_combinations(theme, words, wanted, rng) for theme, words in THEMES.items()]
    for i in range(count - len(generic)):
        theme, turn = i % len(stocks), i // len(stocks)
        stock = stocks[theme]
        names.append(stock[turn] if turn < len(stock) else f"{stock[turn % len(stock)]}{turn // len(stock) + 1}")
        themes.append(theme)
    return TagNames(tuple(names), tuple(themes))


def _combinations(theme: str, words: tuple[str, ...], wanted: int, rng: np.random.Generator) -> list[str]:
    """Return up to `wanted` different names of a theme, its keyword first."""
    cores = (theme, theme, *words)
    shape = (len(BEFORE), len(cores), len(AFTER))
    names = {clean_hashtag(theme): None}
    for number in rng.permutation(len(BEFORE) * len(cores) * len(AFTER)).tolist():
        if len(names) >= wanted:
            break
        before, rest = divmod(number, shape[1] * shape[2])
        core, after = divmod(rest, shape[2])
        names.setdefault(clean_hashtag(f"{BEFORE[before]}{cores[core]}{AFTER[after]}"))
    return list(names)


def caption(language: str, theme: int, key: int) -> str:
    """Return the words of a caption, without its hashtags; `key` is 64 mixed bits that choose them."""
    keyword = KEYWORDS[theme] if theme >= 0 else KEYWORDS[key % len(KEYWORDS)]
    words = (keyword, *THEMES[keyword])
    phrases = PHRASES[language]
    return phrases[(key >> 8) % len(phrases)].format(
        theme=keyword,
        word=words[(key >> 16) % len(words)],
        mood=MOODS[(key >> 24) % len(MOODS)],
        emoji=EMOJI[(key >> 32) % len(EMOJI)],
        n=(key >> 40) % 97 + 1,
    )


def handle(key: int, number: int) -> str:
    """Return an account's unique handle: ASCII, as the platform wants it."""
    given, family = GIVEN[key % len(GIVEN)], FAMILY[key // 64 % len(FAMILY)]
    plain = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode()
    return f"{plain}{'._'[key % 2]}{family}{number}"


def nickname(key: int) -> str:
    """Return an account's display name."""
    return f"{GIVEN[key % len(GIVEN)].title()} {FAMILY[key // 64 % len(FAMILY)].title()}"


def sound_title(key: int) -> str:
    """Return the title of a licensed sound."""
    return f"{SOUND_WORDS[key % len(SOUND_WORDS)]} {SOUND_NOUNS[key // 64 % len(SOUND_NOUNS)]}"


def artist(key: int) -> str:
    """Return who performs a licensed sound."""
    return f"The {FAMILY[key % len(FAMILY)].title()} {SOUND_NOUNS[key // 32 % len(SOUND_NOUNS)]}"
