"""What in the evidence bears a number out: a cited figure, or a ratio, difference or relative change of two."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from core.grounding.figures import Figure, older_readings
from core.grounding.numbers import Number
from core.grounding.parsing import Reading, supposed

FIGURE, SPAN, COUNT, DIFFERENCE, CHANGE, RATIO, PER = "figure", "span", "count", "difference", "change", "ratio", "per"
_SHARES = ("ratio", "score")
_COUNTABLE: dict[str, Callable[[Sequence[Figure]], int]] = {
    "hashtags": lambda figures: len({one.tag for one in figures}),
    "windows": lambda figures: len({one.metric.window_h for one in figures}),
}
_MULTIPLES_OF = frozenset({"as", "the", "that", "what", "its", "more", "of"})
_PER = frozenset({"per", "each", "apiece", "every", "average", "mean", "averaging", "averaged", "averages"})
_PLACES = frozenset({"places", "ranks", "spots", "positions"})
_OUTSIDE = frozenset({"outside", "not", "beyond", "missed", "misses", "below", "isn't", "wasn't", "didn't"})
_INTERVALS = frozenset({"interval", "range", "band"})
_INTERVAL_PERCENT = 80.0
AMOUNT, LEVEL, ORIGIN = "amount", "level", "origin"


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


@dataclass(frozen=True, slots=True)
class Way:
    """A direction told of a number.

    Parameters
    ----------
    sign: 1 up, -1 down, 0 only that two figures are compared
    role: amount (rose by 12k), level (rose to 12k) or origin (up from 12k)
    first, last: its tokens
    """

    sign: int
    role: str
    first: int
    last: int


@dataclass(slots=True)
class Claim:
    """A number, what is told of it, and what bears it out.

    Parameters
    ----------
    number: as told
    way: its direction
    terms: topics of the words bound to it; one of them must fit
    supports: what bears it out in every respect; empty where `wrong` says why not
    base: topics of what it is told as a part of (35 % of its views)
    wrong: rule and reason, where nothing does
    """

    number: Number
    way: Way | None
    terms: list[frozenset[str]]
    supports: list[Support]
    base: frozenset[str] = frozenset()
    wrong: tuple[str, str] | None = None

    @property
    def span(self) -> bool:
        """Whether it is the length of a window, and no figure of its own."""
        return bool(self.supports) and all(one.how == SPAN for one in self.supports)


def candidates(
    reading: Reading, number: Number, way: Way | None, terms: list[frozenset[str]], couples: Sequence[Support]
) -> Iterator[Support]:
    """Yield what a number may rest on, by its value and by the ids in brackets beside it."""
    pieces = reading.pieces
    behind = [token.text for token in pieces[number.last : number.last + 5]]
    before = [token.text for token in pieces[max(0, number.first - 5) : number.first]]
    multiple = bool(behind) and behind[0] in _MULTIPLES_OF
    allowed = _cited_here(reading, number)
    near = reading.cited if allowed is None else [one for one in reading.cited if one.metric.id in allowed]
    if number.kind == "top" and not _OUTSIDE.isdisjoint(before):
        ranks = [one for one in near if one.kind.family == "rank" and one.metric.value > number.value]
        yield from (Support(FIGURE, (one,), one.metric.value) for one in ranks)
    elif not _PLACES & set(behind[:1]):  # two places ahead is no rank of 2
        yield from direct(number, near, multiple)
    if not terms and _is_all(reading, number) and _COUNTABLE["hashtags"](reading.cited) == number.value:
        yield Support(COUNT, (), number.value)
    for topic in terms[-1] if terms and number.kind == "plain" else ():
        count = _COUNTABLE.get(topic)
        if count is not None and count(reading.cited) == number.value:
            yield Support(COUNT, (), number.value)
    if number.kind == "grown" and supposed(reading, number.first) and _grows_so(reading, number):
        yield Support(COUNT, (), number.value)
    if number.kind == "percent" and number.value == _INTERVAL_PERCENT and _INTERVALS & set(behind):
        yield Support(COUNT, (), number.value)
    compared = way is not None or bool(number.sign) or "by" in before or "points" in behind[:2]
    share = behind[:1] == ["of"] or "share" in before or "share" in behind
    per = not _PER.isdisjoint(reading.words[reading.sentence[number.first]])
    for one in derived(number, couples, compared, share, per or "ratio" in before):
        if allowed is None or any(figure.metric.id in allowed for figure in one.figures):
            yield one


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


def steps(figures: Sequence[Figure], topics: Collection[str]) -> list[Support]:
    """The differences to older readings of figures that have one of the topics."""
    older = older_readings(figures)
    return [
        one
        for one in pairs([figure for figure in figures if figure.metric.id in older] if older else ())
        if one.how == DIFFERENCE
        and one.figures[0].tag == one.figures[1].tag
        and one.figures[0].metric.metric == one.figures[1].metric.metric
        and one.figures[0].metric.window_h == one.figures[1].metric.window_h
        and not one.figures[0].kind.topics.isdisjoint(topics)
    ]


def _is_all(reading: Reading, number: Number) -> bool:
    """Whether a number stands for all hashtags told of: the smallest of the three, all three."""
    before = reading.pieces[number.first - 1].text if number.first else ""
    after = reading.pieces[number.last] if number.last < len(reading.pieces) else None
    return number.kind == "plain" and before in ("the", "all") and (after is None or after.kind == "mark")


def _grows_so(reading: Reading, grown: Number) -> bool:
    """Whether the two numbers behind a supposed growth, if it has them, bear it out: doubled from 20 % to 40 %."""
    at = reading.numbers.index(grown)
    two = reading.numbers[at + 1 : at + 3]
    if len(two) < 2 or [reading.pieces[place - 1].text for place in (two[0].first, two[1].first)] != ["from", "to"]:
        return True
    start, end = two
    return start.value > 0 and start.kind == end.kind and grown.holds(end.value / start.value)


def _cited_here(reading: Reading, number: Number) -> set[str] | None:
    """The ids in brackets that stand at a number: between the numbers around it."""
    if not reading.inline:
        return None
    starts = [one.start for one in reading.numbers if one.start > number.start]
    behind = [
        one for one in reading.inline if number.end <= one.start < min(starts, default=len(reading.narrative.text))
    ]
    ends = [one.end for one in reading.numbers if one.start < number.start]
    ahead = [one for one in reading.inline if max(ends, default=0) <= one.start < number.start]
    ids = {ident for one in (*behind, *ahead) for ident in one.ids}
    return ids if behind else None


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
