"""Words that loosen a number: about, over, nearly, 12,000+; and the range they leave it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.grounding.tokens import Token
from core.grounding.wordlists import words

if TYPE_CHECKING:
    from core.grounding.numbers import Number

NEAR = frozenset(words("about around roughly approximately approx circa ca ~ ≈ some close near"))
OVER = frozenset(["over", "above", "exceeding", "topping", "past", ">", "≥", "beyond"])
UNDER = frozenset(["under", "below", "nearly", "almost", "<", "≤"])
HEDGES = NEAR | OVER | UNDER | {*words("just at least most more less fewer than up to")}
_PAIRS = {
    ("more", "than"): 1,
    ("greater", "than"): 1,
    ("at", "least"): 1,
    ("upwards", "of"): 1,
    ("north", "of"): 1,
    ("less", "than"): -1,
    ("fewer", "than"): -1,
    ("at", "most"): -1,
    ("close", "to"): 0,
    ("shy", "of"): -1,
}
_AT_MOST = 0.1
_WIDE_OVER, _WIDE_UNDER, _LOOSELY = 1.5, 0.75, 0.91


def hedge(pieces: Sequence[Token], place: int) -> int | None:
    """What stands before a number: 1 for over, -1 for under, 0 for about, None for nothing of the kind."""
    last = pieces[place - 1].text if place else ""
    if last == "a" and place > 1:
        place, last = place - 1, pieces[place - 2].text
    if place > 1 and (pieces[place - 2].text, last) in _PAIRS:
        return _PAIRS[pieces[place - 2].text, last]
    if last in OVER:
        return 1
    if last in UNDER:
        return -1
    return 0 if last in NEAR else None


def hedge_start(pieces: Sequence[Token], place: int) -> int:
    """The first token of the hedge that stands before a number, its own first token where none does."""
    if place > 1 and (pieces[place - 2].text, pieces[place - 1].text) in _PAIRS:
        return place - 2
    return place - 1 if place and pieces[place - 1].text in OVER | UNDER else place


def hedged(number: "Number", pieces: Sequence[Token]) -> "Number":
    """The number with the range its hedge leaves; a round figure with a hedge is precise to its last digit but 0."""
    way = hedge(pieces, number.first)
    if way is None and number.last < len(pieces) and pieces[number.last].text == "+":
        way = 1
    if number.kind == "hours" and way != 0:  # "over 24 hours" is a span
        return number
    if way is None or number.kind in ("rank", "top", "count", "percentile"):
        return number
    if number.kind in ("part", "grown") or (number.kind == "times" and number.value - number.low < 0.5):
        low = (number.value * _WIDE_UNDER, number.low, number.value)[way + 1]
        return replace(number, low=low, high=(number.value, number.high, number.value * _WIDE_OVER)[way + 1])
    half = max(number.value - number.low, _round_to(number, pieces) / 2)
    if way <= 0:
        half = max(number.value - number.low, min(half, _AT_MOST * number.value))
    if half <= 0.5 and number.value - number.low <= 0.5:  # told to the last digit: a hedge takes nothing back
        return number
    over = 2 * half
    if number.low < _LOOSELY * number.value and pieces[number.first].kind == "word":  # more than half a million
        over = max(over, (_WIDE_OVER - 1) * number.value)
    low = number.value - (2 * half, half, 0.0)[way + 1]
    return replace(number, low=low, high=number.value + (0.0, half, over)[way + 1])


def _round_to(number: "Number", pieces: Sequence[Token]) -> float:
    """The place of the last digit that is not 0, of whole figures from 10 up."""
    step = 1.0
    if number.value < 10 or number.value != int(number.value) or "." in pieces[number.first].text:
        return 0.0
    while number.value % (step * 10) == 0:
        step *= 10
    return step if number.kind == "plain" or step > 1 else 0.0
