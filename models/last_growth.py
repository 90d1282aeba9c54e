"""The baseline model: what grew over the last 24 hours goes on growing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from core.evaluation.intervals import Floats
from core.evaluation.scores import Flags
from models.calibration import Calibration, fit_calibration, logit, smoothed_rate
from models.interface import Contribution, read_json, stated, write_json
from models.rows import LabelledRows, matrix
from models.uncertainty import ScoreQuantiles, day_draws, interval

FEATURE = "growth_24h_past"
PRIOR_TOP = 0.30
PRIOR_POWER = 5
MEMBERS = 8
_SMALLEST = 1e-5


@dataclass(frozen=True)
class _FittedMap:
    calibration: Calibration
    members: tuple[Calibration, ...]
    unknown: float
    rate: float
    quantiles: ScoreQuantiles


class LastGrowth:
    """Ranks by the growth of the last 24 hours.

    Untrained, it needs no data: 5 % of rows are viral by definition, so the probability is `0.30 r^5`, with r the
    percentile rank of the growth among the rows predicted together (its mean is 0.05); intervals and growth quantiles
    are null. Trained, it maps growth to the observed share of virals; rows with unknown growth get the share of virals
    among such rows, and the interval is the spread of eight such maps over resampled days.
    """

    kind = "last-24h-growth"

    def __init__(self, threads: int = 1) -> None:
        self.features: tuple[str, ...] = (FEATURE,)
        self._fitted: _FittedMap | None = None

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Fit the map and the quantiles of growth; see `models.interface.Model`."""
        rows = LabelledRows.of(frame, self.features, growth, viral, at)
        score, defined = _score(rows.x[:, 0]), ~np.isnan(rows.x[:, 0])
        draws = day_draws(rows.at, MEMBERS, seed)
        self._fitted = _FittedMap(
            calibration=fit_calibration(score[defined], rows.viral[defined]),
            members=tuple(_resampled(score[defined], rows.viral[defined], draw[defined]) for draw in draws),
            unknown=smoothed_rate(rows.viral[~defined]),
            rate=smoothed_rate(rows.viral),
            quantiles=ScoreQuantiles.fit(score, rows.growth),
        )

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return probabilities; see `models.interface.Model`."""
        past = matrix(frame, self.features)[:, 0]
        if self._fitted is None:
            nothing = np.full(len(past), np.nan)
            return stated(_prior(past), nothing, nothing, np.full((len(past), 3), np.nan))
        fitted, score = self._fitted, _score(past)
        defined = ~np.isnan(score)
        probability = np.where(defined, fitted.calibration(score), fitted.unknown)
        members = np.stack([np.where(defined, member(score), fitted.unknown) for member in fitted.members])
        return stated(probability, *interval(probability, members), fitted.quantiles(score))

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return the contribution of the only feature, against the base rate."""
        past = matrix(frame, self.features)[:, 0]
        rate = 0.05 if self._fitted is None else self._fitted.rate
        moved = logit(self.predict(frame)["probability"].to_numpy()) - logit(np.array([rate]))
        pairs = zip(past.tolist(), moved.tolist(), strict=True)
        return [[Contribution(FEATURE, None if np.isnan(v) else v, m)][:top] for v, m in pairs]

    def save(self, folder: Path) -> None:
        """Write `last_growth.json`."""
        fitted = self._fitted
        state = {} if fitted is None else {
            "calibration": fitted.calibration.as_json(),
            "members": [member.as_json() for member in fitted.members],
            "unknown": fitted.unknown,
            "rate": fitted.rate,
            "quantiles": fitted.quantiles.as_json(),
        }  # fmt: skip
        write_json(folder / "last_growth.json", state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model, state = cls(), read_json(folder / "last_growth.json")
        if state:
            model._fitted = _FittedMap(
                Calibration.from_json(state["calibration"]),
                tuple(Calibration.from_json(member) for member in state["members"]),
                state["unknown"],
                state["rate"],
                ScoreQuantiles.from_json(state["quantiles"]),
            )
        return model


def _score(past: Floats) -> Floats:
    return np.asarray(np.log(_SMALLEST + np.maximum(past, 0.0)))


def _resampled(score: Floats, viral: Flags, draw: Floats) -> Calibration:
    times = draw.astype(int)
    return fit_calibration(np.repeat(score, times), np.repeat(viral, times))


def _prior(past: Floats) -> Floats:
    """Return 0.30 r^5 with r the rank among known growths (rows,); an unknown growth ranks in the middle."""
    ranks = pl.Series(past).fill_nan(None).rank("average")
    share = ((ranks - 0.5) / max(1, len(ranks) - ranks.null_count())).fill_null(0.5)
    return np.asarray(PRIOR_TOP * share.to_numpy() ** PRIOR_POWER)
