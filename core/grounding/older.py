"""Older readings of a figure beside its newest, and the steps between them."""

from collections.abc import Collection, Sequence

from core.grounding.figures import Figure
from core.grounding.support import DIFFERENCE, Support, pairs


def older_readings(figures: Sequence[Figure]) -> dict[str, bool]:
    """Of figures read more than once, by id: whether it is an older reading than another one."""
    readings: dict[tuple[str, str, float], list[Figure]] = {}
    for one in figures:
        readings.setdefault((one.metric.metric, one.tag, one.metric.window_h), []).append(one)
    found: dict[str, bool] = {}
    for alike in readings.values():
        newest = max(one.metric.window_end for one in alike)
        if min(one.metric.window_end for one in alike) < newest:
            found |= {one.metric.id: one.metric.window_end < newest for one in alike}
    return found


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
