"""Words of rising and falling that stand at no number, levels (rose to 12k, up from 8k), and more than before."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from core.grounding.evidence import Violation
from core.grounding.figures import Figure
from core.grounding.number_directions import expects, first_joint
from core.grounding.parsing import Reading, supposed
from core.grounding.superlatives import unrivalled
from core.grounding.support import AMOUNT, DIFFERENCE, LEVEL, ORIGIN, Claim, pairs, steps
from core.grounding.vocabulary import ACCELERATION_WORDS, COMPARATIVES, FLAT, PACE_WORDS

_DENIALS = frozenset(["not", "no", "never", "without", "hardly", "nothing"])
_FLAT_BELOW, _EVEN_CHANCE = 0.05, 0.5
_GAINED = frozenset({"gain", "gains", "gained"})
_REACH = 7


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


def more_than_before_agrees(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """What is said to be more or fewer than before, without a number, is so by an older reading or a cited pace."""
    bound = {claim.way.first for claim in claims if claim.way is not None}
    for span in reading.spans:
        if not span.earlier:
            continue
        for at in range(max(0, span.first - _REACH), span.first):
            sign = COMPARATIVES.get(reading.pieces[at].text, 0)
            beside = [token.text for token in reading.pieces[at + 1 : span.first]]
            alike = reading.sentence[at] == reading.sentence[span.first]
            if sign and alike and at not in bound and "than" in beside and not _moved(reading, at, span.first, sign):
                yield Violation("direction", reading.span_of(at, span.last), "no cited change since then has that sign")


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


def goes(reading: Reading, claims: Sequence[Claim], first: int, sign: int) -> bool:
    """Whether the changes that the word at token `first` speaks of go up (sign 1) or down (-1)."""
    levels = [one for one in claims if one.way is not None and one.way.role == LEVEL and one.way.first == first]
    if levels:
        return _reached(reading, levels, sign)
    clause = reading.clause[first]
    stepped = _stepped(reading, clause)
    if stepped is not None:
        return any(step * sign > 0 for step in stepped)
    word = reading.pieces[first].text
    if word in ("above", "below"):
        seen = [one for one in _seen(reading) if one.pace]
        unusual = [one for one in reading.cited if one.kind.family == "z"] or seen
        return any(one.metric.value * sign > 0 for one in unusual)
    told = _told(reading, claims, first, sign)
    if told is not None:
        return told
    own = frozenset(tag for at, tag in reading.tags if reading.clause[at] == clause)
    subjects = own or reading.subjects[reading.sentence[first]]
    cited = [(one, one.metric.value) for one in _seen(reading) if not subjects or one.tag in subjects]
    fitting = _of_kind(cited, word) or [
        (one.figures[0], one.value) for one in pairs(reading.cited) if one.how == DIFFERENCE
    ]
    return any(value * sign > 0 for _, value in fitting)


def _reached(reading: Reading, levels: Sequence[Claim], sign: int) -> bool:
    """Whether a level was reached that way, by an older reading of it or by a cited change of the same thing."""
    figures = [figure for claim in levels for one in claim.supports for figure in one.figures]
    now = {figure.metric.id for figure in figures}
    about = {topic for figure in figures for topic in figure.kind.topics}
    older = [one for one in steps(reading.cited, about) if one.figures[0].metric.id in now]
    if older:
        return any(step.lead * sign > 0 for step in older)
    moved = [one for one in _seen(reading) if one.kind.topics & about]
    if any(figure.pace for figure in figures):
        moved = [one for one in moved if one.accelerates] or [one for one in moved if one.pace]
    return any(one.metric.value * sign > 0 for one in moved if one.pace or sign > 0)


def _stepped(reading: Reading, clause: int) -> list[float] | None:
    """The steps since older readings of what a clause names; None where there are none or a cited pace tells it."""
    places = [at for at, of in enumerate(reading.clause) if of == clause]
    topics = reading.topics(places[0], places[-1] + 1)
    if not topics or any(one.pace and one.kind.topics & topics for one in reading.cited):
        return None
    return [one.lead for one in steps(reading.cited, topics)] or None


def _told(reading: Reading, claims: Sequence[Claim], first: int, sign: int) -> bool | None:
    """Whether the changes printed in the clause, else in the sentence, go that way; None where none decides."""
    clause, sentence, word = reading.clause[first], reading.sentence[first], reading.pieces[first].text
    told = [(claim, one) for claim in claims for one in claim.supports if one.change]
    near = [one for claim, one in told if reading.clause[claim.number.first] == clause]
    around = [one for claim, one in told if reading.sentence[claim.number.first] == sentence]
    own = {tag for at, tag in reading.tags if reading.clause[at] == clause}
    if len(own) == 1:
        around = [one for one in around if all(figure.tag in own for figure in one.figures)]
    if word not in PACE_WORDS:
        around = [one for one in around if not one.figures[0].accelerates]
    for scope in (near, around):
        fitting = _of_kind([(one.figures[0], one.value) for one in scope], word)
        paced = any(figure.pace or one.how == DIFFERENCE for one in scope for figure in one.figures)
        if fitting and (sign > 0 or paced):
            return any(value * sign > 0 for _, value in fitting)
        if any(value * sign > 0 for _, value in fitting):
            return True
    return None


def _seen(reading: Reading) -> list[Figure]:
    """The cited changes that were seen, and not forecast."""
    return [one for one in reading.cited if one.change and not one.kind.forecast]


def _of_kind(changes: Sequence[tuple[Figure, float]], word: str) -> list[tuple[Figure, float]]:
    """The changes a word speaks of: accelerating of an acceleration, faster of a pace, gained of an amount, rising of
    pace or amount."""
    amounts = [one for one in changes if one[0].metric.unit == "count"]
    if word in _GAINED and amounts:
        return amounts
    accelerations = [one for one in changes if one[0].accelerates]
    paces = [one for one in changes if one[0].pace and not one[0].accelerates]
    if word in ACCELERATION_WORDS and accelerations:
        return accelerations
    if word in PACE_WORDS:
        return [*paces, *accelerations] or list(changes)
    return paces or [one for one in changes if not one[0].accelerates] or list(changes)


def _moved(reading: Reading, first: int, last: int, sign: int) -> bool:
    topics = reading.topics(first, last)
    subjects = reading.subjects[reading.sentence[first]]
    cited = [one for one in reading.cited if not subjects or one.tag in subjects]
    since = [one.lead for one in steps(cited, topics)] if topics else []
    paces = [one for one in cited if one.pace and not one.kind.forecast and not one.accelerates]
    told = since or [one.metric.value for one in paces if not topics or one.kind.topics & topics]
    return any(value * sign > 0 for value in told)
