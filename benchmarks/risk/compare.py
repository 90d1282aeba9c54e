"""Compares the rule for artificial boosting with what is boosted in simulated worlds: `groundswell bench risk`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from rich.table import Table
from scipy import stats

from benchmarks.polling.runs import DAYS, FIRST_DAY
from benchmarks.risk.world import hours
from configs.settings import load_settings
from core.judgements.boosting import accounts, judge
from core.windows import HOUR
from pipelines.judgements.young_posts import YoungPosts, advance
from pipelines.polling.plan import Planner
from sources.world.kinds import HashtagKind
from sources.world.parameters import WorldParameters
from sources.world.world import World

WARM_UP = timedelta(days=1)
FOUND_WITHIN = timedelta(days=3)
UNLIKED_BELOW = 0.2
REPEATED_FROM = 3
RESAMPLES = 1_000
RULES = {
    "rule": "the rule",
    "repeated": "baseline: one account posted to it three times in two days",
    "unliked": "baseline: its posts are liked and shared a fifth as much as usual, or less",
}


@dataclass(frozen=True)
class Proportion:
    """Part of a whole with its 95 % interval; null where there is no whole."""

    part: int
    whole: int
    value: float | None
    lower: float | None
    upper: float | None

    @classmethod
    def of(cls, part: int, whole: int) -> "Proportion":
        """Parts that do not hang together; the interval is Wilson's."""
        if whole == 0:
            return cls(part, whole, None, None, None)
        interval = stats.binomtest(part, whole).proportion_ci(method="wilson")
        return cls(part, whole, part / whole, float(interval.low), float(interval.high))

    @classmethod
    def of_hours(cls, hourly: pl.DataFrame) -> "Proportion":
        """Boosted hours among all; hashtags are drawn anew for the interval, since their hours go together."""
        by_tag = hourly.group_by("seed", "hashtag", maintain_order=True).agg(pl.col("boosted").sum(), pl.len())
        part, whole = (by_tag[name].to_numpy().astype(float) for name in ("boosted", "len"))
        if not len(part):
            return cls(0, 0, None, None, None)
        drawn = np.random.default_rng(0).integers(0, len(part), (RESAMPLES, len(part)))
        low, high = np.quantile(part[drawn].sum(axis=1) / whole[drawn].sum(axis=1), [0.025, 0.975])
        return cls(int(part.sum()), int(whole.sum()), float(part.sum() / whole.sum()), float(low), float(high))

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        return f"{self.value:.3f} [{self.lower:.3f}, {self.upper:.3f}] ({self.part} of {self.whole})"


@dataclass(frozen=True)
class RuleScores:
    """How well one rule finds boosted hashtags.

    Parameters
    ----------
    precision: boosted hashtags among those flagged at any hour
    recall: hashtags flagged within three days, among those with a boosted wave
    hourly: boosted ones among flagged hashtags, counted anew every hour: what somebody sees who looks once
    delay_h: median hours from the wave (a twentieth of its posts made) to the first flag
    """

    precision: Proportion
    recall: Proportion
    hourly: Proportion
    delay_h: float | None


def flags(world: World, units_per_day: int) -> pl.DataFrame:
    """Play two weeks of a world and return rule, seed, hashtag, at for every flag of every rule, hour by hour."""
    seed, planner = world.parameters.seed, Planner(load_settings().source.seeds, units_per_day, HOUR)
    begin = world.parameters.start + timedelta(days=FIRST_DAY)
    state, flagged = YoungPosts.none(begin), []
    for at, read in hours(world, planner, FIRST_DAY, DAYS):
        state = advance(state, at, read, read)
        if at >= begin + WARM_UP:
            flagged += [
                tags.select(pl.lit(rule).alias("rule"), pl.lit(seed).alias("seed"), "hashtag", pl.lit(at).alias("at"))
                for rule, tags in _flagged(state).items()
            ]
    return pl.concat(flagged)


