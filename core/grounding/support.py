"""What in the evidence bears a number out: a cited figure, or a ratio, difference or relative change of two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from core.grounding.figures import Figure
from core.grounding.numbers import Number

FIGURE, SPAN, COUNT, DIFFERENCE, CHANGE, RATIO, PER = "figure", "span", "count", "difference", "change", "ratio", "per"
_SHARES = ("ratio", "score")


@dataclass(frozen=True, slots=True)
class Support:
    """One way in which the evidence bears a number out.

    Parameters
    ----------
    how: figure, span (length of a window), count, difference, change (relative), ratio or per (ratio of unlike figures)
    figures: what it rests on; of two the first is the one told of
    value: the signed figure
    """

    how: str
    figures: tuple[Figure, ...]
    value: float

    @property
    def change(self) -> bool:
        """Whether its sign says which way something goes."""
        return self.how in (DIFFERENCE, CHANGE) or (self.how == FIGURE and self.figures[0].change)

    @property
    def lead(self) -> float:
        """The figure as it says which is ahead or up: of ranks the lower one is."""
        return -self.value if self.how == DIFFERENCE and self.figures[0].kind.family == "rank" else self.value


def direct(number: Number, figures: Sequence[Figure], multiple: bool) -> Iterator[Support]:
    """Yield the figures that are the number as told; `multiple` where "3x" says three times as much, not 3x more."""
    fits = _FITS.get(number.kind)
    for figure in figures:
        if fits is not None and fits(number, figure, multiple):
            yield Support(FIGURE, (figure,), figure.metric.value)
        if number.kind == "hours" and not number.sign and number.value in figure.windows:
            yield Support(SPAN, (figure,), number.value)


def pairs(figures: Sequence[Figure]) -> list[Support]:
    """Ratios, differences and relative changes of every two figures that can be compared."""
    found = []
    for one, other in permutations(figures, 2):
        if one.metric.unit != other.metric.unit:
            continue
        value, base = one.metric.value, other.metric.value
        if one.kind.family != other.kind.family:
            rates = one.metric.metric.endswith("_rate") and other.metric.metric.endswith("_rate")
            if base and value > 0 < base and (one.metric.unit == "count" or rates):
                found.append(Support(PER, (one, other), value / base))
            continue
        if _earlier(one, other):
            continue
        found.append(Support(DIFFERENCE, (one, other), value - base))
        quantiles = "quantile" in one.kind.topics and one.metric.metric != other.metric.metric
        if base and not quantiles:  # of two quantiles only how far they lie apart is told
            found.append(Support(CHANGE, (one, other), (value - base) / abs(base)))
            found.append(Support(RATIO, (one, other), value / base))
    return found


def derived(number: Number, candidates: Sequence[Support], compared: bool, share: bool, per: bool) -> Iterator[Support]:
    """Yield the pairs that bear a number out.

    Parameters
    ----------
    compared: whether the words compare two figures (35 % more, a gap of 4k)
    share: whether they tell a part of something (35 % of)
    per: whether they tell a ratio of unlike things (857 views per creator)
    """
    kind = number.kind
    for one in candidates:
        how, value = one.how, one.value
        if how == DIFFERENCE:
            unit = one.figures[0].metric.unit
            if kind == "points":
                value = 100 * value if unit in _SHARES else value
                fits = unit in (*_SHARES, "percent")
            elif kind == "percent":
                fits = compared and unit == "percent"
            else:
                fits = compared and (kind == "plain" or (kind == "hours" and unit == "hours"))
        elif how == CHANGE:
            value = 100 * value if kind == "percent" else value
            fits = compared and kind in ("percent", "part")
        elif kind in ("times", "grown"):
            fits = how == RATIO or kind == "times"
        elif kind in ("percent", "part"):
            value = 100 * value if kind == "percent" else value
            counts = one.figures[0].metric.unit == "count"
            fits = (share and (how == RATIO or counts)) or (kind == "part" and how == RATIO)
        else:
            fits = per and kind == "plain"
        if fits and number.holds(abs(value)):
            yield one


def _earlier(one: Figure, other: Figure) -> bool:
    """Whether the first is an older reading of the same figure: changes are told from old to new."""
    same = one.metric.metric == other.metric.metric and one.tag == other.tag
    return same and one.metric.window_h == other.metric.window_h and one.metric.window_end < other.metric.window_end


def _plain(number: Number, figure: Figure, multiple: bool) -> bool:
    return number.holds(abs(figure.metric.value))


def _percent(number: Number, figure: Figure, multiple: bool) -> bool:
    value, unit = abs(figure.metric.value), figure.metric.unit
    if unit == "percent":
        return number.holds(value)
    return (unit == "ratio" or (unit == "score" and value <= 1)) and number.holds(100 * value)


def _points(number: Number, figure: Figure, multiple: bool) -> bool:
    apart = figure.change and not figure.kind.family.startswith(
        ("velocity", "growth", "acceleration", "gained", "views")
    )
    return apart and _percent(number, figure, multiple)


def _times(number: Number, figure: Figure, multiple: bool) -> bool:
    value = figure.metric.value
    if figure.metric.unit != "ratio":
        return False
    return number.holds(1 + value if figure.kind.relative and multiple else abs(value))


def _grown(number: Number, figure: Figure, multiple: bool) -> bool:
    value, unit = figure.metric.value, figure.metric.unit
    if unit not in ("ratio", "percent") or not figure.kind.relative:
        return False
    return number.holds(1 + (value / 100 if unit == "percent" else value))


def _part(number: Number, figure: Figure, multiple: bool) -> bool:
    value, unit = abs(figure.metric.value), figure.metric.unit
    return unit in (*_SHARES, "percent") and number.holds(value / 100 if unit == "percent" else value)


def _hours(number: Number, figure: Figure, multiple: bool) -> bool:
    return figure.metric.unit == "hours" and number.holds(abs(figure.metric.value))


def _rank(number: Number, figure: Figure, multiple: bool) -> bool:
    return figure.kind.family == "rank" and number.holds(figure.metric.value)


def _top(number: Number, figure: Figure, multiple: bool) -> bool:
    return figure.kind.family == "rank" and 1 <= figure.metric.value <= number.value


def _percentile(number: Number, figure: Figure, multiple: bool) -> bool:
    return f"p{number.value:.0f}" in figure.kind.topics


_FITS: dict[str, Callable[[Number, Figure, bool], bool]] = {
    "plain": _plain,
    "percent": _percent,
    "points": _points,
    "times": _times,
    "grown": _grown,
    "part": _part,
    "hours": _hours,
    "rank": _rank,
    "top": _top,
    "percentile": _percentile,
}
