"""The interface of models, and what their implementations share: the frame of predictions and the file of a state."""

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
    feature: name of the feature
    value: value of the feature, None where it is missing
    contribution: log-odds that the feature added to the model's average answer (before calibration), negative when it
        lowered the probability
    """

    feature: str
    value: float | None
    contribution: float


@dataclass(frozen=True)
class Member:
    """The part of one member of a blend in the prediction of one row.

    Parameters
    ----------
    model: kind of the member
    share: weight of the member in the blend, 0 to 1
    probability: probability that the member states by itself
    explained: whether the contributions shown are this member's
    """

    model: str
    share: float
    probability: float
    explained: bool


class Scorer(Protocol):
    """A fitted model: what predicting and storing it needs."""

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
    """A model of how likely a hashtag is to surge within 24 hours.

    Frames hold one row per (hashtag, anchor); every numeric column except the key is a feature. A null value and a
    missing column are unknown features, never errors. The order of the rows changes nothing.
    """

    kind: str
    features: tuple[str, ...]

    def __init__(self, threads: int = 1) -> None: ...

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Fit the model to labelled rows.

        Parameters
        ----------
        frame: features; its numeric columns become `features`
        growth: growth over the 24 h after each anchor, ratio
        viral: whether the growth was in the top 5 %
        at: anchor of each row; calibration is learnt on the latest of them
        seed: random seed of the fit; equal seeds and rows give equal models
        """
        ...

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the columns `PREDICTED`, one row per row of `frame`, in its order.

        `lower <= probability <= upper` is an 80 % interval, and growth quantiles rise; a model that can't state a
        column leaves it null.
        """
        ...

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return the `top` features that moved each row's prediction most, strongest first."""
        ...

    def save(self, folder: Path) -> None:
        """Write the model into an existing folder, as JSON and in the libraries' own formats, without pickle."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the model that `save` wrote; it predicts the same, bit for bit."""
        ...


def stated(probability: Floats, lower: Floats, upper: Floats, growth: Floats) -> pl.DataFrame:
    """Return the frame of predictions with the columns `PREDICTED`; NaN becomes null.

    Parameters
    ----------
    probability, lower, upper: probability and its 80 % interval (rows,)
    growth: growth quantiles (rows, 3)
    """
    columns = np.column_stack([probability, lower, upper, growth])
    return pl.DataFrame(columns, schema=list(PREDICTED)).fill_nan(None)


def write_json(path: Path, state: dict[str, Any]) -> None:
    """Write a model's state as JSON; floats keep every bit."""
    path.write_text(json.dumps(state, indent=1, sort_keys=True), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Return the state that `write_json` wrote."""
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state
