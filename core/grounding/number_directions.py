"""The direction that a text gives a number (gained 12k, 35 % faster, up from 8k), and whether a figure has it."""

from collections.abc import Sequence

from core.grounding.numbers import HEDGES, Number, hedge_start
from core.grounding.parsing import ParsedText
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
    NumberDirection,
    Support,
)
from core.grounding.tokens import Token, words
from core.grounding.vocabulary import BEATS, COMPARATIVES, EXPECTING

_GAINED = frozenset({"gain", "gains", "gained", "gaining"})
_GAINABLE = frozenset({"views", "plays", "likes", "comments", "shares", "saves"})
# Topics whose figures need their sign: a velocity of 35 % is not one of -35 %.
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
_IS = frozenset(words("is was : ="))  # the gap is 4k; behind other words it states no amount
_LIKELY = frozenset(["likely", "unlikely"])
_REACH_BEFORE, _REACH_AFTER = 9, 6
_EXPECTED_WITHIN, _LIKELY_WITHIN = 5, 8


def number_directions(parsed: ParsedText) -> list[NumberDirection | None]:
    """Return the direction of each number, None for a number without a direction."""
    seen = [word for word in parsed.direction_words if not is_expected(parsed, word[0], word[1])]
    starts = {first: (last, sign) for first, last, sign in seen}
    ends = {last - 1: (first, sign) for first, last, sign in seen}
    firsts = {number.first: number for number in parsed.numbers}
    levels = _levels(parsed)
    in_spans = {place for span in parsed.spans for place in range(span.first, span.last)}
    return [
        _before(parsed, number, ends, levels) or _after(parsed, number, starts, firsts, in_spans)
        for number in parsed.numbers
    ]


def is_expected(parsed: ParsedText, first: int, last: int) -> bool:
    """Return whether a word states what may come, and no observed change: a 71 % chance to surge, may climb."""
    sentence = parsed.sentence[first]
    around = [*range(max(0, first - _EXPECTED_WITHIN), first), *range(last, min(len(parsed.tokens), last + 1))]
    if any(parsed.tokens[at].text in EXPECTING and parsed.sentence[at] == sentence for at in around):
        return True
    behind, clause = range(last, min(len(parsed.tokens), last + _LIKELY_WITHIN)), parsed.clause[first]
    return any(parsed.tokens[at].text in _LIKELY and parsed.clause[at] == clause for at in behind)


def _levels(parsed: ParsedText) -> dict[int, int]:
    """Return, by the end of each level's number, the token before its "to".

    An origin looks past it: in "rose to 12k from 8k" the word "rose" also belongs to 8k.
    """
    return {
        number.last: number.first - 1
        for number in parsed.numbers
        if number.first > 1 and parsed.tokens[number.first - 1].text == "to"
    }


def _before(
    parsed: ParsedText, number: Number, ends: dict[int, tuple[int, int]], levels: dict[int, int]
) -> NumberDirection | None:
    """Return the direction stated before a number; None without one."""
    tokens, role, by, stated = parsed.tokens, AMOUNT, False, False
    place, furthest = hedge_start(tokens, number.first), max(-1, number.first - 1 - _REACH_BEFORE)
    while place - 1 > furthest:
        place = levels.get(place, place) - 1 if role == ORIGIN else place - 1
        text = tokens[place].text
        if text in _GAPS or (text in ("ahead", "behind") and not stated):
            return NumberDirection(COMPARATIVES[text], role, place, place + 1)
        if place in ends:
            return None if stated else NumberDirection(ends[place][1], role, ends[place][0], place + 1)
        if text in BEATS and by:
            return NumberDirection(BEATS[text], role, place, place + 1)
        if text in ("to", "from") and role == AMOUNT and place == first_joint(tokens, number.first):
            role = ORIGIN if text == "from" else LEVEL
        elif text == "by":
            by = True
        elif text in _IS or (stated and text in ("between", "in", "over")):
            stated = True
        elif not (text in _JOINTS_BEFORE or tokens[place].kind == "tag" or place in parsed.in_terms):
            return None
    return None


def first_joint(tokens: Sequence[Token], first: int) -> int:
    """Return the nearest token before a number that is neither a hedge nor a word for ranks."""
    place = first - 1
    while place > 0 and tokens[place].text in _SKIPPED:
        place -= 1
    return place


def _after(
    parsed: ParsedText,
    number: Number,
    starts: dict[int, tuple[int, int]],
    firsts: dict[int, Number],
    in_spans: set[int],
) -> NumberDirection | None:
    """Return the direction stated behind a number; None without one."""
    tokens, clause = parsed.tokens, parsed.clause
    for place in range(number.last, min(len(tokens), number.last + _REACH_AFTER)):
        token = tokens[place]
        if place in firsts and place not in in_spans:
            return None
        direction = starts.get(place)
        sign = direction[1] if direction is not None else COMPARATIVES.get(token.text)
        last = direction[0] if direction is not None else place + 1
        if sign is not None and not token.text.endswith("ing") and not (token.text == "over" and place in in_spans):
            follows = _number_follows(tokens, last, firsts)
            return None if follows else NumberDirection(sign, AMOUNT, place, last)
        if place in in_spans or (token.text == "-" and clause[place] == clause[number.first]):
            continue
        if token.text in _STOPS_AFTER or token.kind == "tag":
            return None
    return None


def _number_follows(tokens: Sequence[Token], place: int, firsts: dict[int, Number]) -> bool:
    """Return whether a word of direction belongs to the number behind it: 12k views up 35 %."""
    while place < len(tokens) and tokens[place].text in HEDGES | {"by", "to", "a", "of"}:
        place += 1
    return place in firsts and firsts[place].kind != "hours"


def fits_direction(support: Support, claim: Claim, parsed: ParsedText) -> bool:
    """Return whether a support has the direction that the text states: by a sign, by a word, or by neither."""
    value, number, direction = support.value, claim.number, claim.direction
    if support.how in (SPAN, COUNT, PER, RATIO) or (number.kind == "grown" and not number.sign):
        return True
    if number.sign and value:
        opposed = direction is not None and direction.role == AMOUNT and support.change and direction.sign * value < 0
        return value * number.sign > 0 and not opposed
    if direction is not None and direction.sign and direction.role == AMOUNT:
        return _signed(support, direction, parsed) and support.lead * direction.sign > 0
    if direction is not None and not direction.sign:
        return True
    if support.how == FIGURE and value < 0:
        return not any(need & _SIGNED_TOPICS for need in claim.terms) and _falls(parsed, number.first)
    return support.how != DIFFERENCE or direction is not None or number.kind == "points"


def _signed(support: Support, direction: NumberDirection, parsed: ParsedText) -> bool:
    """Return whether the support's sign is a direction: of changes, of z-scores, and of counts that are "gained"."""
    figure = support.figures[0]
    if support.change or figure.kind.family == "z":
        return True
    counts = figure.metric.unit == "count" and "total" not in figure.kind.topics
    return counts and parsed.tokens[direction.first].text in _GAINED and bool(figure.kind.topics & _GAINABLE)


def _falls(parsed: ParsedText, place: int) -> bool:
    """Return whether a word of falling stands in a token's sentence."""
    sentence = parsed.sentence[place]
    return any(sign < 0 and parsed.sentence[first] == sentence for first, _, sign in parsed.direction_words)
