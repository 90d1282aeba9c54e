"""Each number of a text with what bears it out: right in figure, hashtag, unit, time and direction, all at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.grounding_figures import STANDING, WINDOWED, Figure
from core.grounding_numbers import Number
from core.grounding_reading import Reading
from core.grounding_spans import AHEAD, BACK, Span, is_span
from core.grounding_support import CHANGE, COUNT, DIFFERENCE, FIGURE, PER, RATIO, SPAN, Support, derived, direct, pairs
from core.grounding_terms import TERMS, bound_after, bound_before
from core.grounding_violation import Violation
from core.grounding_ways import AMOUNT, LEVEL, ORIGIN, Way, ways_of

_COUNTABLE = {"hashtags": lambda figures: {one.tag for one in figures}, "windows": lambda figures: {one.metric.window_h for one in figures}}
_COUNTED = frozenset({"views", "creators", "videos", "sounds", "new", "likes", "comments", "shares"})
_ONLY_COUNTS = frozenset({"views", "creators", "videos", "sounds", "new"})
_NO_SHARES = frozenset({"probability", "surge_probability", "momentum", "z", "rank_score", "lower", "upper"})
_NEW_WITHIN = 10
_MULTIPLES_OF = frozenset({"as", "the", "that", "what", "its", "more", "of"})
# Figures told by name need their sign: a velocity of 35 % is not one of -35 %.
_SIGNED_TOPICS = frozenset({"velocity", "acceleration", "z", "growth", "p10", "p50", "p90"})
_NOTHING = "equals no cited metric, and no ratio, difference or change of two"
_PER = frozenset({"per", "each", "apiece", "every", "average", "mean", "averaging"})


@dataclass(slots=True)
class Claim:
    """A number, what is told of it, and what bears it out.

    Parameters
    ----------
    number: as told
    way: its direction
    terms: topics of the words bound to it; one of them must fit
    supports: what bears it out in every respect; empty where `wrong` says why not
    base: topics of what it is told as a part of (35 % of its views)
    wrong: rule and reason, where nothing does
    """

    number: Number
    way: Way | None
    terms: list[frozenset[str]]
    supports: list[Support]
    base: frozenset[str] = frozenset()
    wrong: tuple[str, str] | None = None

    @property
    def span(self) -> bool:
        """Whether it is the length of a window, and no figure of its own."""
        return bool(self.supports) and all(one.how == SPAN for one in self.supports)


def claims_of(reading: Reading) -> list[Claim]:
    """Every number of a text as a claim."""
    ways, terms = ways_of(reading), _terms(reading)
    couples = pairs(reading.cited) if reading.numbers else []
    found = []
    for number, way, bound in zip(reading.numbers, ways, terms, strict=True):
        supports = list(_supports(reading, number, way, bound, couples))
        claim = Claim(number, way, bound, supports, _base(reading, number, bound))
        if not claim.supports:
            rule = "time" if number.kind == "hours" and is_span(reading.pieces, number) else "number"
            claim.wrong = (rule, _NOTHING)
        found.append(claim)
    told = [_told(span, reading, found) for span in reading.spans]
    spans = [span for span, is_told in zip(reading.spans, told, strict=True) if is_told]
    for claim in found:
        _sift(claim, reading, spans)
    return found


def _base(reading: Reading, number: Number, bound: list[frozenset[str]]) -> frozenset[str]:
    """What counted thing a share is told of; where that is said to be new, the figure must be about what is new."""
    if number.kind not in ("percent", "part"):
        return frozenset()
    behind = reading.pieces[number.last : number.last + _NEW_WITHIN]
    if not behind or behind[0].text != "of":
        return frozenset()
    clause = reading.clause[number.first]
    told = [token.text for token, at in zip(behind, reading.clause[number.last :], strict=False) if at <= clause + 1]
    if any(one in ("are", "is", "were") and after in ("new", "fresh") for one, after in pairwise(told)):
        bound.append(frozenset({"new"}))
    return frozenset(term_topics(reading, number.last, min(len(reading.pieces), number.last + 5)) & _COUNTED)


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
                claim.supports = [one for one in claim.supports if one.how == SPAN]
                return True
            return not any(one.how != SPAN for one in claim.supports)
    return True


def _terms(reading: Reading) -> list[list[frozenset[str]]]:
    """The words bound to each number; a word behind one number is not also bound to the next."""
    taken = -1
    found = []
    for number in reading.numbers:
        bound = []
        after = None if number.kind in ("hours", "rank", "top") else bound_after(reading.pieces, number.last, number.kind)
        before = bound_before(reading.pieces, number.first)
        if before is not None and before[0] >= taken:
            bound.append(before[2])
        if after is not None:
            bound.append(after[2])
            taken = after[1]
        if number.first and reading.pieces[number.first - 1].text in ("$", "€", "£"):
            bound = [frozenset({"money"})]
        found.append(bound)
    return found


def _supports(
    reading: Reading, number: Number, way: Way | None, terms: list[frozenset[str]], couples: Sequence[Support]
) -> Iterator[Support]:
    pieces = reading.pieces
    behind = [token.text for token in pieces[number.last : number.last + 5]]
    before = [token.text for token in pieces[max(0, number.first - 4) : number.first]]
    multiple = bool(behind) and behind[0] in _MULTIPLES_OF
    allowed = _cited_here(reading, number)
    near = reading.cited if allowed is None else [one for one in reading.cited if one.metric.id in allowed]
    yield from direct(number, near, multiple)
    for topic in terms[-1] if terms and number.kind == "plain" else ():
        count = _COUNTABLE.get(topic)
        if count is not None and len(count(reading.cited)) == number.value:
            yield Support(COUNT, (), number.value)
    if number.kind == "percent" and number.value == 80 and any(word in behind for word in ("interval", "range", "band")):
        yield Support(COUNT, (), number.value)
    compared = way is not None or "by" in before or "points" in behind[:2]
    share = behind[:1] == ["of"] or "share" in before or "share" in behind
    per = any(word in _PER for word in before) or any(word in _PER for word in behind)
    for one in derived(number, couples, compared, share, per or "ratio" in before):
        if allowed is None or any(figure.metric.id in allowed for figure in one.figures):
            yield one


def _cited_here(reading: Reading, number: Number) -> set[str] | None:
    """The ids in brackets that stand at a number: between the numbers around it."""
    if not reading.inline:
        return None
    starts = [one.start for one in reading.numbers if one.start > number.start]
    behind = [one for one in reading.inline if number.end <= one.start < min(starts, default=len(reading.narrative.text))]
    ends = [one.end for one in reading.numbers if one.start < number.start]
    ahead = [one for one in reading.inline if max(ends, default=0) <= one.start < number.start]
    ids = {ident for one in (*behind, *ahead) for ident in one.ids}
    return ids if behind else None


def _sift(claim: Claim, reading: Reading, spans: Sequence[Span]) -> None:
    """Keep what bears a claim out in every respect, or say in which respect nothing does."""
    if claim.wrong is not None:
        return
    sentence, clause = reading.sentence[claim.number.first], reading.clause[claim.number.first]
    here = [span for span in spans if reading.sentence[span.first] == sentence]
    close = [span for span in here if reading.clause[span.first] == clause]
    steps: tuple[tuple[str, str, Callable[[Support], bool]], ...] = (
        ("name", "belongs to another hashtag", lambda one: _of(one, reading.subjects[sentence])),
        ("unit", "is no figure of what is counted here", lambda one: _counts(one, claim)),
        ("time", "belongs to another window", lambda one: _timed(one, close, here)),
        ("direction", "goes the other way", lambda one: _goes(one, claim, reading)),
    )
    for rule, reason, fits in steps:
        left = [one for one in claim.supports if fits(one)]
        if not left:
            claim.wrong = (rule, reason)
            return
        claim.supports = left


def _of(one: Support, subjects: frozenset[str]) -> bool:
    return not subjects or all(figure.tag in subjects for figure in one.figures)


def _counts(one: Support, claim: Claim) -> bool:
    """Whether the words bound to a number fit what bears it out."""
    if one.how in (SPAN, COUNT):
        return True
    if claim.base and one.how == FIGURE and (one.figures[0].pace or one.figures[0].kind.family in _NO_SHARES):
        return False
    if one.how == PER and claim.number.kind in ("percent", "part") and not claim.base & one.figures[1].kind.topics:
        return False
    if one.how == PER and claim.number.kind == "times" and not claim.terms:
        return False
    if not claim.terms:
        return True
    if one.how in (RATIO, CHANGE) and one.figures[0].metric.unit != "count":
        if any(need & _ONLY_COUNTS for need in claim.terms):
            return False
    topics = one.figures[0].kind.topics
    if one.how in (PER, RATIO):
        topics = topics | one.figures[1].kind.topics
    return any(need <= topics for need in claim.terms)


def _timed(one: Support, close: Sequence[Span], here: Sequence[Span]) -> bool:
    """Whether the windows fit the time words: of the clause or, for counts within a window, of the sentence."""
    if one.how in (SPAN, COUNT):
        return True
    for figure in one.figures:
        if figure.metric.metric in STANDING or figure.kind.forecast:
            if any(span.way == AHEAD for span in close) and not figure.kind.forecast:
                return False
            continue
        told = close or (here if figure.kind.family in WINDOWED or figure.kind.spans else ())
        if told and not any(covered(figure, span) for span in told):
            return False
    return True


def covered(figure: Figure, span: Span) -> bool:
    """Whether a figure may be told with time words: its window is as long, and on the right side of now."""
    if span.way == AHEAD and not figure.kind.forecast:
        return False
    if span.way == BACK and figure.kind.forecast and figure.kind.family != "rank":
        return False
    return any(span.covers(hours) for hours in figure.windows)


def _goes(one: Support, claim: Claim, reading: Reading) -> bool:
    """Whether the sign fits what is told: an explicit sign, a word of direction, or neither."""
    if one.how in (SPAN, COUNT, PER):
        return True
    value, number, way = one.value, claim.number, claim.way
    if number.sign and value:
        return value * number.sign > 0 and not (way and way.role == AMOUNT and one.change and way.sign * value < 0)
    if number.kind == "grown" or (one.how == RATIO):
        return _multiplied(one, way)
    if way is not None and way.sign and way.role == AMOUNT:
        return one.change and value * way.sign > 0
    if way is not None and not way.sign:
        return True
    if one.how == FIGURE and value < 0 and (way is None or way.role in (LEVEL, ORIGIN)):
        sentence = reading.sentence[number.first]
        if way is None and any(need & _SIGNED_TOPICS for need in claim.terms):
            return False
        return any(sign < 0 and reading.sentence[first] == sentence for first, _, sign in reading.ways)
    return one.how != DIFFERENCE or way is not None or number.kind == "points"


def _multiplied(one: Support, way: Way | None) -> bool:
    """Multiples are told of the larger: 3x as many; "halved" and "3x fewer" the other way round."""
    if way is None or not way.sign or one.how != RATIO:
        return True
    return True if way.sign > 0 else one.value != 0


def term_topics(reading: Reading, first: int, last: int) -> set[str]:
    """Topics of the words that stand between two tokens."""
    return {topic for _, _, topics in TERMS.find(reading.pieces[first:last]) for topic in topics}
