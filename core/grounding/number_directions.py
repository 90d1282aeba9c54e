"""The direction a text gives a number (gained 12k, 35 % faster, up from 8k), and whether a figure goes that way."""

from collections.abc import Sequence

from core.grounding.numbers import HEDGES, Number, hedge_start
from core.grounding.parsing import Reading
from core.grounding.support import (
    AMOUNT,
    COUNT,
    DIFFERENCE,
    FIGURE,
    LEVEL,
    ORIGIN,
    PER,
    RATIO,
    SPAN,
    Claim,
    Support,
    Way,
)
from core.grounding.tokens import Token, words
from core.grounding.vocabulary import BEATS, COMPARATIVES, EXPECTING

_GAINED = frozenset({"gain", "gains", "gained", "gaining"})
_GAINABLE = frozenset({"views", "plays", "likes", "comments", "shares", "saves"})
# Figures told by name need their sign: a velocity of 35 % is not one of -35 %.
_SIGNED_TOPICS = frozenset({"velocity", "acceleration", "z", "growth", "p10", "p50", "p90"})
_JOINTS_BEFORE = (HEDGES - {"more", "less", "fewer", "over", "above", "below", "under", "up"}) | frozenset(
    words(
        "by of a an the another some in its their further extra full whopping solid sharp modest small steady strong "
        "slight count total number rate score only s - + – ( and its user"
    )
)
_STOPS_AFTER = frozenset(
    words(
        "in over per from with to for on at by is was are were has have had and but while as since during within than "
        "of that which who out into because if when unless , ; : . ( ) [ ] ! ? — – | •"
    )
) | {"\n"}
_SKIPPED = HEDGES - {"to"} | frozenset(words("a an the just its rank place number no . #"))
_GAPS = frozenset(words("lead differ differs difference gap margin spread change swing"))
_IS = frozenset(words("is was : ="))  # the gap is 4k; of other words it says no amount
_LIKELY = frozenset(["likely", "unlikely"])
_REACH_BEFORE, _REACH_AFTER = 9, 6
_EXPECTED_WITHIN, _LIKELY_WITHIN = 5, 8


def ways_of(reading: Reading) -> list[Way | None]:
    """The direction of each number, None where it has none."""
    seen = [one for one in reading.ways if not expects(reading, one[0], one[1])]
    starts = {first: (last, sign) for first, last, sign in seen}
    ends = {last - 1: (first, sign) for first, last, sign in seen}
    firsts = {number.first: number for number in reading.numbers}
    levels = _levels(reading)
    in_spans = {place for span in reading.spans for place in range(span.first, span.last)}
    return [
        _before(reading, number, ends, levels) or _after(reading, number, starts, firsts, in_spans)
        for number in reading.numbers
    ]


def expects(reading: Reading, first: int, last: int) -> bool:
    """Whether a word tells what may come, and no change seen: a 71 % chance to surge, may climb, surge probability."""
    sentence = reading.sentence[first]
    around = [*range(max(0, first - _EXPECTED_WITHIN), first), *range(last, min(len(reading.pieces), last + 1))]
    if any(reading.pieces[at].text in EXPECTING and reading.sentence[at] == sentence for at in around):
        return True
    behind, clause = range(last, min(len(reading.pieces), last + _LIKELY_WITHIN)), reading.clause[first]
    return any(reading.pieces[at].text in _LIKELY and reading.clause[at] == clause for at in behind)


def _levels(reading: Reading) -> dict[int, int]:
    """From where a number ends to before "to" where it is a level: in "rose to 12k from 8k" an origin looks past it."""
    return {
        one.last: one.first - 1
        for one in reading.numbers
        if one.first > 1 and reading.pieces[one.first - 1].text == "to"
    }


