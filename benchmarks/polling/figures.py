"""Scores how well, and how early, a run showed the true surges of its world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from benchmarks.polling.runs import DAYS, FIRST_DAY, Run
from core.windows import HOUR
from sources.world.kinds import HashtagKind
from sources.world.world import World

TRUE_KINDS = (HashtagKind.ORGANIC_SURGE, HashtagKind.COPY_CAT, HashtagKind.SLOW_BURN)
EARLY = timedelta(hours=12)
LATEST = timedelta(hours=24)
WARM_UP = timedelta(days=1)
Surge = tuple[str, datetime]


@dataclass(frozen=True)
class PollingScores:
    """The figures of one run.

    Parameters
    ----------
    recall: recall@10 of the surges of the last 12 h, mean over hours
    recall_day: the same for the surges of the last 24 h
    ceiling: what `recall` would be with ten surges among the ten
    delays: surges -> hours from the surge to the first list that shows it, within 24 h; null when none does
    """

    recall: float
    recall_day: float
    ceiling: float
    delays: Mapping[Surge, float | None]

    @property
    def share_found(self) -> float:
        """Share of the surges that were shown within 24 h."""
        return sum(hours is not None for hours in self.delays.values()) / max(1, len(self.delays))


def true_surges(world: World) -> list[Surge]:
    """Hashtags and times of the surges that are real: their public joins in full and their posts are amplified."""
    rows = world.truth().filter(pl.col("kind").is_in([kind.value for kind in TRUE_KINDS])).explode("surge_at")
    return [(tag, at) for tag, at in rows.select("hashtag", "surge_at").iter_rows() if at is not None]


def figures(world: World, run: Run) -> PollingScores:
    """Score a run from its second day on."""
    surges = true_surges(world)
    first = world.parameters.start + timedelta(days=FIRST_DAY) + WARM_UP
    last = world.parameters.start + timedelta(days=FIRST_DAY + DAYS) - LATEST
    scored = [(at, tags) for at, tags in run.shown if at >= first]
    early, best = _recalls(scored, surges, EARLY)
    day, _ = _recalls(scored, surges, LATEST)
    delays = {surge: _delay(surge, run.shown) for surge in surges if first <= surge[1] < last}
    return PollingScores(early, day, best, delays)


def _recalls(
    scored: Sequence[tuple[datetime, tuple[str, ...]]], surges: Sequence[Surge], within: timedelta
) -> tuple[float, float]:
    """Mean recall over hours with a surge under way, and the most that so many places allow."""
    recalls, ceilings = [], []
    for at, tags in scored:
        under_way = {tag for tag, since in surges if since <= at < since + within}
        if under_way:
            recalls.append(len(under_way.intersection(tags)) / len(under_way))
            ceilings.append(min(1.0, len(tags) / len(under_way)))
    return sum(recalls) / len(recalls), sum(ceilings) / len(ceilings)


def _delay(surge: Surge, shown: Sequence[tuple[datetime, tuple[str, ...]]]) -> float | None:
    tag, since = surge
    for at, tags in shown:
        if since <= at < since + LATEST and tag in tags:
            return (at - since) / HOUR
    return None


def hours_earlier(ours: PollingScores, other: PollingScores) -> list[float]:
    """Return by how many hours `ours` showed each surge before `other` did; a surge never shown counts as 24 h late.

    Surges that neither showed are left out.
    """
    late = LATEST / HOUR
    pairs = [(mine, other.delays[surge]) for surge, mine in ours.delays.items()]
    return [
        (late if theirs is None else theirs) - (late if mine is None else mine)
        for mine, theirs in pairs
        if mine is not None or theirs is not None
    ]
