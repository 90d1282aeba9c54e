"""More or fewer than before: more creators than the day before."""

from collections.abc import Iterator, Sequence

from core.grounding.claim import Claim
from core.grounding.lexicon import COMPARATIVES
from core.grounding.older import steps
from core.grounding.reading import Reading
from core.grounding.violation import Violation

_REACH = 7


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


def _moved(reading: Reading, first: int, last: int, sign: int) -> bool:
    topics = reading.topics(first, last)
    subjects = reading.subjects[reading.sentence[first]]
    cited = [one for one in reading.cited if not subjects or one.tag in subjects]
    since = [one.lead for one in steps(cited, topics)] if topics else []
    paces = [one for one in cited if one.pace and not one.kind.forecast and not one.accelerates]
    told = since or [one.metric.value for one in paces if not topics or one.kind.topics & topics]
    return any(value * sign > 0 for value in told)
