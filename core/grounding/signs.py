"""Whether the sign of a figure fits how a number is told: with a sign, with a word of direction, or with neither."""

from core.grounding.claim import Claim
from core.grounding.reading import Reading
from core.grounding.support import COUNT, DIFFERENCE, FIGURE, PER, RATIO, SPAN, Support
from core.grounding.ways import AMOUNT, Way

_GAINED = frozenset({"gain", "gains", "gained", "gaining"})
_GAINABLE = frozenset({"views", "plays", "likes", "comments", "shares", "saves"})
# Figures told by name need their sign: a velocity of 35 % is not one of -35 %.
_SIGNED_TOPICS = frozenset({"velocity", "acceleration", "z", "growth", "p10", "p50", "p90"})


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
