"""Gradient-boosted trees: a bag of classifiers for the probability, one quantile booster for growth."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
import xgboost as xgb

from core.evaluation.intervals import Floats
from core.evaluation.splits import time_split
from models.calibration import Calibration, fit_calibration, logit, sigmoid, smoothed_rate
from models.interface import Contribution, read_json, stated, write_json
from models.logistic import CALIBRATION_SHARE, ENOUGH_VIRALS, strongest
from models.rows import LabelledRows, feature_columns, matrix
from models.trainers import HERE, Grow, Trainers
from models.uncertainty import LEVELS, interval, upper_level

CORES = 2
MANY_ROWS = 1000
_LARGEST = 1e30  # trees hold thresholds in 32 bits


@dataclass(frozen=True)
class BoostedSettings:
    """How trees are grown.

    Parameters
    ----------
    members: number of classifiers in the bag, each with its own seed
    rounds, depth, rate: number of trees of each classifier, their depth and learning rate
    rows_share, features_share: share of rows and of features that each tree sees
    leaf_weight, penalty: least curvature in a leaf, and L2 penalty on its value
    quantile_rounds: number of trees for each level of the growth quantiles
    """

    members: int = 5
    rounds: int = 60
    depth: int = 4
    rate: float = 0.12
    rows_share: float = 0.6
    features_share: float = 0.5
    leaf_weight: float = 8.0
    penalty: float = 5.0
    quantile_rounds: int = 40


@dataclass(frozen=True)
class _FittedTrees:
    members: tuple[Any, ...]
    growth: Any
    floor: float  # least growth seen in training; trees that add up may end a hair below it
    calibration: Calibration


class BoostedTrees:
    """XGBoost, five small classifiers whose mean is the probability and whose spread is its 80 % interval.

    The map to probabilities is learnt on the last fifth of the training period, a day after what those trees saw; the
    trees are then grown again on all rows. Growth quantiles are grown on log(1 + growth), which changes no quantile and
    tames the tail.

    Parameters
    ----------
    trainers: what grows the boosters; this process by default
    """

    kind = "xgboost"

    def __init__(self, threads: int = 1, settings: BoostedSettings | None = None, trainers: Trainers = HERE) -> None:
        self.features: tuple[str, ...] = ()
        self._threads = threads
        self._grow = trainers.grow
        self._settings = settings or BoostedSettings()
        self._fitted: _FittedTrees | None = None

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Grow the trees; see `models.interface.Model`."""
        self.features = feature_columns(frame)
        rows = LabelledRows.of(frame, self.features, growth, viral, at)
        rows = replace(rows, x=bounded(rows.x))
        calibration = self._held_out_calibration(rows, seed)
        floor = min(0.0, float(rows.growth.min(initial=0.0)))
        grow = self._grower()
        bag, quantiles = self._bag(rows, seed, grow), self._quantiles(rows, seed, grow)
        self._fitted = _FittedTrees(bag, quantiles, floor, calibration)

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return probabilities; see `models.interface.Model`."""
        fitted, data = self._ready(), self._data(matrix(frame, self.features))
        if frame.is_empty():
            return stated(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 3)))
        members = _member_probabilities(fitted.members, data)
        probability = fitted.calibration(logit(members.mean(axis=0)))
        lower, upper = interval(probability, fitted.calibration(logit(members)))
        growth = np.expm1(np.sort(fitted.growth.predict(data).astype(float).reshape(frame.height, 3), axis=1))
        return stated(probability, lower, upper, np.maximum(growth, fitted.floor))

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return exact SHAP values (XGBoost's own), averaged over the bag."""
        if frame.is_empty():
            return []
        x, members = matrix(frame, self.features), self._ready().members
        if len(x) < MANY_ROWS:
            return strongest(self.features, x, _shap(members, self._data(x)), top)
        with ThreadPoolExecutor(CORES) as pool:
            moved = list(pool.map(lambda part: _shap(members, self._data(part)), np.array_split(x, CORES)))
        return strongest(self.features, x, np.concatenate(moved), top)

    def save(self, folder: Path) -> None:
        """Write `boosted.json` and one `.ubj` for each booster."""
        fitted = self._ready()
        for number, member in enumerate(fitted.members):
            member.save_model(folder / f"member-{number}.ubj")
        fitted.growth.save_model(folder / "growth.ubj")
        state = {
            "features": list(self.features),
            "members": len(fitted.members),
            "floor": fitted.floor,
            "calibration": fitted.calibration.as_json(),
        }
        write_json(folder / "boosted.json", state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model, state = cls(), read_json(folder / "boosted.json")
        model.features = tuple(state["features"])
        members = tuple(_booster(folder / f"member-{number}.ubj") for number in range(state["members"]))
        calibration = Calibration.from_json(state["calibration"])
        model._fitted = _FittedTrees(members, _booster(folder / "growth.ubj"), state["floor"], calibration)
        return model

    def _ready(self) -> _FittedTrees:
        if self._fitted is None:
            raise ValueError("the boosted trees have to be fitted before they predict")
        return self._fitted

    def _data(self, x: Floats) -> Any:
        return xgb.DMatrix(bounded(x), nthread=self._threads)

    def _common(self, seed: int) -> dict[str, Any]:
        settings = self._settings
        return {
            "tree_method": "hist",
            "max_bin": 64,
            "max_depth": settings.depth,
            "eta": settings.rate,
            "subsample": settings.rows_share,
            "colsample_bytree": settings.features_share,
            "lambda": settings.penalty,
            "nthread": self._threads,
            "seed": seed,
        }

    def _grower(self) -> Grow:
        """Return what grows boosters of the same rows."""
        return self._grow or _GrownHere(self._threads)

    def _bag(self, rows: LabelledRows, seed: int, grow: Grow) -> tuple[Any, ...]:
        label = rows.viral.astype(float)
        own = {
            "objective": "binary:logistic",
            "min_child_weight": self._settings.leaf_weight,
            "base_score": smoothed_rate(rows.viral),
        }
        return tuple(
            grow(self._common(1000 * seed + member) | own, rows.x, label, self._settings.rounds)
            for member in range(self._settings.members)
        )

    def _quantiles(self, rows: LabelledRows, seed: int, grow: Grow) -> Any:
        levels = [*LEVELS[:2], upper_level(rows.growth)]
        label = np.log1p(np.maximum(rows.growth, -0.999))
        own = {"objective": "reg:quantileerror", "quantile_alpha": levels, "min_child_weight": 20.0, "eta": 0.15}
        return grow(self._common(seed) | own, rows.x, label, self._settings.quantile_rounds)

    def _held_out_calibration(self, rows: LabelledRows, seed: int) -> Calibration:
        split = time_split(rows.at, CALIBRATION_SHARE)
        earlier, later = rows.take(split.earlier), rows.take(split.later)
        if min(earlier.virals, later.virals) < ENOUGH_VIRALS:
            return Calibration()
        members = _member_probabilities(self._bag(earlier, seed, self._grower()), self._data(later.x))
        return fit_calibration(logit(members.mean(axis=0)), later.viral)


class _GrownHere:
    """Grows boosters in this process; rows that are the same array as in the call before are binned only once.

    Parameters
    ----------
    threads: number of threads
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._x: Floats | None = None
        self._data: Any = None

    def __call__(self, params: Mapping[str, Any], x: Floats, label: Floats, rounds: int) -> Any:
        """Return a booster; see `models.trainers.Trainers`."""
        if self._x is not x:
            self._x, self._data = x, xgb.DMatrix(x, nthread=self._threads)
        self._data.set_label(label)
        return xgb.train(dict(params), self._data, num_boost_round=rounds)


def bounded(x: Floats) -> Floats:
    """Values that fit into 32 bits."""
    return np.clip(x, -_LARGEST, _LARGEST)


def _member_probabilities(members: tuple[Any, ...], data: Any) -> Floats:
    """Return uncalibrated probabilities (members, rows)."""
    return np.stack([sigmoid(member.predict(data, output_margin=True).astype(float)) for member in members])


def _shap(members: tuple[Any, ...], data: Any) -> Floats:
    """Return SHAP values averaged over the bag (rows, features); prediction is thread-safe in XGBoost."""
    moved = np.mean([member.predict(data, pred_contribs=True) for member in members], axis=0)
    return np.asarray(moved[:, :-1], dtype=float)


def _booster(path: Path) -> Any:
    booster = xgb.Booster({"nthread": 1})
    booster.load_model(path)
    return booster
