"""Time spans, dates and times of day must agree with the windows of what is cited."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from core.grounding.evidence import Violation
from core.grounding.figures import STANDING, WINDOWED, Figure, moment_of
from core.grounding.numbers import Number
from core.grounding.parsing import ParsedText
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


def windows_agree(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each time span that is the window of nothing stated beside it."""
    figure_starts = {claim.number.first for claim in claims if claim.supports and not claim.span}
    failed = {claim.number.first for claim in claims if claim.problem is not None}
    for span in parsed.spans:
        if span.first in figure_starts or span.first in failed:
            continue
        if not _window_is_cited(parsed, claims, span):
            first, last = parsed.span_of(span.first, span.last)
            text = parsed.source.text[first:last]
            yield Violation("time", (first, last), f"{text!r} is the window of nothing that is told here")


def moments_agree(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each date, weekday and time of day at which no cited window begins or ends."""
    ends: list[datetime] | None = None
    for place, token in enumerate(parsed.tokens):
        if token.kind != "moment" and token.text not in _WEEKDAYS:
            continue
        ends = window_edges(parsed.cited) if ends is None else ends
        if not any(_is_window_edge(token.text, edge) for edge in ends):
            yield Violation("time", parsed.span_of(place, place + 1), f"{token.text!r} is no edge of a cited window")


def fits_window(support: Support, close: Sequence[Span], here: Sequence[Span], older: Mapping[str, bool]) -> bool:
    """Return whether the windows of a support fit the time spans around its number.

    Parameters
    ----------
    support: what may back the number
    close, here: time spans of the clause, of the sentence
    older: by id, whether a figure with several readings is an older one; empty if the spans may be about another number
    """
    if support.how in (SPAN, COUNT):
        return True
    if older and not _is_of_its_time(support, close, older):
        return False
    for figure in support.figures:
        if figure.metric.metric in STANDING or figure.kind.forecast:
            if figure.change and here and all(span.direction == BACK for span in here):
                return False
            if any(span.direction == AHEAD for span in close) and not figure.kind.forecast:
                return False
            continue
        close = here if support.how == PER else close  # 3 % of the 240k of the last day
        spans = close or (here if figure.kind.family in WINDOWED or figure.kind.spans else ())
        if spans and not any(window_fits(figure, span) for span in spans):
            return False
    return True


def window_fits(figure: Figure, span: Span) -> bool:
    """Return whether a figure may be stated with a time span: its window is as long and on the same side of now."""
    if span.direction == AHEAD and not figure.kind.forecast:
        return False
    if span.direction == BACK and figure.kind.forecast and figure.kind.family != "rank":
        return False
    return any(span.covers(hours) for hours in figure.windows)


def _is_of_its_time(support: Support, close: Sequence[Span], older: Mapping[str, bool]) -> bool:
    """Return whether a reading is not an older one beside "the last hour", nor the newest beside "the hour before"."""
    is_older = older.get(support.figures[0].metric.id) if support.how == FIGURE else None
    if is_older is None:
        return True
    return any(span.earlier == is_older or not (span.earlier or span.latest) for span in close)


def window_edges(figures: Sequence[Figure]) -> list[datetime]:
    """Return when the windows of figures begin and end, in UTC; what is no time of the calendar is left out."""
    times = []
    for figure in figures:
        end = moment_of(figure.metric.window_end)
        if end is None:
            continue
        times.append(end)
        for hours in figure.windows:
            try:
                times.append(end - timedelta(hours=hours))
            except (OverflowError, ValueError):
                continue
    return times


def date_agrees(tokens: Sequence[Token], number: Number, figures: Sequence[Figure]) -> bool | None:
    """Return whether a day or year beside a month's name is that of a window's edge; None without a month beside it."""
    if number.kind not in ("plain", "rank") or not number.value.is_integer():
        return None
    month = _month(tokens, number.first - 1, -1) or _month(tokens, number.last, 1)
    if not month:
        return None
    return any(month == edge.month and int(number.value) in (edge.day, edge.year) for edge in window_edges(figures))


def _month(tokens: Sequence[Token], place: int, step: int) -> int:
    """Return the month named beside a number, across a day before the year; 0 without one."""
    for _ in range(3):
        if not 0 <= place < len(tokens):
            return 0
        token = tokens[place]
        if token.text in _MONTH_OF:
            return _MONTH_OF[token.text]
        if token.text not in _JOINTS and not (token.kind == "number" and step < 0):
            return 0
        place += step
    return 0


def _window_is_cited(parsed: ParsedText, claims: Sequence[Claim], span: Span) -> bool:
    """Return whether a figure stated beside a time span, else any cited figure, has such a window."""
    sentence, clause = parsed.sentence[span.first], parsed.clause[span.first]
    stated = [claim for claim in claims if parsed.sentence[claim.number.first] == sentence and not claim.span]
    if any(claim.problem is not None for claim in stated):
        return True  # another rule reports it
    close = [claim for claim in stated if parsed.clause[claim.number.first] == clause]
    for scope in (close, stated):
        figures = [
            figure for claim in scope for support in claim.supports if support.how != SPAN for figure in support.figures
        ]
        if any(window_fits(figure, span) for figure in figures):
            return True
        if figures and scope is close:
            return False
    subjects = parsed.subjects[sentence]
    return any(window_fits(figure, span) for figure in parsed.cited if not subjects or figure.tag in subjects)


def _is_window_edge(text: str, edge: datetime) -> bool:
    """Return whether a weekday, date or time of day is that of a window's edge."""
    if text in _WEEKDAYS:
        return _WEEKDAYS[edge.weekday()] == text
    if text[:4].isdigit() and not edge.date().isoformat().startswith(text[:10]):
        return False
    clock = _CLOCK.search(text)
    return clock is None or (int(clock[1]), int(clock[2])) == (edge.hour, edge.minute)
