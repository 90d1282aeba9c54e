"""Each number of a text with what bears it out: right in figure, hashtag, unit, time and direction, all at once."""

from collections.abc import Callable, Iterator, Sequence

from core.grounding.bound import base_of, terms_of
from core.grounding.candidates import candidates
from core.grounding.claim import Claim
from core.grounding.dates import date_of
from core.grounding.owners import is_of
from core.grounding.reading import Reading
from core.grounding.signs import goes_so
from core.grounding.spans import Span, is_span
from core.grounding.support import COUNT, FIGURE, SPAN, Support, pairs
from core.grounding.units import counts_it
from core.grounding.violation import Violation
from core.grounding.ways import ways_of
from core.grounding.windows import is_timed

_NOTHING = "equals no cited metric, and no ratio, difference or change of two"
_RECENT = 6


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
