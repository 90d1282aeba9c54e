"""Time words agree with the windows of what is cited; dates and times of day with where those windows end."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from core.grounding_claims import Claim, covered
from core.grounding_reading import Reading
from core.grounding_spans import Span
from core.grounding_support import SPAN
from core.grounding_violation import Violation

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_OF = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS, 1)
}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
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
        ends = _edges(reading) if ends is None else ends
        if not any(_is_told(token.text, edge) for edge in ends):
            yield Violation("time", reading.span_of(place, place + 1), f"{token.text!r} is no edge of a cited window")


def _edges(reading: Reading) -> list[datetime]:
    found = []
    for figure in reading.cited:
        try:
            end = datetime.fromisoformat(figure.metric.window_end)
        except ValueError:
            continue
        found += [end, *(end - timedelta(hours=hours) for hours in figure.windows)]
    return found


def _is_told(told: str, edge: datetime) -> bool:
    if told in _WEEKDAYS:
        return _WEEKDAYS[edge.weekday()] == told
    if told[:4].isdigit() and not edge.date().isoformat().startswith(told[:10]):
        return False
    clock = _CLOCK.search(told)
    return clock is None or (int(clock[1]), int(clock[2])) == (edge.hour, edge.minute)


def is_date(reading: Reading, first: int, last: int) -> bool:
    """Whether a number is the day or the year of a date at the edge of a cited window: 14 May 2025, May 14th."""
    texts = [token.text for token in reading.pieces[max(0, first - 3) : last + 3]]
    month = next((_MONTH_OF[text] for text in texts if text in _MONTH_OF), 0)
    told = int("".join(letter for letter in reading.pieces[first].text if letter.isdigit()) or 0)
    return any(month == edge.month and told in (edge.day, edge.year) for edge in _edges(reading)) if month else False
