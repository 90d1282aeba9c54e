"""What bears a number out by its value alone: cited figures, windows, and what is derived of two."""

from collections.abc import Callable, Iterator, Sequence

from core.grounding.figures import Figure
from core.grounding.numbers import Number
from core.grounding.reading import Reading
from core.grounding.support import COUNT, FIGURE, Support, derived, direct
from core.grounding.ways import Way, supposed

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
