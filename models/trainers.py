"""The costly part of a fit as a task of its own, and where it runs: in this process, or on several workers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.evaluation.intervals import Floats
from core.evaluation.scores import Flags

Weights = Mapping[str, np.ndarray[Any, np.dtype[np.float32]]]


@dataclass(frozen=True)
class SequenceSettings:
    """How a sequence model is shaped and trained.

    Parameters
    ----------
    width: of every layer; even
    learning_rate: highest of the schedule
    passes: how often each row is seen, within 60 to 1,000 batches
    dropout: share of a layer left out, in training and under the Monte Carlo masks; those inside gates take half of it
    """

    width: int = 32
    learning_rate: float = 4e-3
    passes: float = 4.0
    dropout: float = 0.2


@dataclass(frozen=True)
class NetworkTask:
    """One training of one network.

    Parameters
    ----------
    kind: key of `models.sequence.networks.NETWORKS`
    settings: its shape and training
    steps: shape (rows, 14, 2), oldest first
    static: standardised columns, shape (rows, columns)
    viral, growth: labels, shape (rows,)
    seed, threads: chance, and cores of one process
    """

    kind: str
    settings: SequenceSettings
    steps: Floats
    static: Floats
    viral: Flags
    growth: Floats
    seed: int
    threads: int = 1


Grow = Callable[[Mapping[str, Any], Floats, Floats, int], Any]
Descend = Callable[[NetworkTask], Weights]


@dataclass(frozen=True)
class Trainers:
    """What runs the fits; None is this process.

    Parameters
    ----------
    grow: grows one booster from params, x, label and rounds
    descend: trains one network
    """

    grow: Grow | None = None
    descend: Descend | None = None


HERE = Trainers()
