"""Words of rising and falling that stand at no number, and levels: rose to 12k, up from 8k."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from core.grounding.changes import goes
from core.grounding.claim import Claim
from core.grounding.lexicon import FLAT
from core.grounding.reading import Reading
from core.grounding.unrivalled import unrivalled
from core.grounding.violation import Violation
from core.grounding.ways import AMOUNT, ORIGIN, expects, first_joint, supposed

_DENIALS = frozenset(["not", "no", "never", "without", "hardly", "nothing"])
_FLAT_BELOW, _EVEN_CHANCE = 0.05, 0.5


def directions_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """A word of rising or falling goes with a cited change of that sign.

    It is held against the changes whose numbers stand in its clause, else in its sentence, else against those cited of
    the hashtags it speaks of. What is only supposed (if it rose from 8k to 12k) is held against its own two numbers.
    """
    bound = {claim.way.first for claim in claims if claim.way is not None and claim.way.role == AMOUNT}
    bound |= {at for first, last in unrivalled(reading.pieces, reading.words) for at in range(first, last)}
    for first, last, sign in reading.ways:
        if first not in bound and not _compares(reading, last):
            step = _from_to(first, claims)
            if step is not None:
                agrees = step * sign > 0
            elif supposed(reading, first):
                agrees = True
            elif expects(reading, first, last):
                agrees = _forecast(reading, first, sign)
            elif _negated(reading, first):
                agrees = goes(reading, claims, first, -sign)
            else:
                agrees = goes(reading, claims, first, sign)
            if not agrees:
                word = " ".join(token.text for token in reading.pieces[first:last])
                yield Violation("direction", reading.span_of(first, last), f"{word!r} has no cited change of that sign")
    yield from _turned(reading, claims)
    for first, last, _ in FLAT.find(reading.pieces):
        if not _stands_still(reading, claims, first):
            span = reading.span_of(first, last)
            yield Violation(
                "direction", span, f"{reading.narrative.text[slice(*span)]!r}, but no cited change is near 0"
            )


def _compares(reading: Reading, last: int) -> bool:
    """Whether a word of more or less compares two hashtags (higher than #b), which is another rule's."""
    texts = [token.text for token in reading.pieces[last : last + 6]]
    if "than" not in texts:
        return False
    after = last + texts.index("than") + 1
    return any(token.kind == "tag" for token in reading.pieces[after : after + 4])


def _negated(reading: Reading, first: int) -> bool:
    """Whether a word of direction is denied: isn't growing, no longer rising."""
    before = [token.text for token in reading.pieces[max(0, first - 3) : first]]
    return any(word in _DENIALS or word.endswith("n't") for word in before)


def _forecast(reading: Reading, first: int, sign: int) -> bool:
    """Whether what may come is borne out: a surge by a cited probability, any direction by a cited growth ahead."""
    ahead = [one for one in reading.cited if one.kind.forecast]
    subjects = reading.subjects[reading.sentence[first]]
    chances = [one for one in ahead if "probability" in one.kind.topics and (not subjects or one.tag in subjects)]
    if sign > 0 and "unlikely" in reading.words[reading.sentence[first]]:
        return any(one.metric.value < _EVEN_CHANCE for one in chances)
    if sign > 0 and chances:
        return True
    return any(one.metric.value * sign > 0 for one in ahead if one.change)


def _from_to(first: int, claims: Sequence[Claim]) -> float | None:
    """The step told by two numbers: from 8k to 12k, 12k up from 8k; None where a word tells no origin."""
    for place, claim in enumerate(claims):
        if claim.way is not None and claim.way.role == ORIGIN and claim.way.first == first:
            others = [*claims[place + 1 : place + 2], *claims[place - 1 : place]]
            beyond = [one for one in others[:1] if one.number.first - claim.number.last <= 2]
            for other in beyond or others[::-1]:
                if other.number.kind == claim.number.kind:
                    step = _signed(other) - _signed(claim)
                    return 0.0 if _older(other, claim) else -step if claim.number.kind == "rank" else step
    return None


def _turned(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """From an older reading to a newer one, and not the other way: from 8k to 12k."""
    for one, other in pairwise(claims) if reading.older else ():
        firsts = [claim.number.first for claim in (one, other) if claim.number.first]
        joints = [reading.pieces[first_joint(reading.pieces, first)].text for first in firsts]
        if joints == ["from", "to"] and _older(other, one):
            yield Violation("direction", (one.number.start, other.number.end), "goes from the newer to the older")


def _older(one: Claim, other: Claim) -> bool:
    """Whether a claim rests on an older reading than another of the same figure."""
    if not one.supports or not other.supports:
        return False
    first, second = one.supports[0].figures[:1], other.supports[0].figures[:1]
    return any(
        a.kind.family == b.kind.family and a.metric.window_end < b.metric.window_end for a in first for b in second
    )


def _signed(claim: Claim) -> float:
    return claim.supports[0].value if claim.supports else claim.number.value


def _stands_still(reading: Reading, claims: Sequence[Claim], first: int) -> bool:
    sentence = reading.sentence[first]
    told = [
        one.value
        for claim in claims
        if reading.sentence[claim.number.first] == sentence
        for one in claim.supports
        if one.change
    ]
    values = told or [one.metric.value for one in reading.cited if one.pace]
    return any(abs(value) < _FLAT_BELOW for value in values)
