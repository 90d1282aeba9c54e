"""What every model can do, whatever it is made of, and how it states what it predicts and writes its state."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import polars as pl

from core.evaluation.intervals import Floats

PREDICTED = ("probability", "lower", "upper", "growth_p10", "growth_p50", "growth_p90")


@dataclass(frozen=True)
class Contribution:
    """How much one feature moved one prediction.

    Parameters
    ----------
    feature: its name
    value: what it was; None where it is missing
    contribution: log-odds added to the model's average answer (before calibration); negative moved it down
    """

    feature: str
    value: float | None
    contribution: float


@dataclass(frozen=True)
class Member:
    """What one member of a blend says of one row.

    Parameters
    ----------
    model: its kind
    share: its weight among the members', in [0, 1]
    probability: what it says by itself
    explained: whether the contributions are its
    """

    model: str
    share: float
    probability: float
    explained: bool


class Scorer(Protocol):
    """A fitted model as those who ask it and keep it see it."""

    kind: str
    features: tuple[str, ...]

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """See `Model.predict`."""
        ...

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """See `Model.explain`."""
        ...

    def save(self, folder: Path) -> None:
        """See `Model.save`."""
        ...


class Model(Protocol):
    """A way to say how likely a hashtag is to surge within 24 hours.

    Frames hold one row per (hashtag, anchor): every numeric column but the key is a feature. A feature that is null, or
    a column that is missing altogether, is unknown and never an error. The order of the rows changes nothing.
    """

    kind: str
    features: tuple[str, ...]

    def __init__(self, threads: int = 1) -> None: ...

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Learn from labelled rows.

        Parameters
        ----------
        frame: features; its numeric columns become `features`
        growth: growth over the 24 h after each anchor, ratio
        viral: whether it was among the top 5 %
        at: the anchors; calibration is learnt on the latest of them
        seed: equal seeds and rows give equal models
        """
        ...

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the columns `PREDICTED`, one row per row of `frame`, in its order.

        `lower <= probability <= upper` is an 80 % interval and growth quantiles rise; what a model can't state is null.
        """
        ...

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return for every row the `top` features that moved it most, strongest first."""
        ...

    def save(self, folder: Path) -> None:
        """Write the model into an existing folder, as JSON and the libraries' own formats: no pickle."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote; it predicts the same to the last bit."""
        ...


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
