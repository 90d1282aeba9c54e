"""What in the evidence backs a number: a cited figure, or a ratio, difference or relative change of two."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from core.grounding.figures import Figure, is_earlier, older_readings
from core.grounding.numbers import Number
from core.grounding.parsing import ParsedText, is_hypothetical

FIGURE, SPAN, COUNT, DIFFERENCE, CHANGE, RATIO, PER = "figure", "span", "count", "difference", "change", "ratio", "per"
_SHARES = ("ratio", "score")
_COUNTABLE: dict[str, Callable[[Sequence[Figure]], int]] = {
    "hashtags": lambda figures: len({figure.tag for figure in figures}),
    "windows": lambda figures: len({figure.metric.window_h for figure in figures}),
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
    """One way in which the evidence backs a number.

    Parameters
    ----------
    how: figure, span (length of a window), count, difference, change (relative), ratio or per (ratio of unlike figures)
    figures: figures it rests on; the text is about the first of two
    value: the signed value
    """

    how: str
    figures: tuple[Figure, ...]
    value: float

    @property
    def change(self) -> bool:
        """Whether its sign is a direction."""
        return self.how in (DIFFERENCE, CHANGE) or (self.how == FIGURE and self.figures[0].change)

    @property
    def lead(self) -> float:
        """The value, positive for what is ahead or up: the lower of two ranks is ahead."""
        return -self.value if self.how == DIFFERENCE and self.figures[0].kind.family == "rank" else self.value


@dataclass(frozen=True, slots=True)
class NumberDirection:
    """The direction that a text gives a number.

    Parameters
    ----------
    sign: 1 for up, -1 for down, 0 if the text only compares two figures
    role: amount (rose by 12k), level (rose to 12k) or origin (up from 12k)
    first, last: first token of its words, and the one after the last
    """

    sign: int
    role: str
    first: int
    last: int


@dataclass(slots=True)
class Claim:
    """A number, what the text states of it, and what backs it.

    Parameters
    ----------
    number: the number
    direction: the direction it is given
    terms: topics of the words bound to it; at least one of these sets must fit
    supports: what backs it in every respect; empty if `problem` says why nothing does
    base: topics of what it is a share of (35 % of its views)
    problem: the rule it breaks and the reason, if nothing backs it
    """

    number: Number
    direction: NumberDirection | None
    terms: list[frozenset[str]]
    supports: list[Support]
    base: frozenset[str] = frozenset()
    problem: tuple[str, str] | None = None

    @property
    def span(self) -> bool:
        """Whether it is the length of a window, and no figure of its own."""
        return bool(self.supports) and all(support.how == SPAN for support in self.supports)


def candidates(
    parsed: ParsedText,
    number: Number,
    direction: NumberDirection | None,
    terms: list[frozenset[str]],
    couples: Sequence[Support],
) -> Iterator[Support]:
    """Yield what may back a number, by its value and by the ids in brackets beside it."""
    tokens = parsed.tokens
    behind = [token.text for token in tokens[number.last : number.last + 5]]
    before = [token.text for token in tokens[max(0, number.first - 5) : number.first]]
    multiple = bool(behind) and behind[0] in _MULTIPLES_OF
    allowed = _ids_beside(parsed, number)
    near = parsed.cited if allowed is None else [figure for figure in parsed.cited if figure.metric.id in allowed]
    if number.kind == "top" and not _OUTSIDE.isdisjoint(before):
        ranks = [figure for figure in near if figure.kind.family == "rank" and figure.metric.value > number.value]
        yield from (Support(FIGURE, (figure,), figure.metric.value) for figure in ranks)
    elif not _PLACES & set(behind[:1]):  # two places ahead is no rank of 2
        yield from direct(number, near, multiple)
    if not terms and _is_all(parsed, number) and _COUNTABLE["hashtags"](parsed.cited) == number.value:
        yield Support(COUNT, (), number.value)
    for topic in terms[-1] if terms and number.kind == "plain" else ():
        count = _COUNTABLE.get(topic)
        if count is not None and count(parsed.cited) == number.value:
            yield Support(COUNT, (), number.value)
    if number.kind == "grown" and is_hypothetical(parsed, number.first) and _growth_is_stated(parsed, number):
        yield Support(COUNT, (), number.value)
    if number.kind == "percent" and number.value == _INTERVAL_PERCENT and _INTERVALS & set(behind):
        yield Support(COUNT, (), number.value)
    compared = direction is not None or bool(number.sign) or "by" in before or "points" in behind[:2]
    share = behind[:1] == ["of"] or "share" in before or "share" in behind
    per = not _PER.isdisjoint(parsed.words[parsed.sentence[number.first]])
    for pair in derived(number, couples, compared, share, per or "ratio" in before):
        if allowed is None or any(figure.metric.id in allowed for figure in pair.figures):
            yield pair


def direct(number: Number, figures: Sequence[Figure], multiple: bool) -> Iterator[Support]:
    """Yield the figures that equal the number; `multiple` if "3x" means three times as much, not 3x more."""
    fits = _FITS.get(number.kind)
    for figure in figures:
        if fits is not None and fits(number, figure, multiple):
            yield Support(FIGURE, (figure,), figure.metric.value)
        if number.kind == "hours" and not number.sign and number.value in figure.windows:
            yield Support(SPAN, (figure,), number.value)


def pairs(figures: Sequence[Figure]) -> list[Support]:
    """Return the ratios, differences and relative changes of every two comparable figures."""
    supports = []
    for first, other in permutations(figures, 2):
        if first.metric.unit != other.metric.unit:
            continue
        value, base = first.metric.value, other.metric.value
        if first.kind.family != other.kind.family:
            rates = first.metric.metric.endswith("_rate") and other.metric.metric.endswith("_rate")
            if base and value > 0 < base and (first.metric.unit == "count" or rates):
                supports.append(Support(PER, (first, other), value / base))
            continue
        if _earlier(first, other):
            continue
        supports.append(Support(DIFFERENCE, (first, other), value - base))
        quantiles = "quantile" in first.kind.topics and first.metric.metric != other.metric.metric
        if base and not quantiles:  # two quantiles only have a distance
            supports.append(Support(CHANGE, (first, other), (value - base) / abs(base)))
            supports.append(Support(RATIO, (first, other), value / base))
    return supports


def derived(number: Number, candidates: Sequence[Support], compared: bool, share: bool, per: bool) -> Iterator[Support]:
    """Yield the pairs that back a number.

    Parameters
    ----------
    number: the number
    candidates: ratios, differences and changes of two figures
    compared: whether the words compare two figures (35 % more, a gap of 4k)
    share: whether they state a part of something (35 % of)
    per: whether they state a ratio of unlike things (857 views per creator)
    """
    kind = number.kind
    for pair in candidates:
        how, value = pair.how, pair.value
        if how == DIFFERENCE:
            unit = pair.figures[0].metric.unit
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
            counts = pair.figures[0].metric.unit == "count"
            fits = (share and (how == RATIO or counts)) or (kind == "part" and how == RATIO)
        else:
            fits = per and kind == "plain"
        if fits and number.matches(abs(value)):
            yield pair


def steps(figures: Sequence[Figure], topics: Collection[str]) -> list[Support]:
    """Return the differences from older readings of the figures that have one of the topics."""
    older = older_readings(figures)
    return [
        pair
        for pair in pairs([figure for figure in figures if figure.metric.id in older] if older else ())
        if pair.how == DIFFERENCE
        and pair.figures[0].tag == pair.figures[1].tag
        and pair.figures[0].metric.metric == pair.figures[1].metric.metric
        and pair.figures[0].metric.window_h == pair.figures[1].metric.window_h
        and not pair.figures[0].kind.topics.isdisjoint(topics)
    ]


def _is_all(parsed: ParsedText, number: Number) -> bool:
    """Return whether a number counts all hashtags of the text: the smallest of the three, all three."""
    before = parsed.tokens[number.first - 1].text if number.first else ""
    after = parsed.tokens[number.last] if number.last < len(parsed.tokens) else None
    return number.kind == "plain" and before in ("the", "all") and (after is None or after.kind == "mark")


def _growth_is_stated(parsed: ParsedText, grown: Number) -> bool:
    """Return whether a hypothetical growth agrees with a range behind it, if any: doubled from 20 % to 40 %."""
    at = parsed.numbers.index(grown)
    two = parsed.numbers[at + 1 : at + 3]
    if len(two) < 2 or [parsed.tokens[place - 1].text for place in (two[0].first, two[1].first)] != ["from", "to"]:
        return True
    start, end = two
    return start.value > 0 and start.kind == end.kind and grown.matches(end.value / start.value)


def _ids_beside(parsed: ParsedText, number: Number) -> set[str] | None:
    """Return the ids in brackets between a number and its neighbours; None if no brackets follow it."""
    if not parsed.inline:
        return None
    starts = (other.start for other in parsed.numbers if other.start > number.start)
    following = min(starts, default=len(parsed.source.text))
    behind = [citation for citation in parsed.inline if number.end <= citation.start < following]
    before = max((other.end for other in parsed.numbers if other.start < number.start), default=0)
    ahead = [citation for citation in parsed.inline if before <= citation.start < number.start]
    ids = {ident for citation in (*behind, *ahead) for ident in citation.ids}
    return ids if behind else None


def _earlier(first: Figure, other: Figure) -> bool:
    """Return whether the first is an older reading of the same figure: changes go from old to new."""
    same = first.metric.metric == other.metric.metric and first.tag == other.tag
    if not same or first.metric.window_h != other.metric.window_h:
        return False
    return is_earlier(first.metric.window_end, other.metric.window_end)


def _plain(number: Number, figure: Figure, multiple: bool) -> bool:
    return number.matches(abs(figure.metric.value))


def _percent(number: Number, figure: Figure, multiple: bool) -> bool:
    value, unit = abs(figure.metric.value), figure.metric.unit
    if unit == "percent":
        return number.matches(value)
    return (unit == "ratio" or (unit == "score" and value <= 1)) and number.matches(100 * value)


def _points(number: Number, figure: Figure, multiple: bool) -> bool:
    apart = figure.change and not figure.kind.family.startswith(
        ("velocity", "growth", "acceleration", "gained", "views")
    )
    return apart and _percent(number, figure, multiple)


def _times(number: Number, figure: Figure, multiple: bool) -> bool:
    value = figure.metric.value
    if figure.metric.unit != "ratio":
        return False
    return number.matches(1 + value if figure.kind.relative and multiple else abs(value))


def _grown(number: Number, figure: Figure, multiple: bool) -> bool:
    value, unit = figure.metric.value, figure.metric.unit
    if unit not in ("ratio", "percent") or not figure.kind.relative:
        return False
    return number.matches(1 + (value / 100 if unit == "percent" else value))


def _part(number: Number, figure: Figure, multiple: bool) -> bool:
    value, unit = abs(figure.metric.value), figure.metric.unit
    return unit in (*_SHARES, "percent") and number.matches(value / 100 if unit == "percent" else value)


def _hours(number: Number, figure: Figure, multiple: bool) -> bool:
    return figure.metric.unit == "hours" and number.matches(abs(figure.metric.value))


def _rank(number: Number, figure: Figure, multiple: bool) -> bool:
    return figure.kind.family == "rank" and number.matches(figure.metric.value)


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
