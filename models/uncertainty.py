"""How sure a prediction is: 80 % intervals of probabilities, and quantiles of growth from rows with similar scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from core.evaluation.intervals import DayBlocks, Floats

INTERVAL = (0.1, 0.9)
LEVELS = (0.1, 0.5, 0.9)
COVERED = 0.8
HIGHEST = 0.995


def interval(probability: Floats, members: Floats) -> tuple[Floats, Floats]:
    """Return the lower and upper end of the middle 80 % of the members' probabilities, widened to hold the stated one.

    Parameters
    ----------
    probability: the stated probability (rows,)
    members: probability of each member of an ensemble (members, rows)
    """
    lower, upper = np.quantile(members, INTERVAL, axis=0)
    return np.minimum(lower, probability), np.maximum(upper, probability)


def day_draws(at: pl.Series, count: int, seed: int) -> list[Floats]:
    """Return the weights of the rows in `count` resamples of whole days, each (rows,)."""
    blocks = DayBlocks.of(at, count, seed)
    return [blocks.weights[blocks.days, 1 + member] for member in range(count)]


def upper_level(growth: Floats) -> float:
    """Return the level of the upper quantile below which 80 % of the growing rows lie.

    Most rows don't grow at all, so the lower quantile is mostly 0, and a plain 90 % quantile would cut off far more
    than a tenth of the growing rows, on which coverage is scored. With few growing rows the level stops at 0.995.
    """
    grew = float((growth > 0).mean()) if len(growth) else 0.0
    return float(np.clip(1 - (1 - COVERED) * grew, LEVELS[2], HIGHEST))


@dataclass(frozen=True)
class ScoreQuantiles:
    """Growth quantiles of training rows in equal-count bins of the score.

    Parameters
    ----------
    edges: inner edges of the bins, rising
    growth: quantiles per bin, shape (bins, 3); the last row belongs to unknown (NaN) scores
    """

    edges: tuple[float, ...]
    growth: tuple[tuple[float, ...], ...]

    @classmethod
    def fit(cls, score: Floats, growth: Floats, bins: int = 20) -> "ScoreQuantiles":
        """Return the quantiles of labelled rows; a bin without rows takes the quantiles of all rows."""
        defined = ~np.isnan(score)
        inner = np.linspace(0, 1, bins + 1)[1:-1]
        edges = np.unique(np.quantile(score[defined], inner)) if defined.any() else np.zeros(0)
        place = _places(score, edges)
        levels = (*LEVELS[:2], upper_level(growth))
        table = [_quantiles(growth[place == i], growth, levels) for i in range(len(edges) + 2)]
        return cls(tuple(edges.tolist()), tuple(table))

    def __call__(self, score: Floats) -> Floats:
        """Return the quantiles for scores (rows, 3), rising along the second axis."""
        return np.asarray(np.array(self.growth, dtype=float)[_places(score, np.asarray(self.edges))])

    def as_json(self) -> dict[str, Any]:
        """Return the quantiles as values for JSON."""
        return {"edges": list(self.edges), "growth": [list(row) for row in self.growth]}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> "ScoreQuantiles":
        """Read back `as_json`."""
        return cls(tuple(state["edges"]), tuple(tuple(row) for row in state["growth"]))


def _places(score: Floats, edges: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.asarray(np.where(np.isnan(score), len(edges) + 1, np.searchsorted(edges, score, side="right")))


def _quantiles(part: Floats, growth: Floats, levels: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(np.quantile(part if len(part) else growth, levels).tolist())
