"""Rises and falls that are counted, as in "3 surges": nouns that say what a number counts, and no direction."""

from collections.abc import Iterator, Sequence

from core.grounding.lexicon import DIRECTIONS
from core.grounding.numbers import Number
from core.grounding.terms import Term
from core.grounding.tokens import Token
from core.grounding.wordlists import words

_BETWEEN = frozenset(words("missed late true false past earlier such other separate big sharp sudden"))


def counted_events(pieces: Sequence[Token], numbers: Sequence[Number]) -> Iterator[Term]:
    """Yield the plurals of rising and falling right behind a whole number; a figure of them has the noun as a topic.

    Examples
    --------
    >>> from core.grounding.numbers import read_numbers
    >>> from core.grounding.tokens import tokens
    >>> pieces = tokens("the 3 surges that came late, 12k views surges")
    >>> [pieces[one.first].text for one in counted_events(pieces, list(read_numbers(pieces)))]
    ['surges']
    """
    for number in numbers:
        place = number.last
        if number.kind != "plain" or place == len(pieces):
            continue
        if pieces[place].text in _BETWEEN and place + 1 < len(pieces):
            place += 1
        text = pieces[place].text
        if text.endswith("s") and (found := DIRECTIONS.at(pieces, place)) is not None and found[1]:
            yield Term(place, place + 1, frozenset({text}))
