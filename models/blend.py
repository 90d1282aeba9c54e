"""Two kinds of model that err differently, averaged: by fixed weights, or by weights learnt on held-out time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from core.evaluation.intervals import Floats
from core.evaluation.splits import time_split
from models.boosted import BoostedTrees
from models.calibration import Calibration, fit_calibration, logit
from models.interface import PREDICTED, Contribution, Member, Model, read_json, stated, write_json
from models.logistic import Logistic
from models.trainers import HERE, Trainers

FOLDS = (0.6, 0.45, 0.3)
ENOUGH_VIRALS = 50


@dataclass(frozen=True)
class BlendSettings:
    """How members are averaged.

    Parameters
    ----------
    share: weight of the trees; the other member has the rest
    """

    share: float = 0.6


@dataclass(frozen=True)
class StackSettings:
    """How members are joined.

    Parameters
    ----------
    joint_inverse_penalty: scikit-learn's `C` of the regression on their log-odds
    """

    joint_inverse_penalty: float = 10.0


class Blend:
    """0.6 of the boosted trees' probability and 0.4 of the logistic one's, and so of their intervals.

    Growth quantiles and explanations are the trees'.
    """

    kind = "blend"

    def __init__(self, threads: int = 1, settings: BlendSettings | None = None, trainers: Trainers = HERE) -> None:
        self.features: tuple[str, ...] = ()
        share = (settings or BlendSettings()).share
        self.weights: tuple[float, ...] = (share, 1 - share)
        self._threads = threads
        self._trainers = trainers
        self.members = self._unfitted()

    def _unfitted(self) -> tuple[Model, ...]:
        """Return the members before they are fitted, the trees first."""
        return BoostedTrees(self._threads, trainers=self._trainers), Logistic(self._threads)

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Fit both members; see `models.interface.Model`."""
        for member in self.members:
            member.fit(frame, growth, viral, at, seed)
        self.features = tuple(dict.fromkeys(name for member in self.members for name in member.features))

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return probabilities; see `models.interface.Model`."""
        predictions = [member.predict(frame) for member in self.members]
        chance, lower, upper = (self._joined([s[name].to_numpy() for s in predictions]) for name in PREDICTED[:3])
        return stated(chance, lower, upper, predictions[0].select(PREDICTED[3:]).to_numpy().astype(float))

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return the trees' exact SHAP values."""
        return self.members[0].explain(frame, top)

    def apart(self, frame: pl.DataFrame) -> list[list[Member]]:
        """Return each member's share and own probability for every row; `explain` explains the first member's."""
        total = sum(self.weights)
        probabilities = [member.predict(frame)["probability"].to_list() for member in self.members]
        kinds = [(member.kind, weight / total) for member, weight in zip(self.members, self.weights, strict=True)]
        return [
            [Member(*kind, chance, place == 0) for place, (kind, chance) in enumerate(zip(kinds, row, strict=True))]
            for row in zip(*probabilities, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write `<kind>.json` and the members' files, whose names differ."""
        for member in self.members:
            member.save(folder)
        write_json(folder / f"{self.kind}.json", {"features": list(self.features), **self._state()})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model, state = cls(), read_json(folder / f"{cls.kind}.json")
        model.features = tuple(state["features"])
        model.members = tuple(type(member).load(folder) for member in model.members)
        model._restore(state)
        return model

    def _joined(self, members: list[Floats]) -> Floats:
        return np.asarray(sum(weight * part for weight, part in zip(self.weights, members, strict=True)))

    def _state(self) -> dict[str, Any]:
        return {"weights": list(self.weights)}

    def _restore(self, state: dict[str, Any]) -> None:
        self.weights = tuple(state["weights"])


class Stack(Blend):
    """The trees and the logistic model, joined by a logistic regression on their log-odds.

    The regression is learnt on out-of-fold predictions: three parts of the training period are each predicted by
    members fitted on rows that ended a day or more before. Weights are never negative.
    """

    kind = "stack"

    def __init__(self, threads: int = 1, settings: StackSettings | None = None, trainers: Trainers = HERE) -> None:
        super().__init__(threads, BlendSettings(1.0), trainers)
        self._penalty = (settings or StackSettings()).joint_inverse_penalty
        self._calibration = Calibration()

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Learn how to join the members, then fit them on all rows; see `models.interface.Model`."""
        log_odds, hit = self._out_of_fold(frame, growth, viral, at, seed)
        if hit.sum() >= ENOUGH_VIRALS and not hit.all():
            fitted = LogisticRegression(C=self._penalty).fit(log_odds, hit)
            self.weights = tuple(np.maximum(fitted.coef_[0], 0.0).tolist())
            if sum(self.weights) <= 0:
                self.weights = (1.0, 0.0)
            self._calibration = fit_calibration(super()._joined(list(log_odds.T)), hit)
        super().fit(frame, growth, viral, at, seed)

    def _out_of_fold(
        self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int
    ) -> tuple[Floats, Any]:
        """Return log-odds of members that never saw the rows (rows, members), and which rows surged (rows,)."""
        log_odds, hit = [np.zeros((0, len(self.members)))], [np.zeros(0, bool)]
        for share, end in zip(FOLDS, (*FOLDS[1:], 0.0), strict=True):
            split, rest = time_split(at, share), time_split(at, end)
            earlier, later = pl.Series(split.earlier), pl.Series(split.later & ~rest.later)
            rows = frame.filter(earlier), growth.filter(earlier), viral.filter(earlier), at.filter(earlier)
            if int(rows[2].sum()) < ENOUGH_VIRALS or not later.any():
                continue
            parts = []
            for member in self._unfitted():
                member.fit(*rows, seed)
                parts.append(logit(member.predict(frame.filter(later))["probability"].to_numpy()))
            log_odds.append(np.column_stack(parts))
            hit.append(viral.filter(later).to_numpy().astype(bool))
        return np.concatenate(log_odds), np.concatenate(hit)

    def _joined(self, members: list[Floats]) -> Floats:
        return self._calibration(super()._joined([logit(part) for part in members]))

    def _state(self) -> dict[str, Any]:
        return super()._state() | {"calibration": self._calibration.as_json()}

    def _restore(self, state: dict[str, Any]) -> None:
        super()._restore(state)
        self._calibration = Calibration.from_json(state["calibration"])
