"""Hashtag names split into words, with the words that captions use."""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

WORD = re.compile(r"[^\W\d_]+")
_SAME_FOR_POLARS = r"[\p{L}\p{Nl}\p{No}]+"
LONGEST = 16
_STRANGE = (-12.0, -1.5)


@dataclass(frozen=True)
class Lexicon:
    """Words of captions, without accents, since most hashtag names are written without them.

    Parameters
    ----------
    weight: word -> logarithm of its share of all words
    """

    weight: dict[str, float]

    @classmethod
    def of(cls, captions: pl.Series) -> "Lexicon":
        """Return a lexicon of the words that at least two captions use."""
        lower = captions.str.to_lowercase().str.replace_all("đ", "d")
        without_accents = lower.str.normalize("NFD").str.replace_all(r"\p{Mn}", "")
        words = without_accents.str.extract_all(_SAME_FOR_POLARS).list.unique().explode().drop_nulls().rename("word")
        counted = words.value_counts(name="count").filter(pl.col("count") > 1, pl.col("word").str.len_chars() > 1)
        total = counted["count"].sum()
        return cls({word: math.log(count / total) for word, count in counted.iter_rows()})

    def words(self, name: str) -> list[str]:
        """Return a name as the likeliest sequence of words (Viterbi over a unigram model).

        Examples
        --------
        >>> known = Lexicon.of(pl.Series(["du lịch phú quốc", "đi du lịch", "phú quốc mùa hè"]))
        >>> known.words("dulichphuquoc2025")
        ['du', 'lich', 'phu', 'quoc', '2025']
        """
        text = plain(name)
        shown = name if len(name) == len(text) else text
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(text) + 1):
            starts = range(max(0, end - LONGEST), end)
            best.append(max((best[start][0] + self._score(text[start:end]), start) for start in starts))
        cuts, end = [], len(text)
        while end:
            cuts.append(shown[best[end][1] : end])
            end = best[end][1]
        return cuts[::-1]

    def _score(self, piece: str) -> float:
        return self.weight.get(piece, _STRANGE[0] + _STRANGE[1] * len(piece))


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Return a text in lower case without accents; cached, since the same captions and names return every hour.

    Examples
    --------
    >>> plain("Đà Nẵng")
    'da nang'
    """
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")
