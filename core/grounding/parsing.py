"""A text parsed once for all rules: its tokens, sentences, clauses, numbers, hashtags, directions and time words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.grounding.evidence import CitedText, Evidence
from core.grounding.figures import Figure, figures, kind_of, older_readings
from core.grounding.numbers import Number, read_numbers
from core.grounding.spans import Span, spans
from core.grounding.tokens import Token, tokens, words
from core.grounding.vocabulary import DIRECTIONS, TERMS
from core.hashtags import clean_hashtag

_ABBREVIATIONS = frozenset(words("vs no nr approx ca e.g i.e resp incl st"))
_CLAUSE_MARKS = frozenset(",;:)]—–|•·")
_CLAUSE_WORDS = frozenset(words("and but while whereas though although yet however with despite versus"))
_BRACKETS = re.compile(
    r"[\[(](?:\s*(?:see|cf\.?|source|sources|cites?|id|ids|metrics?)\s*:?)?\s*([^\[\]()]{1,80})[\])]", re.I
)
_SPLIT = re.compile(r"[,;\s&+]+|\band\b")
_PRONOUNS = frozenset(words("it its this both other they their these them"))
OBJECT_MARKS = frozenset(
    words(
        "than versus vs against unlike behind over above below to with as beats outpaces ahead of beside alongside "
        "from outpacing trails trailing beating"
    )
)
_SHORTEST_BARE_TAG = 4
_BETWEEN = frozenset(words("missed late true false past earlier such other separate big sharp sudden"))


@dataclass(frozen=True, slots=True)
class Term:
    """A word for what is measured: its tokens, and the topics a figure must have to be told by it."""

    first: int
    last: int
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class InlineCite:
    """Ids that stand in the text itself, in brackets: where they begin and end."""

    start: int
    end: int
    ids: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """What the rules look at.

    Parameters
    ----------
    narrative, evidence: what was read
    cited: the metrics of the evidence that are cited
    older: of those cited that were read more than once, by id: whether it is an older reading
    pieces: tokens; ids in brackets and titles of known sounds are left out
    numbers, spans: numbers and time words, in order
    ways: (first token, token after the last, sign) of each word of direction
    sentence, clause: of each token, by number
    tags: (token, hashtag) of each hashtag named
    bare: (token, hashtag) of known hashtags written without #
    inline: ids in brackets
    subjects: by sentence, the hashtags it may speak of: those it names, else those named last; empty where none was
    terms: words for what is measured; `in_terms` holds their tokens
    words, named: by sentence, its words, and the topics of its terms
    """

    narrative: CitedText
    evidence: Evidence
    cited: Sequence[Figure]
    older: dict[str, bool]
    pieces: list[Token]
    numbers: list[Number]
    spans: list[Span]
    ways: list[tuple[int, int, int]]
    sentence: list[int]
    clause: list[int]
    tags: list[tuple[int, str]]
    bare: list[tuple[int, str]]
    inline: list[InlineCite]
    subjects: list[frozenset[str]]
    terms: list[Term]
    in_terms: set[int]
    words: list[set[str]]
    named: list[set[str]]

    def topics(self, first: int, last: int) -> set[str]:
        """The topics named between two tokens."""
        return {topic for one in self.terms if first <= one.first and one.last <= last for topic in one.topics}

    def span_of(self, first: int, last: int) -> tuple[int, int]:
        """Where tokens stand in the text."""
        return self.pieces[first].start, self.pieces[last - 1].end


def read(narrative: CitedText, evidence: Evidence) -> Reading:
    """Read a narrative against its evidence."""
    known = evidence.hashtags
    inline = _inline(narrative.text, {metric.id for metric in evidence.metrics})
    pieces = _merged(tokens(_without(narrative.text, inline, evidence)), known)
    told = list(read_numbers(pieces))
    sentence, clause = _parts(pieces)
    cites = {*narrative.cites, *(ident for one in inline for ident in one.ids)}
    tags, bare = _tags(pieces, known)
    words = _words(pieces, sentence)
    events = list(counted_events(pieces, told))
    named = [*terms(pieces), *events]
    counted = {one.first for one in events}
    cited = figures(metric for metric in evidence.metrics if metric.id in cites)
    return Reading(
        narrative,
        evidence,
        cited,
        older_readings(cited),
        pieces,
        told,
        list(spans(pieces, told)),
        [one for one in DIRECTIONS.find(pieces) if one[2] and one[0] not in counted],
        sentence,
        clause,
        tags,
        bare,
        inline,
        _subjects(words, pieces, sentence, tags, bare),
        named,
        {place for one in named for place in range(one.first, one.last)},
        words,
        _topics(named, sentence, len(words)),
    )


def supposed(reading: Reading, place: int) -> bool:
    """Whether a token stands in a clause of what is only supposed: if creators doubled."""
    clause = reading.clause[place]
    for at in range(place, -1, -1):
        if reading.clause[at] != clause:
            return False
        if reading.pieces[at].text == "if":
            return True
    return False


def terms(pieces: Sequence[Token]) -> list[Term]:
    """The words for what is measured, in order."""
    return [Term(first, last, topics) for first, last, topics in TERMS.find(pieces)]


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


def _tags(pieces: Sequence[Token], known: frozenset[str]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    tags, bare = [], []
    for place, token in enumerate(pieces):
        if token.kind == "tag":
            tags.append((place, clean_hashtag(token.text.removeprefix("$"))))
        elif token.kind == "word" and len(token.text) >= _SHORTEST_BARE_TAG:
            word = token.text.removesuffix("'s")
            if word in known:
                bare.append((place, word))
    return tags, bare


def _words(pieces: Sequence[Token], sentence: Sequence[int]) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(sentence[-1] + 1 if sentence else 0)]
    for token, of in zip(pieces, sentence, strict=True):
        found[of].add(token.text)
    return found


def _topics(named: Sequence[Term], sentence: Sequence[int], count: int) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(count)]
    for one in named:
        found[sentence[one.first]] |= one.topics
    return found


def _subjects(
    words: Sequence[set[str]],
    pieces: Sequence[Token],
    sentence: Sequence[int],
    tags: Sequence[tuple[int, str]],
    bare: Sequence[tuple[int, str]],
) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for number, said in enumerate(words):
        places = [place for place, _ in tags if sentence[place] == number]
        named = {tag for place, tag in tags if sentence[place] == number}
        soft = {tag for place, tag in bare if sentence[place] == number}
        before = found[-1] if found else frozenset[str]()
        only_objects = all(place and pieces[place - 1].text in OBJECT_MARKS for place in places)
        if not named:
            soft = soft if before or number == 0 else set()
        if not named or not _PRONOUNS.isdisjoint(said) or only_objects:
            named |= before
        found.append(frozenset(named | soft))
    return found


def _inline(text: str, known: set[str]) -> list[InlineCite]:
    """Ids in brackets; what looks like the known ones but isn't known is kept too, so that it can be told."""
    if "[" not in text and "(" not in text:
        return []
    shapes = {_shape(ident) for ident in known}
    found = []
    for match in _BRACKETS.finditer(text):
        ids = tuple(part for part in _SPLIT.split(match[1].strip()) if part)
        if ids and all(part in known or (_shape(part) in shapes and not part.isdigit()) for part in ids):
            found.append(InlineCite(match.start(), match.end(), ids))
    return found


