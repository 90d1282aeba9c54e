"""A text cut into tokens: the words, numbers, hashtags and marks that the grounding rules read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar


def words(text: str) -> list[str]:
    """The words of a text.

    Examples
    --------
    >>> words("past last")
    ['past', 'last']
    """
    return text.split()


def phrases(text: str) -> list[str]:
    """The phrases of a text, with commas between them.

    Examples
    --------
    >>> phrases("thanks to, due to")
    ['thanks to', 'due to']
    """
    return text.split(", ")


T = TypeVar("T")
_TOKEN = re.compile(
    r"(?P<tag>(?:\$(?=[^\W\d])|#)(?![\d.,]+(?!\w))(?:\w|[^\x00-\x7f\s“”‘’«»–—…•·])+)"
    r"|(?P<handle>@\w+(?:\.\w+)*)"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)|\d{1,2}:\d\d(?!\d))"
    r"|(?P<number>(?:(?<![\w%)\].])[+\-−–])?(?:\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3})+(?![\d.,]*\d)|\d+(?:[.,'’]\d+)*))"
    r"|(?P<word>[^\W\d_][^\W_]*(?:['’](?:s|t|re|ve|ll|d)\b)?(?:(?<=\d)\.\d+)?)"
    r"|(?P<mark>[^\w\s]|\n)"
)
_TEXT = attrgetter("text")
_ASCII = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_PLAIN = str.maketrans(_ASCII | {"’": "'", "‘": "'", "−": "-", "“": '"', "”": '"'})
_TRAILING = ".'’*`_-–"


@dataclass(slots=True)
class Token:
    """A piece of the text.

    Parameters
    ----------
    kind: tag (#booktok), handle (@name), moment (a date or time of day), number (digits), word or mark
    text: the piece in lower case with plain quotes and minus
    start, end: where it stands
    """

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens; white space but line breaks is left out.

    Examples
    --------
    >>> [(one.kind, one.text) for one in tokens("#BookTok: +12.3k views.")]
    [('tag', '#booktok'), ('mark', ':'), ('number', '+12.3'), ('word', 'k'), ('word', 'views'), ('mark', '.')]
    """
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        piece, start = match.group(), match.start()
        if kind in ("tag", "handle"):
            piece = piece.removesuffix("'s").removesuffix("’s").rstrip(_TRAILING)
        found.append(Token(kind, piece.translate(_PLAIN), start, start + len(piece)))
    return found


class Phrases(Generic[T]):
    """Phrases of one or more words, each with what it means, found in one pass over the tokens; the longest wins.

    Examples
    --------
    >>> table = Phrases({"due to": "cause", "due": "date"})
    >>> [(first, last, meaning) for first, last, meaning in table.find(tokens("Due to rain, due today"))]
    [(0, 2, 'cause'), (4, 5, 'date')]
    """

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in meanings.items():
            words = tuple(token.text for token in tokens(phrase))
            self._by_first.setdefault(words[0], []).append((words[1:], meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, pieces: Sequence[Token], place: int) -> tuple[int, T] | None:
        """The end of the phrase that begins at a token, and its meaning; None where none does."""
        for rest, meaning in self._by_first.get(pieces[place].text, ()):
            if not rest:
                return place + 1, meaning
            end = place + 1 + len(rest)
            if place + 1 == len(pieces) or pieces[place + 1].text != rest[0]:
                continue
            if len(rest) == 1 or tuple(token.text for token in pieces[place + 1 : end]) == rest:
                return end, meaning
        return None

    def find(self, pieces: Sequence[Token]) -> Iterator[tuple[int, int, T]]:
        """Yield (first token, token after the last, meaning), without overlaps."""
        free, by_first = 0, self._by_first
        if by_first.keys().isdisjoint(map(_TEXT, pieces)):
            return
        for place, token in enumerate(pieces):
            if token.text in by_first and place >= free and (found := self.at(pieces, place)) is not None:
                free = found[0]
                yield place, *found


def inflected(*stems: str) -> Iterable[str]:
    """The forms of regular verbs: climb, climbs, climbed, climbing; a final e goes before -ed and -ing.

    Examples
    --------
    >>> list(inflected("rise"))
    ['rise', 'rises', 'rised', 'rising']
    """
    for verb in stems:
        stem = verb.removesuffix("e")
        third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
        yield from (verb, third, f"{stem}ed", f"{stem}ing")