def waves(world: World) -> pl.DataFrame:
    """Return seed, hashtag, boosted, and surge_at of every boosted wave that could be found in the two weeks."""
    seed = world.parameters.seed
    begin = world.parameters.start + timedelta(days=FIRST_DAY) + WARM_UP
    end = begin - WARM_UP + timedelta(days=DAYS) - FOUND_WITHIN
    boosted = pl.col("kind") == HashtagKind.BOOSTED.value
    inside = pl.col("surge_at").list.filter(pl.element().is_between(begin, end, closed="left"))
    return world.truth().select(
        pl.lit(seed).alias("seed"), "hashtag", boosted.alias("boosted"), pl.when(boosted).then(inside).alias("surge_at")
    )


def figures(flagged: pl.DataFrame, truth: pl.DataFrame) -> RuleScores:
    """Score the flags of one rule.

    Parameters
    ----------
    flagged: seed, hashtag, at
    truth: seed, hashtag, boosted, surge_at of the same worlds, see `waves`
    """
    key = ["seed", "hashtag"]
    hourly = flagged.join(truth.select(*key, "boosted"), on=key)
    tags = hourly.unique(key)
    wanted = truth.filter("boosted").explode("surge_at", empty_as_null=True).drop_nulls("surge_at")
    late = (pl.col("at") >= pl.col("surge_at") - WARM_UP) & (pl.col("at") <= pl.col("surge_at") + FOUND_WITHIN)
    first = wanted.join(flagged, on=key).filter(late).group_by(*key, "surge_at").agg(pl.col("at").min())
    delay = first.select(((pl.col("at") - pl.col("surge_at")) / timedelta(hours=1)).median()).item()
    return RuleScores(
        Proportion.of(int(tags["boosted"].sum()), tags.height),
        Proportion.of(first.unique(key).height, wanted.unique(key).height),
        Proportion.of_hours(hourly),
        None if delay is None else float(delay),
    )


def measure(seeds: Sequence[int], units_per_day: int, tell: Callable[[str], None]) -> dict[str, RuleScores]:
    """Return the scores of every rule over the worlds of `seeds`."""
    parts, truth = [], []
    for seed in seeds:
        world = World(WorldParameters(seed=seed))
        parts.append(flags(world, units_per_day))
        truth.append(waves(world))
        mine = figures(parts[-1].filter(pl.col("rule") == "rule"), truth[-1])
        tell(f"world {seed}: precision {mine.precision}, recall {mine.recall}")
    flagged, waved = pl.concat(parts), pl.concat(truth)
    return {rule: figures(flagged.filter(pl.col("rule") == rule).drop("rule"), waved) for rule in RULES}


def table(measured: dict[str, RuleScores]) -> Table:
    """The figures for people."""
    shown = Table("", "precision", "recall", "precision of an hour", "hours to the first flag")
    for rule, of in measured.items():
        delay = "-" if of.delay_h is None else f"{of.delay_h:.1f}"
        shown.add_row(RULES[rule], str(of.precision), str(of.recall), str(of.hourly), delay)
    return shown


def as_json(measured: dict[str, RuleScores]) -> dict[str, Any]:
    """The figures for programs."""
    return {rule: asdict(of) for rule, of in measured.items()}


def _flagged(state: YoungPosts) -> dict[str, pl.DataFrame]:
    """The hashtags that each rule flags."""
    each = accounts(state.posts, state.at)
    whole = each.group_by("hashtag").agg(
        unliked=(pl.col("engagement_to_usual") * pl.col("views_share")).sum(), videos=pl.col("videos").sum()
    )
    return {
        "rule": judge(state.posts, state.at).filter("flagged").select("hashtag"),
        "repeated": each.filter(pl.col("videos") >= REPEATED_FROM).select(pl.col("hashtag").unique()),
        "unliked": whole.filter(pl.col("unliked") <= UNLIKED_BELOW, pl.col("videos") >= REPEATED_FROM).select(
            "hashtag"
        ),
    }
