"""What is said of two hashtags alike: a tie, as many as, both grew, 75 new videos each."""

from collections.abc import Iterator, Sequence

from core.grounding.claim import Claim
from core.grounding.reading import Reading
from core.grounding.support import DIFFERENCE, FIGURE, direct, pairs
from core.grounding.tokens import Phrases
from core.grounding.violation import Violation
from core.grounding.wordlists import phrases, words

_TIES = Phrases(
    dict.fromkeys(
        phrases(
            "tie, ties, tied, tying, on par, on a par, neck and neck, level with, drew level, draws level, dead heat, "
            "the same number of, the same share of, as many, as much, as fast, as high, as large"
        ),
        True,
    )
)
_LOOSE = frozenset(words("almost nearly about roughly around"))
_DENIED = frozenset(words("not isn't aren't never half twice hasn't doesn't don't didn't"))
_EVEN_WITHIN, _NEARLY_WITHIN = 0.05, 0.2
_LISTED = frozenset({"and", "to", "against"})
_BOTH, _EACH = frozenset({"both"}), frozenset({"each", "apiece"})
_EACH_WITHIN, _WAY_WITHIN = 4, 6


def ties_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """What is told of two hashtags alike is so in the cited figures of both."""
    if len({figure.tag for figure in reading.cited}) < 2:
        return
    for first, last, _ in _TIES.find(reading.pieces):
        if _is_tie(reading, first, last) and not _even(reading, first):
            yield Violation("direction", reading.span_of(first, last), "the cited figures of the two are not alike")
    for at, token in enumerate(reading.pieces):
        if token.text in _BOTH and not _lists(reading, at):
            yield from _both_go(reading, at)
    for claim in claims:
        if claim.wrong is None and _of_each(reading, claim) and not _holds_of_each(reading, claim):
            yield Violation("name", (claim.number.start, claim.number.end), "is not so of each hashtag")


def _is_tie(reading: Reading, first: int, last: int) -> bool:
    """Whether two hashtags are said to be alike: not twice as many, not as many as 40."""
    sentence, pieces = reading.sentence[first], reading.pieces
    behind = [token.text for token in pieces[last : last + 1]]
    counted = any(number.last == first or number.first == last + 1 for number in reading.numbers)
    denied = first and pieces[first - 1].text in _DENIED
    return len(_subjects(reading, sentence)) > 1 and not counted and not denied and behind != ["again"]


def _even(reading: Reading, first: int) -> bool:
    sentence = reading.sentence[first]
    loose = first and reading.pieces[first - 1].text in _LOOSE
    within = _NEARLY_WITHIN if loose else _EVEN_WITHIN
    ends = [at for at in range(first, len(reading.pieces)) if reading.sentence[at] == sentence]
    topics = reading.topics(first, ends[-1] + 1) or reading.named[sentence]
    apart = [
        abs(one.value) <= within * abs(one.figures[1].metric.value)
        for one in pairs(reading.cited)
        if one.how == DIFFERENCE
        and {figure.tag for figure in one.figures} <= _subjects(reading, sentence)
        and one.figures[0].tag != one.figures[1].tag
        and (not topics or topics & one.figures[0].kind.topics)
    ]
    return any(apart)


def _both_go(reading: Reading, both: int) -> Iterator[Violation]:
    """Both are growing: each hashtag has a cited change of that sign."""
    sentence = reading.sentence[both]
    for first, last, sign in reading.ways:
        if both < first <= both + _WAY_WITHIN and reading.sentence[first] == sentence:
            seen = [one for one in reading.cited if one.change and not one.kind.forecast and not one.accelerates]
            paces = [one for one in seen if one.pace] or seen
            moved = {one.tag for one in paces if one.metric.value * sign > 0}
            if len(_subjects(reading, sentence)) > 1 and not _subjects(reading, sentence) <= moved:
                yield Violation("direction", reading.span_of(first, last), "is not so of both hashtags")
            return


def _of_each(reading: Reading, claim: Claim) -> bool:
    """Whether a number is told of both hashtags or of each, with none or all of them named between."""
    first, last = claim.number.first, claim.number.last
    sentence = reading.sentence[first]
    if len(_subjects(reading, sentence)) < 2 or not claim.supports or claim.supports[0].how != FIGURE:
        return False
    after = [token.text for token in reading.pieces[last : last + _EACH_WITHIN]]
    if after[:1] and after[0] in _LISTED and any(one.first == last + 1 for one in reading.numbers):
        return False  # both grew, by 12 % and 20 %
    if not _EACH.isdisjoint(after):
        return True
    start = max((one.last for one in reading.numbers if one.last <= first), default=0)
    for at in range(first - 1, start - 1, -1):
        if reading.sentence[at] != sentence:
            return False
        if reading.pieces[at].text in (*_BOTH, *_EACH) and not _lists(reading, at):
            return len({tag for place, tag in reading.tags if at < place < first}) != 1
    return False


def _holds_of_each(reading: Reading, claim: Claim) -> bool:
    family = claim.supports[0].figures[0].kind.family
    alike = [one for one in reading.cited if one.kind.family == family]
    held = {one.figures[0].tag for one in direct(claim.number, alike, False)}
    return _subjects(reading, reading.sentence[claim.number.first]) <= held


def _subjects(reading: Reading, sentence: int) -> frozenset[str]:
    """The hashtags a sentence speaks of; all that are cited where none was named."""
    return reading.subjects[sentence] or frozenset(figure.tag for figure in reading.cited)


def _lists(reading: Reading, both: int) -> bool:
    """Whether "both" or "each" is of figures and of no hashtags: both views and creators, each video."""
    after = both + 1
    return after in reading.in_terms and not reading.topics(after, after + 1) & {"hashtags"}
