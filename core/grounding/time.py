"""Time words agree with the windows of what is cited; dates and times of day with where those windows end."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from core.grounding.claim import Claim
from core.grounding.dates import edges
from core.grounding.reading import Reading
from core.grounding.spans import Span
from core.grounding.support import SPAN
from core.grounding.violation import Violation
from core.grounding.windows import covered

_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


def windows_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """A length of time told is that of a window of what is told beside it."""
    figures_told = {claim.number.first for claim in claims if claim.supports and not claim.span}
    failed = {claim.number.first for claim in claims if claim.wrong is not None}
    for span in reading.spans:
        if span.first in figures_told or span.first in failed:
            continue
        if not _known(reading, claims, span):
            first, last = reading.span_of(span.first, span.last)
            told = reading.narrative.text[first:last]
            yield Violation("time", (first, last), f"{told!r} is the window of nothing that is told here")


def _known(reading: Reading, claims: Sequence[Claim], span: Span) -> bool:
    sentence, clause = reading.sentence[span.first], reading.clause[span.first]
    told = [claim for claim in claims if reading.sentence[claim.number.first] == sentence and not claim.span]
    if any(claim.wrong is not None for claim in told):
        return True  # told already
    close = [claim for claim in told if reading.clause[claim.number.first] == clause]
    for scope in (close, told):
        figures = [figure for claim in scope for one in claim.supports if one.how != SPAN for figure in one.figures]
        if any(covered(figure, span) for figure in figures):
            return True
        if figures and scope is close:
            return False
    subjects = reading.subjects[sentence]
    return any(covered(one, span) for one in reading.cited if not subjects or one.tag in subjects)


def moments_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """A date, a weekday or a time of day told is where a cited window begins or ends."""
    ends: list[datetime] | None = None
    for place, token in enumerate(reading.pieces):
        if token.kind != "moment" and token.text not in _WEEKDAYS:
            continue
        ends = edges(reading.cited) if ends is None else ends
        if not any(_is_told(token.text, edge) for edge in ends):
            yield Violation("time", reading.span_of(place, place + 1), f"{token.text!r} is no edge of a cited window")


def _is_told(told: str, edge: datetime) -> bool:
    if told in _WEEKDAYS:
        return _WEEKDAYS[edge.weekday()] == told
    if told[:4].isdigit() and not edge.date().isoformat().startswith(told[:10]):
        return False
    clock = _CLOCK.search(told)
    return clock is None or (int(clock[1]), int(clock[2])) == (edge.hour, edge.minute)
