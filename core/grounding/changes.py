"""Which cited changes a word of rising or falling is held against, and whether they go its way."""

from collections.abc import Sequence

from core.grounding.claim import Claim
from core.grounding.figures import Figure
from core.grounding.lexicon import ACCELERATION_WORDS, PACE_WORDS
from core.grounding.older import steps
from core.grounding.reading import Reading
from core.grounding.support import DIFFERENCE, pairs
from core.grounding.ways import LEVEL

_GAINED = frozenset({"gain", "gains", "gained"})


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
