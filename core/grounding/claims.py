"""The claims of a text: each number with what backs it in value, hashtag, unit, time and direction."""

from collections.abc import Callable, Iterator, Sequence

from core.grounding.comparisons import comparators, compares_hashtags
from core.grounding.evidence import Violation
from core.grounding.number_directions import fits_direction, number_directions
from core.grounding.numbers import Number
from core.grounding.parsing import OBJECT_MARKS, ParsedText
from core.grounding.spans import Span, is_span
from core.grounding.support import CHANGE, COUNT, DIFFERENCE, FIGURE, SPAN, Claim, Support, candidates, pairs
from core.grounding.tokens import words
from core.grounding.units import fits_unit, share_base, terms_of_numbers
from core.grounding.windows import date_agrees, fits_window

_NOTHING = "equals no cited metric, and no ratio, difference or change of two"
_RECENT = 6
_COMPARED = frozenset(
    words(
        "more less fewer higher lower larger smaller bigger greater extra above below ahead behind beyond faster slower"
    )
)


def claims_of(parsed: ParsedText) -> list[Claim]:
    """Return every number of a text as a claim.

    A claim that nothing backs carries the rule it breaks and the reason.
    """
    directions, terms = number_directions(parsed), terms_of_numbers(parsed)
    couples = pairs(parsed.cited) if parsed.numbers else []
    claims = []
    for number, direction, bound in zip(parsed.numbers, directions, terms, strict=True):
        supports = list(candidates(parsed, number, direction, bound, couples))
        claim = Claim(number, direction, bound, supports, share_base(parsed, number, bound))
        date = date_agrees(parsed.tokens, number, parsed.cited)
        if date is not None:
            claim.supports = [Support(COUNT, (), number.value)] if date else []
            claim.problem = None if date else ("time", "is no edge of a cited window")
        elif not claim.supports:
            rule = "time" if number.kind == "hours" and is_span(parsed.tokens, number) else "number"
            claim.problem = (rule, _NOTHING)
        claims.append(claim)
    spans = [span for span in parsed.spans if _states_window(span, parsed, claims)]
    for at, claim in enumerate(claims):
        _filter_supports(claim, parsed, spans, claims[max(0, at - _RECENT) : at])
    return claims


