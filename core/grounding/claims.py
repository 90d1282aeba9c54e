"""Each number of a text with what bears it out: right in figure, hashtag, unit, time and direction, all at once."""

from collections.abc import Callable, Iterator, Sequence

from core.grounding.comparisons import comparators, compares
from core.grounding.evidence import Violation
from core.grounding.number_directions import goes_so, ways_of
from core.grounding.numbers import Number
from core.grounding.parsing import OBJECT_MARKS, Reading
from core.grounding.spans import Span, is_span
from core.grounding.support import CHANGE, COUNT, DIFFERENCE, FIGURE, SPAN, Claim, Support, candidates, pairs
from core.grounding.tokens import words
from core.grounding.units import base_of, counts_it, terms_of
from core.grounding.windows import date_of, is_timed

_NOTHING = "equals no cited metric, and no ratio, difference or change of two"
_RECENT = 6
_COMPARED = frozenset(
    words(
        "more less fewer higher lower larger smaller bigger greater extra above below ahead behind beyond faster slower"
    )
)


def claims_of(reading: Reading) -> list[Claim]:
    """Every number of a text as a claim."""
    ways, terms = ways_of(reading), terms_of(reading)
    couples = pairs(reading.cited) if reading.numbers else []
    found = []
    for number, way, bound in zip(reading.numbers, ways, terms, strict=True):
        supports = list(candidates(reading, number, way, bound, couples))
        claim = Claim(number, way, bound, supports, base_of(reading, number, bound))
        date = date_of(reading.pieces, number, reading.cited)
        if date is not None:
            claim.supports = [Support(COUNT, (), number.value)] if date else []
            claim.wrong = None if date else ("time", "is no edge of a cited window")
        elif not claim.supports:
            rule = "time" if number.kind == "hours" and is_span(reading.pieces, number) else "number"
            claim.wrong = (rule, _NOTHING)
        found.append(claim)
    told = [_told(span, reading, found) for span in reading.spans]
    spans = [span for span, is_told in zip(reading.spans, told, strict=True) if is_told]
    for at, claim in enumerate(found):
        _sift(claim, reading, spans, found[max(0, at - _RECENT) : at])
    return found


def numbers_are_cited(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Every number is borne out by what is cited."""
    for claim in claims:
        if claim.wrong is not None:
            span = (claim.number.start, claim.number.end)
            yield Violation(claim.wrong[0], span, f"{reading.narrative.text[slice(*span)]!r} {claim.wrong[1]}")


def _told(span: Span, reading: Reading, claims: Sequence[Claim]) -> bool:
    """Whether time words tell a window; a half-life of 36 hours is a figure."""
    for claim in claims:
        if claim.number.first == span.first and claim.number.kind == "hours":
            if is_span(reading.pieces, claim.number):
                windows = [one for one in claim.supports if one.how == SPAN]
                ahead = [one for one in claim.supports if one.how == FIGURE and one.figures[0].kind.forecast]
                claim.supports = windows or ahead
                if not claim.supports and claim.wrong is None:
                    claim.wrong = ("time", _NOTHING)
                return bool(windows) or not ahead
            return not any(one.how != SPAN for one in claim.supports)
    return True


def _sift(claim: Claim, reading: Reading, spans: Sequence[Span], before: Sequence[Claim]) -> None:
    """Keep what bears a claim out in every respect, or say in which respect nothing does."""
    if claim.wrong is not None:
        return
    sentence, clause = reading.sentence[claim.number.first], reading.clause[claim.number.first]
    here = [span for span in spans if reading.sentence[span.first] == sentence]
    close = [span for span in here if reading.clause[span.first] == clause]
    dated = reading.older if close and reading.older and _is_alone(claim, reading) else {}
    beside, words = reading.named[sentence], reading.words[sentence]
    steps: tuple[tuple[str, str, Callable[[Support], bool]], ...] = (
        ("name", "belongs to another hashtag", lambda one: is_of(one, claim.number, reading, before)),
        ("unit", "is no figure of what is counted here", lambda one: counts_it(one, claim, beside, words)),
        ("time", "belongs to another window", lambda one: is_timed(one, close, here, dated)),
        ("direction", "goes the other way", lambda one: goes_so(one, claim, reading)),
    )
    for rule, reason, fits in steps:
        left = [one for one in claim.supports if fits(one)]
        if not left:
            claim.wrong = (rule, reason)
            return
        claim.supports = left


def _is_alone(claim: Claim, reading: Reading) -> bool:
    """Whether a clause tells no other figure, so that its time words are of this one."""
    clause = reading.clause[claim.number.first]
    return all(
        one is claim.number or reading.clause[one.first] != clause for one in reading.numbers if one.kind != "hours"
    )


def is_of(one: Support, number: Number, reading: Reading, before: Sequence[Claim]) -> bool:
    """Whether a number may be told of the hashtags of what bears it out.

    Parameters
    ----------
    before: the claims right before, from whose figures "that is 4x as many" is derived
    """
    if one.how == SPAN or not one.figures:
        return True
    place = number.first
    subjects = reading.subjects[reading.sentence[place]]
    tags = {figure.tag for figure in one.figures}
    if len(tags) > 1:
        if _moves(one, number, reading):
            return False
        if _derives(reading, one, place, before):
            return True
        owned = _owner(reading, place) in ("", one.figures[0].tag)
        return owned and compares(reading, reading.sentence[place]) and (not subjects or tags <= subjects)
    owner = _owner(reading, place) if len(subjects) > 1 else ""
    return tags <= ({owner} if owner else subjects or tags)


def _moves(one: Support, number: Number, reading: Reading) -> bool:
    """Whether a number tells how one hashtag moved, which tells nothing of another: #a doubled, #a grew 32 %."""
    sentence = reading.sentence[number.first]
    if one.how == CHANGE and reading.words[sentence].isdisjoint(_COMPARED):
        return not compares(reading, sentence)
    return number.kind == "grown"


def _owner(reading: Reading, place: int) -> str:
    """The one hashtag that the clause of a token names, and not as what is compared with; empty where there is none."""
    named = _named(reading, reading.clause[place])
    if not named and reading.pieces[_start(reading, place)].text == "with":
        named = _named(reading, reading.clause[place] - 1)
    if len(named) != 1:
        return ""
    at, tag = named[0]
    return "" if comparators(reading, at) or (at and reading.pieces[at - 1].text in OBJECT_MARKS) else tag


def _named(reading: Reading, clause: int) -> list[tuple[int, str]]:
    return [(at, tag) for at, tag in reading.tags if reading.clause[at] == clause]


def _start(reading: Reading, place: int) -> int:
    """The first token of the clause of a token."""
    while place and reading.clause[place - 1] == reading.clause[place]:
        place -= 1
    return place


def _derives(reading: Reading, one: Support, place: int, claims: Sequence[Claim]) -> bool:
    """Whether a number is derived of figures told before: "that is 4x as many"; "#b has 4x as many" is of #b alone."""
    first, other = one.figures
    told = {figure.metric.id for claim in claims for support in claim.supports for figure in support.figures}
    sentence, clause = reading.sentence[place], reading.clause[place]
    before = [(at, tag) for at, tag in reading.tags if at < place and reading.sentence[at] == sentence]
    here = [tag for at, tag in before if reading.clause[at] == clause]
    if here:
        return first.tag in here and other.metric.id in told
    if before and one.how != DIFFERENCE and reading.pieces[_start(reading, place)].text == ",":
        here = [before[-1][1]]
    return (not here or first.tag in here) and first.metric.id in told and other.metric.id in told
