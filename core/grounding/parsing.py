"""A text parsed once for all rules: its tokens, sentences, clauses, numbers, hashtags, directions and time spans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.grounding.evidence import CitedText, Evidence
from core.grounding.figures import Figure, figures, kind_of, older_readings
from core.grounding.numbers import Number, parse_numbers
from core.grounding.spans import Span, spans
from core.grounding.tokens import Token, tokenize, words
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
_BEFORE_EVENTS = frozenset(words("missed late true false past earlier such other separate big sharp sudden"))


@dataclass(frozen=True, slots=True)
class Term:
    """A word for what is measured.

    Parameters
    ----------
    first, last: its first token, and the one after its last
    topics: topics that a figure must have to be described by it
    """

    first: int
    last: int
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class InlineCitation:
    """Ids in brackets in the text itself, with the position of the brackets."""

    start: int
    end: int
    ids: tuple[str, ...]


@dataclass(slots=True)
class ParsedText:
    """A text as the rules look at it.

    Parameters
    ----------
    source, evidence: what was parsed
    cited: figures of the evidence that the text cites
    older: by id, of the cited figures with several readings, whether it is an older reading
    tokens: without ids in brackets and titles of the evidence's sounds
    numbers, spans: numbers and time spans, in order
    direction_words: (first token, token after the last, sign) of each word of direction
    sentence, clause: number of each token's sentence and clause
    tags: (token, hashtag) of each hashtag
    bare: (token, hashtag) of each hashtag of the evidence that stands without #
    inline: ids in brackets
    subjects: by sentence, the hashtags it may be about: those it names, else those named last; empty before any
    terms: words for what is measured; `in_terms` holds their tokens
    words, named: by sentence, its words, and the topics of its terms
    """

    source: CitedText
    evidence: Evidence
    cited: Sequence[Figure]
    older: dict[str, bool]
    tokens: list[Token]
    numbers: list[Number]
    spans: list[Span]
    direction_words: list[tuple[int, int, int]]
    sentence: list[int]
    clause: list[int]
    tags: list[tuple[int, str]]
    bare: list[tuple[int, str]]
    inline: list[InlineCitation]
    subjects: list[frozenset[str]]
    terms: list[Term]
    in_terms: set[int]
    words: list[set[str]]
    named: list[set[str]]

    def topics(self, first: int, last: int) -> set[str]:
        """Return the topics named between two tokens."""
        return {topic for term in self.terms if first <= term.first and term.last <= last for topic in term.topics}

    def span_of(self, first: int, last: int) -> tuple[int, int]:
        """Return the position of tokens in the text."""
        return self.tokens[first].start, self.tokens[last - 1].end


def parse(source: CitedText, evidence: Evidence) -> ParsedText:
    """Parse a text against its evidence."""
    hashtags = evidence.hashtags
    inline = _inline_citations(source.text, {metric.id for metric in evidence.metrics})
    tokens = _join_known_hashtags(tokenize(_blank_out(source.text, inline, evidence)), hashtags)
    numbers = list(parse_numbers(tokens))
    sentence, clause = _sentences_and_clauses(tokens)
    cites = {*source.cites, *(ident for citation in inline for ident in citation.ids)}
    tags, bare = _hashtags(tokens, hashtags)
    words = _words(tokens, sentence)
    events = list(counted_events(tokens, numbers))
    named = [*terms(tokens), *events]
    counted = {term.first for term in events}
    cited = figures(metric for metric in evidence.metrics if metric.id in cites)
    return ParsedText(
        source=source,
        evidence=evidence,
        cited=cited,
        older=older_readings(cited),
        tokens=tokens,
        numbers=numbers,
        spans=list(spans(tokens, numbers)),
        direction_words=[word for word in DIRECTIONS.find(tokens) if word[2] and word[0] not in counted],
        sentence=sentence,
        clause=clause,
        tags=tags,
        bare=bare,
        inline=inline,
        subjects=_subjects(words, tokens, sentence, tags, bare),
        terms=named,
        in_terms={place for term in named for place in range(term.first, term.last)},
        words=words,
        named=_topics(named, sentence, len(words)),
    )


def is_hypothetical(parsed: ParsedText, place: int) -> bool:
    """Return whether a token stands in a hypothetical clause: if creators doubled."""
    clause = parsed.clause[place]
    for at in range(place, -1, -1):
        if parsed.clause[at] != clause:
            return False
        if parsed.tokens[at].text == "if":
            return True
    return False


def terms(tokens: Sequence[Token]) -> list[Term]:
    """Return the words for what is measured, in order."""
    return [Term(first, last, topics) for first, last, topics in TERMS.find(tokens)]


def counted_events(tokens: Sequence[Token], numbers: Sequence[Number]) -> Iterator[Term]:
    """Yield the plurals of rising and falling behind a whole number: a noun there, as in 3 surges, states no direction.

    Examples
    --------
    >>> from core.grounding.numbers import parse_numbers
    >>> from core.grounding.tokens import tokenize
    >>> tokens = tokenize("the 3 surges that came late, 12k views surges")
    >>> [tokens[term.first].text for term in counted_events(tokens, list(parse_numbers(tokens)))]
    ['surges']
    """
    for number in numbers:
        place = number.last
        if number.kind != "plain" or place == len(tokens):
            continue
        if tokens[place].text in _BEFORE_EVENTS and place + 1 < len(tokens):
            place += 1
        text = tokens[place].text
        if text.endswith("s") and (direction := DIRECTIONS.at(tokens, place)) is not None and direction[1]:
            yield Term(place, place + 1, frozenset({text}))


def _hashtags(tokens: Sequence[Token], hashtags: frozenset[str]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the hashtags, and the words that are hashtags of the evidence, each with its token."""
    tags, bare = [], []
    for place, token in enumerate(tokens):
        if token.kind == "tag":
            tags.append((place, clean_hashtag(token.text.removeprefix("$"))))
        elif token.kind == "word" and len(token.text) >= _SHORTEST_BARE_TAG:
            word = token.text.removesuffix("'s")
            if word in hashtags:
                bare.append((place, word))
    return tags, bare


