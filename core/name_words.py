"""Hashtag names in words: cut where the words of captions say, with their accents put back."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+")
LONGEST = 14
_STRANGE = (-14.0, -2.5)


@dataclass(frozen=True)
class Lexicon:
    """Words as captions spell them, by their form without accents.

    Parameters
    ----------
    weight: plain form -> log of its share of all words
    spelling: plain form -> how it is mostly written
    """

    weight: dict[str, float]
    spelling: dict[str, str]

    @classmethod
    def of(cls, captions: Iterable[str]) -> "Lexicon":
        """Learn the words that at least two captions use."""
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for caption in captions:
            for word in set(WORD.findall(caption.lower())):
                spellings[plain(word)][word] += 1
        counts = {word: found.total() for word, found in spellings.items() if found.total() > 1 and len(word) > 1}
        total = sum(counts.values()) or 1
        usual = {word: max(sorted(spellings[word]), key=spellings[word].__getitem__) for word in counts}
        return cls({word: math.log(count / total) for word, count in counts.items()}, usual)

    def words(self, name: str) -> list[str]:
        """Return a name as the likeliest sequence of words (Viterbi over a unigram model).

        Examples
        --------
        >>> known = Lexicon.of(["du lịch phú quốc", "đi du lịch", "phú quốc mùa hè"])
        >>> known.words("dulichphuquoc2025")
        ['du', 'lịch', 'phú', 'quốc', '2025']
        """
        text = plain(name)
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(text) + 1):
            best.append(
                max(
                    (best[start][0] + self._score(text[start:end]), start)
                    for start in range(max(0, end - LONGEST), end)
                )
            )
        cuts, end = [], len(text)
        while end:
            cuts.append(text[best[end][1] : end])
            end = best[end][1]
        return [self.spelling.get(piece, piece) for piece in reversed(cuts)]

    def _score(self, piece: str) -> float:
        return self.weight.get(piece, _STRANGE[0] + _STRANGE[1] * len(piece))


def plain(text: str) -> str:
    """Return a text in lower case without accents.

    Examples
    --------
    >>> plain("Đà Nẵng")
    'da nang'
    """
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")
