"""Each number of a text with what bears it out: right in figure, hashtag, unit, time and direction, all at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.grounding_dates import date_of
from core.grounding_figures import STANDING, WINDOWED, Figure
from core.grounding_numbers import Number
from core.grounding_reading import Reading
from core.grounding_rivals import compares
from core.grounding_spans import AHEAD, BACK, Span, is_span
from core.grounding_support import CHANGE, COUNT, DIFFERENCE, FIGURE, PER, RATIO, SPAN, Support, derived, direct, pairs
from core.grounding_tokens import Token
from core.grounding_terms import TERMS, bound_after, bound_before
from core.grounding_violation import Violation
from core.grounding_ways import AMOUNT, LEVEL, ORIGIN, Way, ways_of

_COUNTABLE = {"hashtags": lambda figures: {one.tag for one in figures}, "windows": lambda figures: {one.metric.window_h for one in figures}}
_COUNTED = frozenset({"views", "creators", "videos", "sounds", "new", "likes", "comments", "shares"})
_ONLY_COUNTS = frozenset({"views", "creators", "videos", "sounds", "new"})
_NO_SHARES = frozenset({"probability", "surge_probability", "momentum", "z", "rank_score", "lower", "upper"})
_NO_TOPICS = frozenset({"viewers", "hashtags", "windows", "quantile", "p10", "p50", "p90", "total"})
_NEW = frozenset({"new", "fresh", "novel", "novelty", "newcomers", "unseen", "turnover"})
_NEW_WITHIN = 10
_OWNERS = frozenset("its the their all these those".split())
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
    for claim in found:
        _sift(claim, reading, spans)
    return found


def _base(reading: Reading, number: Number, bound: list[frozenset[str]]) -> frozenset[str]:
    """What counted thing a share is told of; where that is said to be new, the figure must be about what is new."""
    if number.kind not in ("percent", "part"):
        return frozenset()
    last = number.last + (number.last < len(reading.pieces) and reading.pieces[number.last].text == ")")
    behind = reading.pieces[last : last + _NEW_WITHIN]
    if not behind or behind[0].text != "of":
        return frozenset()
    clause = reading.clause[number.first]
    told = [token.text for token, at in zip(behind, reading.clause[last:], strict=False) if at <= clause + 1]
    if any(one in ("are", "is", "were") and after in ("new", "fresh") for one, after in pairwise(told)):
        bound.append(frozenset({"new"}))
    held = term_topics(reading, last, min(len(reading.pieces), last + 5)) & _COUNTED
    return frozenset(held | ({"whole"} if len(behind) > 1 and behind[1].text in _OWNERS else set()))


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
    found: list[list[frozenset[str]]] = []
    in_spans = {place for span in reading.spans for place in range(span.first, span.last)}
    for at, number in enumerate(reading.numbers):
        bound: list[frozenset[str]] = []
        after = None if number.kind in ("hours", "rank", "top") else bound_after(reading.pieces, number.last, number.kind)
        before = bound_before(reading.pieces, number.first, in_spans)
        close = before is not None and (before[1] == number.first or reading.pieces[number.first - 1].text in (":", "="))
        if before is not None and before[0] >= taken and (after is None or close or number.kind != "plain"):
            bound.append(before[2])
        if after is not None:
            bound.append(after[2])
            taken = after[1] if "quantile" not in after[2] else taken
        if number.first and reading.pieces[number.first - 1].text in ("$", "€", "£"):
            bound = [frozenset({"money"})]
        if not bound and at and _goes_on(reading.pieces, reading.numbers[at - 1], number):
            bound = found[-1]
        found.append(bound)
    return found


def _goes_on(pieces: Sequence[Token], one: Number, other: Number) -> bool:
    """Whether a number goes on with a range: 5 % to 61 %, 22 % [5 %, 61 %]; it is then of the same thing."""
    between = [token.text for token in pieces[one.last : other.first]]
    if one.kind != other.kind or not between:
        return False
    bracket = "[" in (token.text for token in pieces[max(0, one.first - 2) : one.first])
    return between in (["to"], ["-"], ["–"], ["["], ["("]) or (bracket and between == [","])


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
    sentence = reading.sentence[number.first]
    per = any(one.text in _PER for one, of in zip(pieces, reading.sentence, strict=True) if of == sentence)
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
    places = [at for at, of in enumerate(reading.sentence) if of == sentence]
    beside = term_topics(reading, places[0], places[-1] + 1)
    words = {reading.pieces[at].text for at in places}
    steps: tuple[tuple[str, str, Callable[[Support], bool]], ...] = (
        ("name", "belongs to another hashtag", lambda one: _of(one, reading, sentence)),
        ("unit", "is no figure of what is counted here", lambda one: _counts(one, claim, beside, words)),
        ("time", "belongs to another window", lambda one: _timed(one, close, here)),
        ("direction", "goes the other way", lambda one: _goes(one, claim, reading)),
    )
    for rule, reason, fits in steps:
        left = [one for one in claim.supports if fits(one)]
        if not left:
            claim.wrong = (rule, reason)
            return
        claim.supports = left


def _of(one: Support, reading: Reading, sentence: int) -> bool:
    """Whether a sentence may speak of the hashtags; of figures of two derived only where it compares."""
    subjects = reading.subjects[sentence]
    if len({figure.tag for figure in one.figures}) > 1 and not compares(reading, sentence):
        return False
    return not subjects or one.how == SPAN or all(figure.tag in subjects for figure in one.figures)


def _counts(one: Support, claim: Claim, beside: set[str], words: set[str]) -> bool:
    """Whether the words bound to a number fit what bears it out."""
    if one.how in (SPAN, COUNT):
        return True
    if claim.base and one.how == FIGURE and (one.figures[0].pace or one.figures[0].kind.family in _NO_SHARES):
        return False
    if claim.base and one.how == FIGURE and one.figures[0].kind.family == "novelty" and not words & _NEW:
        return False
    if one.how == PER and claim.number.kind in ("percent", "part") and not claim.base & one.figures[1].kind.topics:
        return False
    if one.how == PER and claim.number.kind == "times" and not claim.terms:
        return False
    if one.how == PER and claim.number.kind == "plain":
        both = one.figures[0].kind.topics | one.figures[1].kind.topics
        return all(figure.kind.topics & beside for figure in one.figures) and (
            not claim.terms or any(need <= both for need in claim.terms)
        )
    if not claim.terms:
        named = beside - _NO_TOPICS
        loose = one.how == FIGURE and (claim.way is not None or claim.number.kind not in ("percent", "plain", "part"))
        return not named or loose or any(figure.kind.topics & named for figure in one.figures)
    counts = one.figures[0].metric.unit == "count"
    if not counts and (one.how in (RATIO, CHANGE) or (one.how == FIGURE and claim.number.kind == "plain")):
        if all(need & _ONLY_COUNTS for need in claim.terms):
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
        return (one.change or one.figures[0].kind.family == "z") and value * way.sign > 0
    if way is not None and not way.sign:
        return True
    if one.how == FIGURE and value < 0 and (way is None or way.role in (LEVEL, ORIGIN)):
        sentence = reading.sentence[number.first]
        if any(need & _SIGNED_TOPICS for need in claim.terms):
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
