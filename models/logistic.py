"""Logistic regression on standardised features, with flags for what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from core.evaluation.intervals import Floats
from core.evaluation.splits import time_split
from models.calibration import Calibration, fit_calibration, logit, sigmoid, smoothed_rate
from models.interface import Contribution, read_json, stated, write_json
from models.rows import LabelledRows, feature_columns, matrix
from models.uncertainty import ScoreQuantiles

CALIBRATION_SHARE = 0.2
ENOUGH_VIRALS = 20
CLIP = 5.0
_Z80 = 1.2815515655446004


@dataclass(frozen=True)
class LogisticSettings:
    """How the regression is fitted.

    Parameters
    ----------
    inverse_penalty: scikit-learn's `C`; a smaller value keeps the weights nearer to 0
    """

    inverse_penalty: float = 0.05


@dataclass(frozen=True)
class Scale:
    """The map from features to standardised columns: medians replace missing values, and flags mark them.

    Parameters
    ----------
    median, mean, scale: median, mean and standard deviation of asinh(feature), per feature
    flagged: indexes of features that were sometimes missing in training
    """

    median: Floats
    mean: Floats
    scale: Floats
    flagged: tuple[int, ...]

    @classmethod
    def of(cls, x: Floats) -> "Scale":
        """Return the map fitted to features (rows, features), NaN where unknown."""
        bent, missing = np.arcsinh(x), np.isnan(x)
        some = ~missing.all(axis=0)
        median = np.zeros(x.shape[1])
        median[some] = np.nanmedian(bent[:, some], axis=0)
        filled = np.where(missing, median, bent)
        spread = filled.std(axis=0)
        flagged = np.flatnonzero(missing.any(axis=0) & some)
        return cls(median, filled.mean(axis=0), np.where(spread > 1e-9, spread, np.inf), tuple(flagged.tolist()))

    def __call__(self, x: Floats) -> Floats:
        """Return standardised columns (rows, features + flags)."""
        bent = np.arcsinh(x)
        missing = np.isnan(bent)
        standard = np.clip((np.where(missing, self.median, bent) - self.mean) / self.scale, -CLIP, CLIP)
        return np.hstack([standard, missing[:, list(self.flagged)].astype(float)])

    def as_json(self) -> dict[str, Any]:
        """Return the map as values for JSON."""
        return {
            "median": self.median.tolist(),
            "mean": self.mean.tolist(),
            "scale": [None if np.isinf(value) else float(value) for value in self.scale],
            "flagged": list(self.flagged),
        }

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> "Scale":
        """Read back `as_json`."""
        scale = np.array([np.inf if value is None else value for value in state["scale"]], dtype=float)
        return cls(
            np.array(state["median"], dtype=float), np.array(state["mean"], dtype=float), scale, tuple(state["flagged"])
        )


@dataclass(frozen=True)
class _FittedLine:
    scale: Scale
    weights: Floats  # (features + flags,)
    intercept: float
    spread: Floats  # (features + flags + 1,) squared: covariance of intercept and weights
    calibration: Calibration
    quantiles: ScoreQuantiles


class Logistic:
    """Logistic regression on asinh-scaled, standardised features.

    The map to probabilities is learnt on the last fifth of the training period, which begins a day after the rows of
    that fit; the weights are then fitted again on all rows. The 80 % interval comes from the curvature of the
    likelihood, widened for rows that repeat within a day. Growth quantiles are those of training rows with similar
    scores.
    """

    kind = "logistic"

    def __init__(self, threads: int = 1, settings: LogisticSettings | None = None) -> None:
        self.features: tuple[str, ...] = ()
        self._settings = settings or LogisticSettings()
        self._fitted: _FittedLine | None = None

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Learn weights, calibration and quantiles; see `models.interface.Model`. Deterministic without the seed."""
        self.features = feature_columns(frame)
        rows = LabelledRows.of(frame, self.features, growth, viral, at)
        loose = self._settings.inverse_penalty
        calibration = _held_out_calibration(rows, loose)
        scale = Scale.of(rows.x)
        columns = scale(rows.x)
        weights, intercept = _weights(columns, rows, loose)
        score = _line(columns, weights, intercept)
        self._fitted = _FittedLine(
            scale, weights, intercept, _covariance(columns, score, rows.at, loose), calibration,
            ScoreQuantiles.fit(score, rows.growth),
        )  # fmt: skip

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """State probabilities; see `models.interface.Model`."""
        fitted = self._ready()
        columns = fitted.scale(matrix(frame, self.features))
        score = _line(columns, fitted.weights, fitted.intercept)
        padded = np.hstack([np.ones((len(columns), 1)), columns])
        reach = _Z80 * np.sqrt(np.maximum((np.einsum("ij,jk->ik", padded, fitted.spread) * padded).sum(axis=1), 0))
        lower, upper = fitted.calibration(score - reach), fitted.calibration(score + reach)
        return stated(fitted.calibration(score), lower, upper, fitted.quantiles(score))

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Each feature's standardised value, and its flag, times their weights."""
        fitted = self._ready()
        x = matrix(frame, self.features)
        parts = fitted.scale(x) * fitted.weights
        moved = parts[:, : len(self.features)]
        moved[:, list(fitted.scale.flagged)] += parts[:, len(self.features) :]
        return strongest(self.features, x, moved, top)

    def save(self, folder: Path) -> None:
        """Write `logistic.json`."""
        fitted = self._ready()
        state: dict[str, Any] = {
            "features": list(self.features),
            **fitted.scale.as_json(),
            "weights": fitted.weights.tolist(),
            "intercept": fitted.intercept,
            "spread": fitted.spread.tolist(),
            "calibration": fitted.calibration.as_json(),
            "quantiles": fitted.quantiles.as_json(),
        }
        write_json(folder / "logistic.json", state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model, state = cls(), read_json(folder / "logistic.json")
        model.features = tuple(state["features"])
        model._fitted = _FittedLine(
            Scale.from_json(state),
            np.array(state["weights"]),
            state["intercept"],
            np.array(state["spread"]),
            Calibration.from_json(state["calibration"]),
            ScoreQuantiles.from_json(state["quantiles"]),
        )
        return model

    def _ready(self) -> _FittedLine:
        if self._fitted is None:
            raise ValueError("the logistic model has to be fitted before it predicts")
        return self._fitted


def strongest(features: tuple[str, ...], x: Floats, moved: Floats, top: int) -> list[list[Contribution]]:
    """Return the `top` largest contributions of each row, by absolute size, ties in the order of features.

    Parameters
    ----------
    features: names of the features
    x: values of the features, NaN where missing (rows, features)
    moved: contribution of each feature, log-odds (rows, features)
    top: most contributions of a row
    """
    order = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :top]
    values, amounts = (np.take_along_axis(part, order, axis=1).tolist() for part in (x, moved))
    return [
        [
            Contribution(features[j], None if value != value else value, amount)
            for j, value, amount in zip(*row, strict=True)
            if amount != 0.0
        ]
        for row in zip(order.tolist(), values, amounts, strict=True)
    ]


