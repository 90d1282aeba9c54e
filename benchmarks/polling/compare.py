"""The polling planner against round-robin in simulated worlds: `groundswell bench polling`."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scipy import stats

from benchmarks.polling.chart import ChartLine, picture
from benchmarks.polling.figures import PollingScores, figures, hours_earlier
from benchmarks.polling.runs import RoundRobin, play
from configs.settings import load_settings
from core.windows import HOUR
from pipelines.polling.plan import Planner
from sources.world.parameters import WorldParameters
from sources.world.world import World


@dataclass(frozen=True)
class Comparison:
    """Both planners in one world at one budget."""

    seed: int
    budget: int
    planner: PollingScores
    round_robin: PollingScores

    @property
    def ratio(self) -> float:
        """Recall of the planner over that of round-robin."""
        return self.planner.recall / self.round_robin.recall

    @property
    def earlier_h(self) -> float:
        """Median of the hours by which the planner showed a surge earlier."""
        return statistics.median(hours_earlier(self.planner, self.round_robin))

    @property
    def earlier_both_h(self) -> float:
        """The same over the surges that both showed."""
        mine, theirs = self.planner.delays, self.round_robin.delays
        both = [(mine[surge], theirs[surge]) for surge in mine]
        return statistics.median(later - hours for hours, later in both if hours is not None and later is not None)


class Mean(NamedTuple):
    """A mean over worlds and its 95 % interval (Student's t); the interval is null with one world."""

    value: float
    lower: float | None
    upper: float | None

    def __str__(self) -> str:
        interval = "" if self.lower is None else f" [{self.lower:.3g}, {self.upper:.3g}]"
        return f"{self.value:.3g}{interval}"


ROWS: Sequence[tuple[str, str, Callable[[Comparison], float]]] = (
    ("recall", "recall@10 of the surges of the last 12 h: planner", lambda pair: pair.planner.recall),
    ("recall_round_robin", "the same: round-robin", lambda pair: pair.round_robin.recall),
    ("ratio", "planner over round-robin", lambda pair: pair.ratio),
    ("earlier_h", "surges shown earlier by, median hours", lambda pair: pair.earlier_h),
    ("earlier_both_h", "the same, of surges that both showed", lambda pair: pair.earlier_both_h),
    ("found", "share of surges shown within 24 h: planner", lambda pair: pair.planner.share_found),
    ("found_round_robin", "the same: round-robin", lambda pair: pair.round_robin.share_found),
    ("recall_day", "recall@10 of the surges of the last 24 h: planner", lambda pair: pair.planner.recall_day),
    ("recall_day_round_robin", "the same: round-robin", lambda pair: pair.round_robin.recall_day),
    ("ceiling", "recall@10 of a list of surges of the last 12 h alone", lambda pair: pair.planner.ceiling),
)


def compare(seed: int, budgets: Sequence[int], tell: Callable[[str], None]) -> list[Comparison]:
    """Play both planners in the world of `seed` at each budget."""
    world = World(WorldParameters(seed=seed))
    searches = load_settings().source.seeds
    done = []
    for budget in budgets:
        planner = Planner(searches, budget, HOUR)
        ours = figures(world, play(world, planner, budget))
        theirs = figures(world, play(world, RoundRobin(planner, searches), budget))
        done.append(Comparison(seed, budget, ours, theirs))
        tell(f"world {seed}, {budget} units a day: recall@10 {ours.recall:.3f} against {theirs.recall:.3f}")
    return done


def mean(values: Sequence[float]) -> Mean:
    """Mean and interval of one figure over worlds.

    Examples
    --------
    >>> print(mean([1.0, 2.0, 3.0]), mean([2.0]))
    2 [-0.484, 4.48] 2
    """
    middle = statistics.fmean(values)
    if len(values) < 2:
        return Mean(middle, None, None)
    half = float(stats.t.ppf(0.975, len(values) - 1)) * statistics.stdev(values) / len(values) ** 0.5
    return Mean(middle, middle - half, middle + half)


def summary(done: Sequence[Comparison]) -> dict[int, dict[str, Mean]]:
    """Budget -> figure -> mean over worlds."""
    budgets = sorted({pair.budget for pair in done})
    return {
        budget: {name: mean([of(pair) for pair in done if pair.budget == budget]) for name, _, of in ROWS}
        for budget in budgets
    }


def table(means: dict[int, dict[str, Mean]]) -> str:
    """The figures as a Markdown table, a column a budget."""
    lines = ["| mean over worlds [95 %] | " + " | ".join(f"{budget:,} units a day" for budget in means) + " |"]
    lines.append("|---|" + "---:|" * len(means))
    for name, words, _ in ROWS:
        lines.append(f"| {words} | " + " | ".join(str(means[budget][name]) for budget in means) + " |")
    return "\n".join(lines)


def draw(means: dict[int, dict[str, Mean]], to: Path) -> None:
    """Write the chart of both planners over the budgets."""
    lines = [
        ChartLine(name, colour, [(budget, *means[budget][figure]) for budget in means])
        for name, colour, figure in (
            ("planner", "#0b7285", "recall"),
            ("round-robin", "#c2410c", "recall_round_robin"),
        )
    ]
    to.write_text(picture(lines, "recall@10 of the true surges of the last 12 h", "units a day"), encoding="utf-8")