def _numbered(evidence: Evidence) -> set[str]:
    """Names of metrics with a span in them, as retention_24; quantiles keep theirs."""
    names = {metric.metric for metric in evidence.metrics}
    return {
        name for name in names if name[-1:].isalnum() and any(letter.isdigit() for letter in name) and "_p" not in name
    }


def _shape(ident: str) -> str:
    return ident.rstrip("0123456789") if ident[-1:].isdigit() else f"={ident}"


def _without(text: str, inline: Sequence[InlineCite], evidence: Evidence) -> str:
    """The text without ids in brackets, titles of known sounds and digits of metric names: they say nothing."""
    for one in inline:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    for name in _numbered(evidence) if "_" in text else ():
        if name in text:
            text = text.replace(name, kind_of(name).family.ljust(len(name))[: len(name)])
    for sound in evidence.sounds:
        if len(sound) > 1 and sound in text:
            text = re.sub(rf"(?<!\w){re.escape(sound)}(?!\w)", " " * len(sound), text)
    return text


def _merged(pieces: list[Token], known: frozenset[str]) -> list[Token]:
    """Join # and digits to a hashtag where that hashtag is known (#2025); else it is a rank."""
    for place in range(len(pieces) - 2, -1, -1):
        one, after = pieces[place], pieces[place + 1]
        if one.text == "#" and after.kind == "number" and after.start == one.end and after.text in known:
            pieces[place : place + 2] = [Token("tag", f"#{after.text}", one.start, after.end)]
    return pieces


def _parts(pieces: Sequence[Token]) -> tuple[list[int], list[int]]:
    """The sentence and the clause of each token."""
    sentences, clauses = [], []
    sentence = clause = 0
    for place, token in enumerate(pieces):
        if token.text in _CLAUSE_WORDS or token.text in _CLAUSE_MARKS:
            clause += 1
        sentences.append(sentence)
        clauses.append(clause)
        if _ends(pieces, place):
            sentence, clause = sentence + 1, clause + 1
    return sentences, clauses


def _ends(pieces: Sequence[Token], place: int) -> bool:
    token = pieces[place]
    if token.text == "\n":
        return True
    if token.text not in (".", "!", "?", "…"):
        return False
    if place + 1 == len(pieces) or pieces[place + 1].start == token.end:
        return False
    return not (place and token.text == "." and pieces[place - 1].text in _ABBREVIATIONS)
