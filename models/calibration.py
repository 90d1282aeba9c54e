"""Calibration: a map from scores to probabilities that match observed shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from core.evaluation.intervals import Floats
from core.evaluation.scores import Flags

ISOTONIC_VIRALS = 200
SMOOTH_SHARE = 0.1
END_ROWS = 30
FLOOR = 1e-4


def sigmoid(log_odds: Floats) -> Floats:
    """Return the probabilities of log-odds, which are clipped to [-35, 35]."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -35, 35))))


def logit(probability: Floats) -> Floats:
    """Return the log-odds of probabilities, which are clipped to [1e-9, 1 - 1e-9]."""
    inside = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))


def smoothed_rate(viral: Flags) -> float:
    """Return the share of virals, smoothed by 20 rows at the base rate of 5 %; never 0 or 1."""
    return float((viral.sum() + 1.0) / (len(viral) + 20.0))


@dataclass(frozen=True)
class Calibration:
    """A strictly rising map from scores (log-odds) to probabilities.

    It is Platt's sigmoid; with enough virals, nine tenths of centred isotonic regression (straight lines between the
    mean scores of its steps) and one tenth of the sigmoid. That keeps different scores different, so that calibration
    never turns a ranking into ties.

    Parameters
    ----------
    slope, intercept: of the sigmoid, slope > 0
    scores, shares: corners of the isotonic part; empty for the sigmoid alone

    Examples
    --------
    >>> Calibration()(np.array([0.0])).tolist()
    [0.5]
    """

    slope: float = 1.0
    intercept: float = 0.0
    scores: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    def __call__(self, log_odds: Floats) -> Floats:
        """Return the probabilities of scores, in the shape of the scores."""
        smooth = sigmoid(self.slope * log_odds + self.intercept)
        if not self.scores:
            return smooth
        stepped = np.interp(log_odds, self.scores, self.shares)
        return np.asarray(SMOOTH_SHARE * smooth + (1 - SMOOTH_SHARE) * stepped)

    def as_json(self) -> dict[str, Any]:
        """Return the map as values for JSON."""
        return {
            "slope": self.slope, "intercept": self.intercept, "scores": list(self.scores), "shares": list(self.shares)
        }  # fmt: skip

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> "Calibration":
        """Read back `as_json`."""
        return cls(state["slope"], state["intercept"], tuple(state["scores"]), tuple(state["shares"]))


def fit_calibration(log_odds: Floats, viral: Flags) -> Calibration:
    """Return the map fitted to scores and labels of rows that the model was not fitted on.

    With fewer than 200 virals it is the sigmoid alone; with one class only, the smoothed base rate and an almost flat
    slope.

    Parameters
    ----------
    log_odds: scores (rows,)
    viral: which rows surged (rows,)
    """
    if not viral.any() or viral.all():
        return Calibration(1e-3, float(logit(np.array([smoothed_rate(viral)]))[0]))
    sigmoid_fit = LogisticRegression(C=10.0).fit(log_odds[:, None], viral)
    slope = max(float(sigmoid_fit.coef_[0, 0]), 1e-3)
    intercept = _intercept(slope, log_odds, viral)
    if viral.sum() < ISOTONIC_VIRALS:
        return Calibration(slope, intercept)
    scores, shares = _steps(log_odds, viral)
    return Calibration(slope, intercept, scores, shares)


def _intercept(slope: float, log_odds: Floats, viral: Flags) -> float:
    """Return the intercept at which the mean probability equals the observed share, by bisection."""
    centre = float(logit(viral.mean(keepdims=True))[0])
    low, high = centre - slope * log_odds.max(), centre - slope * log_odds.min()
    intercept = centre
    for _ in range(60):
        intercept = (low + high) / 2
        over = sigmoid(slope * log_odds + intercept).mean() > viral.mean()
        low, high = (low, intercept) if over else (intercept, high)
    return intercept


def _steps(log_odds: Floats, viral: Flags) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the mean score and share of virals of each isotonic step; small steps at the ends join their neighbour."""
    fitted = IsotonicRegression().fit_transform(log_odds, viral.astype(float))
    step = np.unique(fitted, return_inverse=True)[1]
    rows = np.bincount(step)
    below, above = np.cumsum(rows), np.cumsum(rows[::-1])[::-1]
    first = int(np.searchsorted(below, END_ROWS))
    last = max(first, len(rows) - 1 - int(np.searchsorted(above[::-1], END_ROWS)))
    joined = np.clip(step, min(first, len(rows) - 1), last)
    joined -= joined.min()
    rows = np.bincount(joined)
    centres, shares = (np.bincount(joined, weights=values) / rows for values in (log_odds, viral.astype(float)))
    return tuple(centres.tolist()), tuple(np.clip(shares, FLOOR, 1 - FLOOR).tolist())