def _line(columns: Floats, weights: Floats, intercept: float) -> Floats:
    """Return the scores of rows (rows,). Each is summed alone: a matrix product rounds a row by its position."""
    return np.asarray((columns * weights).sum(axis=1) + intercept)


def _weights(columns: Floats, rows: LabelledRows, inverse_penalty: float) -> tuple[Floats, float]:
    if not rows.viral.any() or rows.viral.all():
        return np.zeros(columns.shape[1]), float(logit(np.array([smoothed_rate(rows.viral)]))[0])
    fitted = LogisticRegression(C=inverse_penalty, max_iter=300).fit(columns, rows.viral)
    return np.asarray(fitted.coef_[0]), float(fitted.intercept_[0])


def _held_out_calibration(rows: LabelledRows, inverse_penalty: float) -> Calibration:
    """Return the map fitted on later rows for the weights of earlier ones; the identity when virals are too few."""
    split = time_split(rows.at, CALIBRATION_SHARE)
    earlier, later = rows.take(split.earlier), rows.take(split.later)
    if min(earlier.virals, later.virals) < ENOUGH_VIRALS:
        return Calibration()
    scale = Scale.of(earlier.x)
    weights, intercept = _weights(scale(earlier.x), earlier, inverse_penalty)
    return fit_calibration(_line(scale(later.x), weights, intercept), later.viral)


def _covariance(columns: Floats, score: Floats, at: pl.Series, inverse_penalty: float) -> Floats:
    """Return the inverse curvature of the penalised likelihood, times the anchors a day, since their labels overlap."""
    padded = np.hstack([np.ones((len(columns), 1)), columns])
    probability = sigmoid(score)
    penalty = np.full(padded.shape[1], 1.0 / inverse_penalty)
    penalty[0] = 1e-6
    curvature = (padded * (probability * (1 - probability))[:, None]).T @ padded + np.diag(penalty)
    repeats = at.n_unique() / max(1, at.dt.date().n_unique())
    return np.asarray(np.linalg.inv(curvature) * repeats)
