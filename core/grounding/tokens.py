"""A text cut into tokens, and lists of words and phrases to look up among them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar


def words(text: str) -> list[str]:
    """Return the words of a text.

    Examples
    --------
    >>> words("past last")
    ['past', 'last']
    """
    return text.split()


def phrases(text: str) -> list[str]:
    """Return the phrases of a text, which commas separate.

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
    """A piece of a text.

    Parameters
    ----------
    kind: tag (#booktok), handle (@name), moment (a date or time of day), number (digits), word or mark
    text: the piece in lower case with plain quotes and minus
    start, end: its position in the text
    """

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens; of the white space only line breaks are kept.

    Examples
    --------
    >>> [(token.kind, token.text) for token in tokenize("#BookTok: +12.3k views.")]
    [('tag', '#booktok'), ('mark', ':'), ('number', '+12.3'), ('word', 'k'), ('word', 'views'), ('mark', '.')]
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        piece, start = match.group(), match.start()
        if kind in ("tag", "handle"):
            piece = piece.removesuffix("'s").removesuffix("’s").rstrip(_TRAILING)
        tokens.append(Token(kind, piece.translate(_PLAIN), start, start + len(piece)))
    return tokens


class Phrases(Generic[T]):
    """Phrases of one or more words, each with its meaning, found in one pass over the tokens; the longest wins.

    Examples
    --------
    >>> table = Phrases({"due to": "cause", "due": "date"})
    >>> [(first, last, meaning) for first, last, meaning in table.find(tokenize("Due to rain, due today"))]
    [(0, 2, 'cause'), (4, 5, 'date')]
    """

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in meanings.items():
            words = tuple(token.text for token in tokenize(phrase))
            self._by_first.setdefault(words[0], []).append((words[1:], meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], place: int) -> tuple[int, T] | None:
        """Return the end of the phrase that begins at a token, and its meaning; None without one."""
        for rest, meaning in self._by_first.get(tokens[place].text, ()):
            if not rest:
                return place + 1, meaning
            end = place + 1 + len(rest)
            if place + 1 == len(tokens) or tokens[place + 1].text != rest[0]:
                continue
            if len(rest) == 1 or tuple(token.text for token in tokens[place + 1 : end]) == rest:
                return end, meaning
        return None

    def find(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, T]]:
        """Yield (first token, token after the last, meaning) of each phrase, without overlaps."""
        free, by_first = 0, self._by_first
        if by_first.keys().isdisjoint(map(_TEXT, tokens)):
            return
        for place, token in enumerate(tokens):
            if token.text in by_first and place >= free and (hit := self.at(tokens, place)) is not None:
                free = hit[0]
                yield place, *hit


def inflected(*stems: str) -> Iterable[str]:
    """Yield the forms of regular verbs: climb, climbs, climbed, climbing; -ed and -ing replace a final e.

    Examples
    --------
    >>> list(inflected("rise"))
    ['rise', 'rises', 'rised', 'rising']
    """
    for verb in stems:
        stem = verb.removesuffix("e")
        third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
        yield from (verb, third, f"{stem}ed", f"{stem}ing")