def numbers_are_cited(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each number that no cited figure backs."""
    for claim in claims:
        if claim.problem is not None:
            span = (claim.number.start, claim.number.end)
            yield Violation(claim.problem[0], span, f"{parsed.source.text[slice(*span)]!r} {claim.problem[1]}")


def _states_window(span: Span, parsed: ParsedText, claims: Sequence[Claim]) -> bool:
    """Return whether a time span states a window; a half-life of 36 hours is a figure instead."""
    for claim in claims:
        if claim.number.first == span.first and claim.number.kind == "hours":
            if is_span(parsed.tokens, claim.number):
                windows = [support for support in claim.supports if support.how == SPAN]
                ahead = [
                    support for support in claim.supports if support.how == FIGURE and support.figures[0].kind.forecast
                ]
                claim.supports = windows or ahead
                if not claim.supports and claim.problem is None:
                    claim.problem = ("time", _NOTHING)
                return bool(windows) or not ahead
            return not any(support.how != SPAN for support in claim.supports)
    return True


def _filter_supports(claim: Claim, parsed: ParsedText, spans: Sequence[Span], before: Sequence[Claim]) -> None:
    """Keep the supports that fit a claim in every respect, or note the first respect in which none fits."""
    if claim.problem is not None:
        return
    sentence, clause = parsed.sentence[claim.number.first], parsed.clause[claim.number.first]
    here = [span for span in spans if parsed.sentence[span.first] == sentence]
    close = [span for span in here if parsed.clause[span.first] == clause]
    dated = parsed.older if close and parsed.older and _is_alone(claim, parsed) else {}
    beside, words = parsed.named[sentence], parsed.words[sentence]
    steps: tuple[tuple[str, str, Callable[[Support], bool]], ...] = (
        ("name", "belongs to another hashtag", lambda support: fits_hashtag(support, claim.number, parsed, before)),
        ("unit", "is no figure of what is counted here", lambda support: fits_unit(support, claim, beside, words)),
        ("time", "belongs to another window", lambda support: fits_window(support, close, here, dated)),
        ("direction", "goes the other way", lambda support: fits_direction(support, claim, parsed)),
    )
    for rule, reason, fits in steps:
        left = [support for support in claim.supports if fits(support)]
        if not left:
            claim.problem = (rule, reason)
            return
        claim.supports = left


def _is_alone(claim: Claim, parsed: ParsedText) -> bool:
    """Return whether a clause states no other figure, so that its time words refer to this number."""
    clause = parsed.clause[claim.number.first]
    return all(
        number is claim.number or parsed.clause[number.first] != clause
        for number in parsed.numbers
        if number.kind != "hours"
    )


def fits_hashtag(support: Support, number: Number, parsed: ParsedText, before: Sequence[Claim]) -> bool:
    """Return whether a number may be stated of the hashtags that its support belongs to.

    Parameters
    ----------
    before: the preceding claims; "that is 4x as many" derives from their figures
    """
    if support.how == SPAN or not support.figures:
        return True
    place = number.first
    subjects = parsed.subjects[parsed.sentence[place]]
    tags = {figure.tag for figure in support.figures}
    if len(tags) > 1:
        if _is_own_change(support, number, parsed):
            return False
        if _derives(parsed, support, place, before):
            return True
        owned = _owner(parsed, place) in ("", support.figures[0].tag)
        return owned and compares_hashtags(parsed, parsed.sentence[place]) and (not subjects or tags <= subjects)
    owner = _owner(parsed, place) if len(subjects) > 1 else ""
    return tags <= ({owner} if owner else subjects or tags)


def _is_own_change(support: Support, number: Number, parsed: ParsedText) -> bool:
    """Return whether a number describes how one hashtag changed, not how two compare: #a doubled, #a grew 32 %."""
    sentence = parsed.sentence[number.first]
    if support.how == CHANGE and parsed.words[sentence].isdisjoint(_COMPARED):
        return not compares_hashtags(parsed, sentence)
    return number.kind == "grown"


def _owner(parsed: ParsedText, place: int) -> str:
    """Return the single hashtag that the clause of a token is about; empty if it has none or only compares with it."""
    named = _hashtags_in_clause(parsed, parsed.clause[place])
    if not named and parsed.tokens[_clause_start(parsed, place)].text == "with":
        named = _hashtags_in_clause(parsed, parsed.clause[place] - 1)
    if len(named) != 1:
        return ""
    at, tag = named[0]
    return "" if comparators(parsed, at) or (at and parsed.tokens[at - 1].text in OBJECT_MARKS) else tag


def _hashtags_in_clause(parsed: ParsedText, clause: int) -> list[tuple[int, str]]:
    """Return the hashtags of a clause, each with its token."""
    return [(at, tag) for at, tag in parsed.tags if parsed.clause[at] == clause]


def _clause_start(parsed: ParsedText, place: int) -> int:
    """Return the first token of a token's clause."""
    while place and parsed.clause[place - 1] == parsed.clause[place]:
        place -= 1
    return place


def _derives(parsed: ParsedText, derived: Support, place: int, claims: Sequence[Claim]) -> bool:
    """Return whether a number derives from figures stated before it.

    "That is 4x as many" may compare any two of them; "#b has 4x as many" must be about #b.
    """
    first, other = derived.figures
    cited_before = {figure.metric.id for claim in claims for support in claim.supports for figure in support.figures}
    sentence, clause = parsed.sentence[place], parsed.clause[place]
    before = [(at, tag) for at, tag in parsed.tags if at < place and parsed.sentence[at] == sentence]
    here = [tag for at, tag in before if parsed.clause[at] == clause]
    if here:
        return first.tag in here and other.metric.id in cited_before
    if before and derived.how != DIFFERENCE and parsed.tokens[_clause_start(parsed, place)].text == ",":
        here = [before[-1][1]]
    return (not here or first.tag in here) and first.metric.id in cited_before and other.metric.id in cited_before