def _words(tokens: Sequence[Token], sentence: Sequence[int]) -> list[set[str]]:
    """Return the words of each sentence."""
    by_sentence: list[set[str]] = [set() for _ in range(sentence[-1] + 1 if sentence else 0)]
    for token, of in zip(tokens, sentence, strict=True):
        by_sentence[of].add(token.text)
    return by_sentence


def _topics(named: Sequence[Term], sentence: Sequence[int], count: int) -> list[set[str]]:
    """Return the topics named in each sentence."""
    by_sentence: list[set[str]] = [set() for _ in range(count)]
    for term in named:
        by_sentence[sentence[term.first]] |= term.topics
    return by_sentence


def _subjects(
    words: Sequence[set[str]],
    tokens: Sequence[Token],
    sentence: Sequence[int],
    tags: Sequence[tuple[int, str]],
    bare: Sequence[tuple[int, str]],
) -> list[frozenset[str]]:
    """Return the hashtags that each sentence may be about."""
    subjects: list[frozenset[str]] = []
    for number, texts in enumerate(words):
        places = [place for place, _ in tags if sentence[place] == number]
        named = {tag for place, tag in tags if sentence[place] == number}
        soft = {tag for place, tag in bare if sentence[place] == number}
        before = subjects[-1] if subjects else frozenset[str]()
        only_objects = all(place and tokens[place - 1].text in OBJECT_MARKS for place in places)
        if not named:
            soft = soft if before or number == 0 else set()
        if not named or not _PRONOUNS.isdisjoint(texts) or only_objects:
            named |= before
        subjects.append(frozenset(named | soft))
    return subjects


def _inline_citations(text: str, metric_ids: set[str]) -> list[InlineCitation]:
    """Return the ids in brackets, with unknown ids that look like the evidence's, so that a rule can report them."""
    if "[" not in text and "(" not in text:
        return []
    shapes = {_shape(ident) for ident in metric_ids}
    citations = []
    for match in _BRACKETS.finditer(text):
        ids = tuple(part for part in _SPLIT.split(match[1].strip()) if part)
        if ids and all(part in metric_ids or (_shape(part) in shapes and not part.isdigit()) for part in ids):
            citations.append(InlineCitation(match.start(), match.end(), ids))
    return citations


def _metric_names_with_digits(evidence: Evidence) -> set[str]:
    """Return the names of metrics that hold a time span, such as retention_24, but not quantiles."""
    names = {metric.metric for metric in evidence.metrics}
    return {
        name for name in names if name[-1:].isalnum() and any(letter.isdigit() for letter in name) and "_p" not in name
    }


def _shape(ident: str) -> str:
    """Return an id without its number."""
    return ident.rstrip("0123456789") if ident[-1:].isdigit() else f"={ident}"


def _blank_out(text: str, inline: Sequence[InlineCitation], evidence: Evidence) -> str:
    """Blank out what states nothing: ids in brackets, titles of the evidence's sounds, digits of metric names."""
    for citation in inline:
        text = text[: citation.start] + " " * (citation.end - citation.start) + text[citation.end :]
    for name in _metric_names_with_digits(evidence) if "_" in text else ():
        if name in text:
            text = text.replace(name, kind_of(name).family.ljust(len(name))[: len(name)])
    for sound in evidence.sounds:
        if len(sound) > 1 and sound in text:
            text = re.sub(rf"(?<!\w){re.escape(sound)}(?!\w)", " " * len(sound), text)
    return text


def _join_known_hashtags(tokens: list[Token], hashtags: frozenset[str]) -> list[Token]:
    """Join # and digits to a hashtag if the evidence holds it (#2025); otherwise they are a rank."""
    for place in range(len(tokens) - 2, -1, -1):
        token, after = tokens[place], tokens[place + 1]
        if token.text == "#" and after.kind == "number" and after.start == token.end and after.text in hashtags:
            tokens[place : place + 2] = [Token("tag", f"#{after.text}", token.start, after.end)]
    return tokens


def _sentences_and_clauses(tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
    """Return the number of each token's sentence and clause."""
    sentences, clauses = [], []
    sentence = clause = 0
    for place, token in enumerate(tokens):
        if token.text in _CLAUSE_WORDS or token.text in _CLAUSE_MARKS:
            clause += 1
        sentences.append(sentence)
        clauses.append(clause)
        if _ends_sentence(tokens, place):
            sentence, clause = sentence + 1, clause + 1
    return sentences, clauses


def _ends_sentence(tokens: Sequence[Token], place: int) -> bool:
    """Return whether a sentence ends at a token."""
    token = tokens[place]
    if token.text == "\n":
        return True
    if token.text not in (".", "!", "?", "…"):
        return False
    if place + 1 == len(tokens) or tokens[place + 1].start == token.end:
        return False
    return not (place and token.text == "." and tokens[place - 1].text in _ABBREVIATIONS)
