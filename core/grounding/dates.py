"""Days and years of dates: 14 May 2025 is no figure, and must be at the edge of a cited window."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.grounding.figures import Figure
from core.grounding.numbers import Number
from core.grounding.tokens import Token
from core.grounding.wordlists import words

_MONTHS = words("january february march april may june july august september october november december")
_MONTH_OF = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS, 1)
}
_JOINTS = frozenset({",", "of", "th", "st", "nd", "rd", "the"})


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
