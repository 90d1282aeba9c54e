"""Which words say what a number counts, measures or is a part of."""

from collections.abc import Sequence
from itertools import pairwise

from core.grounding.numbers import Number
from core.grounding.reading import Reading
from core.grounding.terms import bound_after, bound_before
from core.grounding.tokens import Token

_COUNTED = frozenset({"views", "creators", "videos", "sounds", "new", "likes", "comments", "shares"})
_OWNERS = frozenset({"its", "the", "their", "all", "these", "those"})
_CURRENCIES = frozenset({"$", "€", "£"})
_NEW_WITHIN, _BASE_WITHIN = 10, 5


def terms_of(reading: Reading) -> list[list[frozenset[str]]]:
    """The words bound to each number; a word behind one number is not also bound to the next."""
    taken = -1
    found: list[list[frozenset[str]]] = []
    in_spans = {place for span in reading.spans for place in range(span.first, span.last)}
    starts = {one.first: one for one in reading.terms}
    ends = {one.last: one for one in reading.terms}
    for at, number in enumerate(reading.numbers):
        bound: list[frozenset[str]] = []
        after = (
            None
            if number.kind in ("hours", "rank", "top")
            else bound_after(reading.pieces, starts, number.last, number.kind)
        )
        before = bound_before(reading.pieces, ends, number.first, in_spans)
        close = before is not None and (
            before.last == number.first or reading.pieces[number.first - 1].text in (":", "=")
        )
        if before is not None and before.first >= taken and (after is None or close or number.kind != "plain"):
            bound.append(before.topics)
        if after is not None:
            bound.append(after.topics)
            taken = after.last if "quantile" not in after.topics else taken
        if number.first and reading.pieces[number.first - 1].text in _CURRENCIES:
            bound = [frozenset({"money"})]
        if not bound and at and _goes_on(reading.pieces, reading.numbers[at - 1], number):
            bound = found[-1]
        found.append(bound)
    return found


def base_of(reading: Reading, number: Number, bound: list[frozenset[str]]) -> frozenset[str]:
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
    if any(one.first == last + 1 + (behind[1].text in _OWNERS) for one in reading.numbers if len(behind) > 1):
        return frozenset({"figure"})
    held = reading.topics(last, last + _BASE_WITHIN) & _COUNTED
    return frozenset(held | ({"whole"} if len(behind) > 1 and behind[1].text in _OWNERS else set()))


def _goes_on(pieces: Sequence[Token], one: Number, other: Number) -> bool:
    """Whether a number goes on with a range: 5 % to 61 %, 22 % [5 %, 61 %]; it is then of the same thing."""
    between = [token.text for token in pieces[one.last : other.first]]
    if one.kind != other.kind or not between:
        return False
    bracket = "[" in (token.text for token in pieces[max(0, one.first - 2) : one.first])
    return between in (["to"], ["-"], ["–"], ["["], ["("]) or (bracket and between == [","])
