"""Whose figure a number is: of the hashtag its clause names, else of those its sentence speaks of."""

from collections.abc import Sequence

from core.grounding.claim import Claim
from core.grounding.numbers import Number
from core.grounding.reading import OBJECT_MARKS, Reading
from core.grounding.rivals import comparators, compares
from core.grounding.support import CHANGE, DIFFERENCE, SPAN, Support
from core.grounding.wordlists import words

_COMPARED = frozenset(
    words(
        "more less fewer higher lower larger smaller bigger greater extra above below ahead behind beyond faster slower"
    )
)


def is_of(one: Support, number: Number, reading: Reading, before: Sequence[Claim]) -> bool:
    """Whether a number may be told of the hashtags of what bears it out.

    Parameters
    ----------
    before: the claims right before, from whose figures "that is 4x as many" is derived
    """
    if one.how == SPAN or not one.figures:
        return True
    place = number.first
    subjects = reading.subjects[reading.sentence[place]]
    tags = {figure.tag for figure in one.figures}
    if len(tags) > 1:
        if _moves(one, number, reading):
            return False
        if _derives(reading, one, place, before):
            return True
        owned = _owner(reading, place) in ("", one.figures[0].tag)
        return owned and compares(reading, reading.sentence[place]) and (not subjects or tags <= subjects)
    owner = _owner(reading, place) if len(subjects) > 1 else ""
    return tags <= ({owner} if owner else subjects or tags)


def _moves(one: Support, number: Number, reading: Reading) -> bool:
    """Whether a number tells how one hashtag moved, which tells nothing of another: #a doubled, #a grew 32 %."""
    sentence = reading.sentence[number.first]
    if one.how == CHANGE and reading.words[sentence].isdisjoint(_COMPARED):
        return not compares(reading, sentence)
    return number.kind == "grown"


def _owner(reading: Reading, place: int) -> str:
    """The one hashtag that the clause of a token names, and not as what is compared with; empty where there is none."""
    named = _named(reading, reading.clause[place])
    if not named and reading.pieces[_start(reading, place)].text == "with":
        named = _named(reading, reading.clause[place] - 1)
    if len(named) != 1:
        return ""
    at, tag = named[0]
    return "" if comparators(reading, at) or (at and reading.pieces[at - 1].text in OBJECT_MARKS) else tag


def _named(reading: Reading, clause: int) -> list[tuple[int, str]]:
    return [(at, tag) for at, tag in reading.tags if reading.clause[at] == clause]


def _start(reading: Reading, place: int) -> int:
    """The first token of the clause of a token."""
    while place and reading.clause[place - 1] == reading.clause[place]:
        place -= 1
    return place


def _derives(reading: Reading, one: Support, place: int, claims: Sequence[Claim]) -> bool:
    """Whether a number is derived of figures told before: "that is 4x as many"; "#b has 4x as many" is of #b alone."""
    first, other = one.figures
    told = {figure.metric.id for claim in claims for support in claim.supports for figure in support.figures}
    sentence, clause = reading.sentence[place], reading.clause[place]
    before = [(at, tag) for at, tag in reading.tags if at < place and reading.sentence[at] == sentence]
    here = [tag for at, tag in before if reading.clause[at] == clause]
    if here:
        return first.tag in here and other.metric.id in told
    if before and one.how != DIFFERENCE and reading.pieces[_start(reading, place)].text == ",":
        here = [before[-1][1]]
    return (not here or first.tag in here) and first.metric.id in told and other.metric.id in told
