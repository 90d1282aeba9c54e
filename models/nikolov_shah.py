"""The nearest-neighbour detector of Nikolov and Shah: is a hashtag more like those that surged, or like the others?

Nikolov, "Trend or No Trend: A Novel Nonparametric Method for Classifying Time Series", MIT 2012: the signal is the
recent activity of a topic, and its odds to trend are the ratio of its likeness to past signals that trended and to the
others.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl

from core.evaluation.intervals import Floats
from core.evaluation.scores import Flags
from core.evaluation.splits import time_split
from models.calibration import Calibration, fit_calibration
from models.interface import Contribution, read_json, stated, write_json
from models.logistic import strongest
from models.rows import LabelledRows, matrix
from models.uncertainty import ScoreQuantiles, day_draws, interval

SPANS_H = (1, 3, 6, 12, 24, 48, 72, 168)
SIGNAL = ("growth_24h_past", *(f"gained_{hours}h" for hours in SPANS_H))
VIRAL_REFERENCES, OTHER_REFERENCES = 300, 1_000
CALIBRATION_SHARE = 0.3
MEMBERS = 8
_SMALLEST = 1e-3
SHARPNESS = 4.0
_ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class _References:
    """Past signals of both kinds, standardised; `unknown` replaces unknown values of a signal."""

    center: Floats
    scale: Floats
    unknown: Floats
    viral: Floats
    other: Floats

    @classmethod
    def of(cls, signal: Floats, viral: Flags) -> "_References":
        filled = np.where(np.isnan(signal).all(axis=0), 0.0, signal)
        unknown = np.nanmedian(filled, axis=0)
        center, scale = np.nanmean(filled, axis=0), np.nanstd(filled, axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        whole = (np.where(np.isnan(signal), unknown, signal) - center) / scale
        return cls(
            center, scale, unknown,
            _spread_out(whole[viral], VIRAL_REFERENCES), _spread_out(whole[~viral], OTHER_REFERENCES),
        )  # fmt: skip

    def score(self, signal: Floats, without: int | None = None) -> Floats:
        """Return the log ratio of the mean likeness to signals that surged and to others (rows,).

        Parameters
        ----------
        signal: gains over the spans, NaN where unknown (rows, spans)
        without: index of a span to leave out
        """
        if not (len(self.viral) and len(self.other)):
            return np.zeros(len(signal))
        whole = (np.where(np.isnan(signal), self.unknown, signal) - self.center) / self.scale
        distinct, place = np.unique(whole, axis=0, return_inverse=True)  # most hashtags stand still like many others
        parts = [
            _likeness(distinct[low : low + _ROWS_AT_ONCE], self.viral, without)
            - _likeness(distinct[low : low + _ROWS_AT_ONCE], self.other, without)
            for low in range(0, len(distinct), _ROWS_AT_ONCE)
        ]
        return np.concatenate([np.zeros(0), *parts])[place]


class NikolovShah:
    """Compares the gains of the last hours and days with those of hashtags that surged, and of hashtags that did not.

    The signal is the logarithm of what was gained over 1 h to a week, as far as those features are there; likeness is
    exp(-4 d), with d the mean squared difference of standardised signals. References are past rows, at most 300 that
    surged and 1,000 that did not. A map learnt on later rows turns the log ratio into a probability; the interval is
    the spread of eight such maps over resampled days.
    """

    kind = "nikolov-shah"

    def __init__(self, threads: int = 1) -> None:
        self.features: tuple[str, ...] = SIGNAL
        self._references: _References | None = None
        self._calibration = Calibration()
        self._members: tuple[Calibration, ...] = ()
        self._quantiles: ScoreQuantiles | None = None

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Choose references and fit the map; see `models.interface.Model`."""
        self.features = tuple(name for name in SIGNAL if name in frame.columns) or SIGNAL[:1]
        rows = LabelledRows.of(frame, self.features, growth, viral, at)
        split = time_split(rows.at, CALIBRATION_SHARE)
        later = rows.take(split.later)
        score = _References.of(_signal(rows.x[split.earlier]), rows.viral[split.earlier]).score(_signal(later.x))
        self._calibration = fit_calibration(score, later.viral)
        self._members = tuple(
            fit_calibration(np.repeat(score, draw.astype(int)), np.repeat(later.viral, draw.astype(int)))
            for draw in day_draws(later.at, MEMBERS, seed)
        )
        self._references = _References.of(_signal(rows.x), rows.viral)
        self._quantiles = ScoreQuantiles.fit(self._references.score(_signal(rows.x)), rows.growth)

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return probabilities; see `models.interface.Model`."""
        if self._references is None or self._quantiles is None:
            nothing = np.full(frame.height, np.nan)
            return stated(nothing + 0.05, nothing, nothing, np.full((frame.height, 3), np.nan))
        score = self._references.score(_signal(matrix(frame, self.features)))
        probability = self._calibration(score)
        members = np.stack([member(score) for member in self._members])
        return stated(probability, *interval(probability, members), self._quantiles(score))

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return what each span adds to the log ratio: the ratio less the ratio without the span."""
        values = matrix(frame, self.features)
        signal = _signal(values)
        references = self._references or _References.of(signal[:0], np.zeros(0, bool))
        whole = references.score(signal)
        moved = np.stack([whole - references.score(signal, span) for span in range(len(self.features))], axis=1)
        return strongest(self.features, values, moved, top)

    def save(self, folder: Path) -> None:
        """Write `nikolov_shah.json`."""
        references, quantiles = self._references, self._quantiles
        state: dict[str, Any] = {} if references is None or quantiles is None else {
            "features": list(self.features),
            "references": {name: values.tolist() for name, values in vars(references).items()},
            "calibration": self._calibration.as_json(),
            "members": [member.as_json() for member in self._members],
            "quantiles": quantiles.as_json(),
        }  # fmt: skip
        write_json(folder / "nikolov_shah.json", state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model, state = cls(), read_json(folder / "nikolov_shah.json")
        if state:
            model.features = tuple(state["features"])
            shape = (-1, len(model.features))
            arrays = {name: np.array(values, dtype=float) for name, values in state["references"].items()}
            model._references = _References(
                **{name: a.reshape(shape) if name in ("viral", "other") else a for name, a in arrays.items()}
            )
            model._calibration = Calibration.from_json(state["calibration"])
            model._members = tuple(Calibration.from_json(member) for member in state["members"])
            model._quantiles = ScoreQuantiles.from_json(state["quantiles"])
        return model


def _signal(gains: Floats) -> Floats:
    return np.asarray(np.log(_SMALLEST + np.clip(gains, 0.0, 1e6)))


def _spread_out(rows: Floats, most: int) -> Floats:
    """Return at most `most` of the rows, evenly spread over all of them."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def _likeness(signals: Floats, references: Floats, without: int | None) -> Floats:
    """Return the logarithm of the mean over references of exp(-4 d), d the mean squared difference (rows,)."""
    spans = [span for span in range(signals.shape[1]) if span != without]
    if not spans:
        return np.zeros(len(signals))
    distance = np.zeros((len(signals), len(references)))
    apart = np.empty_like(distance)
    for span in spans:
        np.subtract(signals[:, span, None], references[None, :, span], out=apart)
        distance += np.square(apart, out=apart)
    distance *= SHARPNESS / len(spans)
    nearest = distance.min(axis=1)
    likeness = np.exp(np.subtract(nearest[:, None], distance, out=apart), out=apart)
    return np.asarray(np.log(likeness.mean(axis=1)) - nearest)
