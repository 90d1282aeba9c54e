"""What sequence models share: a hashtag's last 14 days beside its other features, Monte Carlo dropout, files.

They need PyTorch, the extra `groundswell[sequence]`; without it, creating one raises UsageError.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl

from core.errors import UsageError
from core.evaluation.intervals import Floats
from core.evaluation.splits import time_split
from models.calibration import Calibration, fit_calibration
from models.interface import Contribution, read_json, stated, write_json
from models.logistic import CALIBRATION_SHARE, ENOUGH_VIRALS, Scale, strongest
from models.rows import LabelledRows, feature_columns, matrix, sequence_columns
from models.trainers import HERE, NetworkTask, SequenceSettings, Trainers, Weights
from models.uncertainty import interval

STEPS_BACK = 14
MASKS = 16
DIGITS = 9  # sums over a batch differ in the last bits with its size


class SequenceModel:
    """A network over the daily growth of the last 14 days, oldest first, and the standardised other features.

    Each step has two channels: ln(1 + 100 x growth), and whether it is known. Heads state the log-odds of a surge and
    three growth quantiles, learnt together. The map to probabilities is learnt on the last fifth of the training
    period, a day after what that network saw; the network is then trained again on all rows. The 80 % interval is that
    of 16 fixed dropout masks on the layer before the heads (Gal and Ghahramani, "Dropout as a Bayesian Approximation",
    2016), the same for every row, so that a row is judged alone.
    """

    kind: str = ""
    settings_type: type[SequenceSettings] = SequenceSettings

    def __init__(self, threads: int = 1, settings: SequenceSettings | None = None, trainers: Trainers = HERE) -> None:
        self._torch = _torch(self.kind)
        self._threads = threads
        self._trainers = trainers
        self.settings = settings or self.settings_type()
        self.features: tuple[str, ...] = ()
        self._static: tuple[str, ...] = ()
        self._net: Any = None
        self._scale: Scale | None = None
        self._calibration = Calibration()

    def fit(self, frame: pl.DataFrame, growth: pl.Series, viral: pl.Series, at: pl.Series, seed: int) -> None:
        """Train the network; see `models.interface.Model`."""
        self._static = feature_columns(frame)
        self.features = (*self._static, *sequence_columns(frame)[:STEPS_BACK])
        rows = LabelledRows.of(frame, self.features, growth, viral, at)
        self._scale = Scale.of(rows.x[:, : len(self._static)])
        self._calibration = Calibration()
        split = time_split(rows.at, CALIBRATION_SHARE)
        earlier, later = rows.take(split.earlier), rows.take(split.later)
        if min(earlier.virals, later.virals) >= ENOUGH_VIRALS:
            self._net = self._trained(earlier, seed)
            self._calibration = fit_calibration(self._outputs(later.x)[0].mean(axis=0), later.viral)
        self._net = self._trained(rows, seed)

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return probabilities; see `models.interface.Model`."""
        if frame.is_empty():
            return stated(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 3)))
        members, growth = self._outputs(matrix(frame, self.features))
        probability = self._calibration(members.mean(axis=0))
        return stated(probability, *interval(probability, self._calibration(members)), growth)

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """Return the gradient of the log-odds times the standardised feature: a first-order share, not an exact one."""
        if frame.is_empty():
            return []
        x = matrix(frame, self.features)
        steps, static = (part.requires_grad_() for part in self._inputs(x))
        self._ready().double()(steps, static)[:, 0].sum().backward()
        moved_steps = (steps.grad * steps)[:, :, 0].detach().numpy()[:, ::-1]
        parts = (static.grad * static).detach().numpy()
        moved = parts[:, : len(self._static)]
        moved[:, list(self._scaled().flagged)] += parts[:, len(self._static) :]
        together = np.hstack([moved, moved_steps])[:, : len(self.features)]
        return strongest(self.features, x, np.round(together, DIGITS), top)

    def save(self, folder: Path) -> None:
        """Write `<kind>.json` and the weights as `<kind>.npz`, without pickle."""
        weights = {name: value.float().numpy() for name, value in self._ready().state_dict().items()}
        np.savez(folder / f"{self.kind}.npz", **weights)
        state = {
            "static": list(self._static),
            "sequence": list(self.features[len(self._static) :]),
            "settings": asdict(self.settings),
            "scale": self._scaled().as_json(),
            "calibration": self._calibration.as_json(),
        }
        write_json(folder / f"{self.kind}.json", state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        state = read_json(folder / f"{cls.kind}.json")
        model = cls(settings=cls.settings_type(**state["settings"]))
        model._static = tuple(state["static"])
        model.features = (*model._static, *state["sequence"])
        model._scale = Scale.from_json(state["scale"])
        model._calibration = Calibration.from_json(state["calibration"])
        with np.load(folder / f"{cls.kind}.npz", allow_pickle=False) as weights:
            model._net = model._network({name: weights[name] for name in weights.files})
        return model

    def _ready(self) -> Any:
        if self._net is None:
            raise ValueError(f"the {self.kind} has to be fitted before it predicts")
        return self._net

    def _scaled(self) -> Scale:
        if self._scale is None:
            raise ValueError(f"the {self.kind} has to be fitted before it predicts")
        return self._scale

    def _inputs(self, x: Floats) -> tuple[Any, Any]:
        """Return steps (rows, 14, 2), oldest first, and static columns (rows, features + flags), as float64."""
        static = self._scaled()(x[:, : len(self._static)])
        days = np.full((len(x), STEPS_BACK), np.nan)
        given = x[:, len(self._static) :]
        days[:, : given.shape[1]] = given
        days = days[:, ::-1]
        defined = ~np.isnan(days)
        grown = np.log1p(100 * np.clip(np.where(defined, days, 0.0), 0.0, 1e6))
        torch = self._torch
        return torch.from_numpy(np.stack([grown, defined.astype(float)], axis=2)), torch.from_numpy(static)

    def _trained(self, rows: LabelledRows, seed: int) -> Any:
        from models.sequence import training as sequence_training

        steps, static = (part.float().numpy() for part in self._inputs(rows.x))
        task = NetworkTask(self.kind, self.settings, steps, static, rows.viral, rows.growth, seed, self._threads)
        descend = self._trainers.descend or sequence_training.trained
        return self._network(descend(task))

    def _network(self, weights: Weights) -> Any:
        from models.sequence import networks as sequence_networks

        net = sequence_networks.network(self.kind, len(self._static) + len(self._scaled().flagged), self.settings)
        net.load_state_dict({name: self._torch.tensor(value) for name, value in weights.items()})
        return net.eval()

    def _outputs(self, x: Floats) -> tuple[Floats, Floats]:
        """Return uncalibrated log-odds under each mask (masks, rows), and growth quantiles (rows, 3)."""
        torch, net = self._torch, self._ready().double()
        share = 1 - self.settings.dropout
        kept = np.random.default_rng(0).random((MASKS, net.heads.in_features)) < share
        with torch.no_grad():
            hidden = torch.cat([net.hidden(*self._inputs(part)) for part in np.array_split(x, -(-len(x) // 4096))])
            masked = [net.heads(hidden * torch.from_numpy(mask / share))[:, 0].numpy() for mask in kept]
            quantiles = net.heads(hidden)[:, 1:].numpy()
        growth = np.expm1(np.sort(np.clip(quantiles, 0.0, 20.0), axis=1)) / 100
        return np.round(np.stack(masked), DIGITS), np.round(growth, DIGITS)


def _torch(kind: str) -> Any:
    try:
        import torch
    except ImportError:
        raise UsageError(
            f"a model of kind {kind} needs PyTorch: pip install 'groundswell[sequence]', or choose another kind"
        ) from None
    return torch
