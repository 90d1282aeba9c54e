"""Which word of direction belongs to which number: gained 12k, 35 % faster, up from 8k to 12k."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.grounding.hedges import HEDGES, hedge_start
from core.grounding.lexicon import BEATS, COMPARATIVES, EXPECTING
from core.grounding.numbers import Number
from core.grounding.reading import Reading
from core.grounding.tokens import Token
from core.grounding.wordlists import words

AMOUNT, LEVEL, ORIGIN = "amount", "level", "origin"
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


@dataclass(frozen=True, slots=True)
class Way:
    """A direction told of a number.

    Parameters
    ----------
    sign: 1 up, -1 down, 0 only that two figures are compared
    role: amount (rose by 12k), level (rose to 12k) or origin (up from 12k)
    first, last: its tokens
    """

    sign: int
    role: str
    first: int
    last: int


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


def supposed(reading: Reading, place: int) -> bool:
    """Whether a token stands in a clause of what is only supposed: if creators doubled."""
    clause = reading.clause[place]
    for at in range(place, -1, -1):
        if reading.clause[at] != clause:
            return False
        if reading.pieces[at].text == "if":
            return True
    return False


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
