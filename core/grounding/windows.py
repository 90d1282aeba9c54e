"""Time words, dates and times of day, held against the windows of what is cited."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from core.grounding.evidence import Violation
from core.grounding.figures import STANDING, WINDOWED, Figure
from core.grounding.numbers import Number
from core.grounding.parsing import Reading
from core.grounding.spans import AHEAD, BACK, Span
from core.grounding.support import COUNT, FIGURE, PER, SPAN, Claim, Support
from core.grounding.tokens import Token, words

_MONTHS = words("january february march april may june july august september october november december")
_MONTH_OF = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS, 1)
}
_JOINTS = frozenset({",", "of", "th", "st", "nd", "rd", "the"})
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


def moments_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """A date, a weekday or a time of day told is where a cited window begins or ends."""
    ends: list[datetime] | None = None
    for place, token in enumerate(reading.pieces):
        if token.kind != "moment" and token.text not in _WEEKDAYS:
            continue
        ends = edges(reading.cited) if ends is None else ends
        if not any(_is_told(token.text, edge) for edge in ends):
            yield Violation("time", reading.span_of(place, place + 1), f"{token.text!r} is no edge of a cited window")


def is_timed(one: Support, close: Sequence[Span], here: Sequence[Span], older: Mapping[str, bool]) -> bool:
    """Whether the windows fit the time words: of the clause or, for counts within a window, of the sentence.

    Parameters
    ----------
    close, here: the time words of the clause, of the sentence
    older: of figures read more than once, whether one is an older reading; empty where the words may be another's
    """
    if one.how in (SPAN, COUNT):
        return True
    if older and not _is_of_its_time(one, close, older):
        return False
    for figure in one.figures:
        if figure.metric.metric in STANDING or figure.kind.forecast:
            if figure.change and here and all(span.way == BACK for span in here):
                return False
            if any(span.way == AHEAD for span in close) and not figure.kind.forecast:
                return False
            continue
        close = here if one.how == PER else close  # 3 % of the 240k of the last day
        told = close or (here if figure.kind.family in WINDOWED or figure.kind.spans else ())
        if told and not any(covered(figure, span) for span in told):
            return False
    return True


def covered(figure: Figure, span: Span) -> bool:
    """Whether a figure may be told with time words: its window is as long, and on the right side of now."""
    if span.way == AHEAD and not figure.kind.forecast:
        return False
    if span.way == BACK and figure.kind.forecast and figure.kind.family != "rank":
        return False
    return any(span.covers(hours) for hours in figure.windows)


def _is_of_its_time(one: Support, close: Sequence[Span], older: Mapping[str, bool]) -> bool:
    """Whether a reading is not the older one where the last hour is told, nor the newest where the hour before is."""
    is_older = older.get(one.figures[0].metric.id) if one.how == FIGURE else None
    if is_older is None:
        return True
    return any(span.earlier == is_older or not (span.earlier or span.latest) for span in close)


def edges(figures: Sequence[Figure]) -> list[datetime]:
    """Where the windows of figures begin and end; an end that is no time is left out."""
    found = []
    for figure in figures:
        try:
            end = datetime.fromisoformat(figure.metric.window_end)
        except ValueError:
            continue
        found += [end, *(end - timedelta(hours=hours) for hours in figure.windows)]
    return found


def date_of(pieces: Sequence[Token], number: Number, figures: Sequence[Figure]) -> bool | None:
    """Whether a number at the name of a month is the day or year of such an edge; None where it is at none."""
    if number.kind not in ("plain", "rank") or number.value != int(number.value):
        return None
    month = _month(pieces, number.first - 1, -1) or _month(pieces, number.last, 1)
    if not month:
        return None
    return any(month == edge.month and int(number.value) in (edge.day, edge.year) for edge in edges(figures))


def _month(pieces: Sequence[Token], place: int, step: int) -> int:
    """The month named next to a number, across a day before the year; 0 where none is."""
    for _ in range(3):
        if not 0 <= place < len(pieces):
            return 0
        token = pieces[place]
        if token.text in _MONTH_OF:
            return _MONTH_OF[token.text]
        if token.text not in _JOINTS and not (token.kind == "number" and step < 0):
            return 0
        place += step
    return 0


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


def _is_told(told: str, edge: datetime) -> bool:
    if told in _WEEKDAYS:
        return _WEEKDAYS[edge.weekday()] == told
    if told[:4].isdigit() and not edge.date().isoformat().startswith(told[:10]):
        return False
    clock = _CLOCK.search(told)
    return clock is None or (int(clock[1]), int(clock[2])) == (edge.hour, edge.minute)