def _before(reading: Reading, number: Number, ends: dict[int, tuple[int, int]], levels: dict[int, int]) -> Way | None:
    pieces, role, by, told = reading.pieces, AMOUNT, False, False
    place, furthest = hedge_start(pieces, number.first), max(-1, number.first - 1 - _REACH_BEFORE)
    while place - 1 > furthest:
        place = levels.get(place, place) - 1 if role == ORIGIN else place - 1
        text = pieces[place].text
        if text in _GAPS or (text in ("ahead", "behind") and not told):
            return Way(COMPARATIVES[text], role, place, place + 1)
        if place in ends:
            return None if told else Way(ends[place][1], role, ends[place][0], place + 1)
        if text in BEATS and by:
            return Way(BEATS[text], role, place, place + 1)
        if text in ("to", "from") and role == AMOUNT and place == first_joint(pieces, number.first):
            role = ORIGIN if text == "from" else LEVEL
        elif text == "by":
            by = True
        elif text in _IS or (told and text in ("between", "in", "over")):
            told = True
        elif not (text in _JOINTS_BEFORE or pieces[place].kind == "tag" or place in reading.in_terms):
            return None
    return None


def first_joint(pieces: Sequence[Token], first: int) -> int:
    """The place of the first word before a number that is no hedge and doesn't name a rank."""
    place = first - 1
    while place > 0 and pieces[place].text in _SKIPPED:
        place -= 1
    return place


def _after(
    reading: Reading,
    number: Number,
    starts: dict[int, tuple[int, int]],
    firsts: dict[int, Number],
    in_spans: set[int],
) -> Way | None:
    pieces, clause = reading.pieces, reading.clause
    for place in range(number.last, min(len(pieces), number.last + _REACH_AFTER)):
        token = pieces[place]
        if place in firsts and place not in in_spans:
            return None
        way = starts.get(place)
        sign = way[1] if way is not None else COMPARATIVES.get(token.text)
        last = way[0] if way is not None else place + 1
        if sign is not None and not token.text.endswith("ing") and not (token.text == "over" and place in in_spans):
            follows = _number_follows(pieces, last, firsts)
            return None if follows else Way(sign, AMOUNT, place, last)
        if place in in_spans or (token.text == "-" and clause[place] == clause[number.first]):
            continue
        if token.text in _STOPS_AFTER or token.kind == "tag":
            return None
    return None


def _number_follows(pieces: Sequence[Token], place: int, firsts: dict[int, Number]) -> bool:
    """Whether a word of direction belongs to the number behind it: 12k views up 35 %."""
    while place < len(pieces) and pieces[place].text in HEDGES | {"by", "to", "a", "of"}:
        place += 1
    return place in firsts and firsts[place].kind != "hours"


def goes_so(one: Support, claim: Claim, reading: Reading) -> bool:
    """Whether a figure goes the way that is told."""
    value, number, way = one.value, claim.number, claim.way
    if one.how in (SPAN, COUNT, PER, RATIO) or (number.kind == "grown" and not number.sign):
        return True
    if number.sign and value:
        opposed = way is not None and way.role == AMOUNT and one.change and way.sign * value < 0
        return value * number.sign > 0 and not opposed
    if way is not None and way.sign and way.role == AMOUNT:
        return _signed(one, way, reading) and one.lead * way.sign > 0
    if way is not None and not way.sign:
        return True
    if one.how == FIGURE and value < 0:
        return not any(need & _SIGNED_TOPICS for need in claim.terms) and _falls(reading, number.first)
    return one.how != DIFFERENCE or way is not None or number.kind == "points"


def _signed(one: Support, way: Way, reading: Reading) -> bool:
    """Whether a sign says a direction: of changes, of what is unusual, and of counts that are said to be gained."""
    figure = one.figures[0]
    if one.change or figure.kind.family == "z":
        return True
    counts = figure.metric.unit == "count" and "total" not in figure.kind.topics
    return counts and reading.pieces[way.first].text in _GAINED and bool(figure.kind.topics & _GAINABLE)


def _falls(reading: Reading, place: int) -> bool:
    """Whether a word of falling stands in the sentence of a token."""
    sentence = reading.sentence[place]
    return any(sign < 0 and reading.sentence[first] == sentence for first, _, sign in reading.ways)
