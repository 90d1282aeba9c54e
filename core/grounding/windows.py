"""Whether a figure may be told with the time words beside it."""

from collections.abc import Mapping, Sequence

from core.grounding.figures import STANDING, WINDOWED, Figure
from core.grounding.spans import AHEAD, BACK, Span
from core.grounding.support import COUNT, FIGURE, PER, SPAN, Support


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
