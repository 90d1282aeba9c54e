"""80 % intervals of a probability from how much the members of an ensemble differ."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from core.evaluation.intervals import DayBlocks, Floats
from models.interface import PREDICTED

INTERVAL = (0.1, 0.9)


def interval(probability: Floats, members: Floats) -> tuple[Floats, Floats]:
    """The middle 80 % of the members' probabilities (members, rows), widened to hold the stated one (rows,)."""
    lower, upper = np.quantile(members, INTERVAL, axis=0)
    return np.minimum(lower, probability), np.maximum(upper, probability)


def day_draws(at: pl.Series, count: int, seed: int) -> list[Floats]:
    """Weights of the rows in `count` resamples of whole days, each shape (rows,)."""
    blocks = DayBlocks.of(at, count, seed)
    return [blocks.weights[blocks.days, 1 + member] for member in range(count)]


def stated(probability: Floats, lower: Floats, upper: Floats, growth: Floats) -> pl.DataFrame:
    """The frame a model answers with; `growth` is (rows, 3), NaN becomes null."""
    columns = np.column_stack([probability, lower, upper, growth])
    return pl.DataFrame(columns, schema=list(PREDICTED)).fill_nan(None)


def write_json(path: Path, state: dict[str, Any]) -> None:
    """Write a model's state; floats keep every bit."""
    path.write_text(json.dumps(state, indent=1, sort_keys=True), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read what `write_json` wrote."""
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state
