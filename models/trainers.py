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
    width: width of every layer, even
    learning_rate: highest learning rate of the schedule
    passes: number of passes over the rows, within 60 to 1,000 batches
    dropout: share of a layer that is dropped, in training and by the Monte Carlo masks; half of it inside gates
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
    settings: shape and training of the network
    steps: daily steps, oldest first (rows, 14, 2)
    static: standardised columns (rows, columns)
    viral, growth: labels (rows,)
    seed: random seed of the training
    threads: number of threads of one process
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
    """The functions that run the costly parts of fits; None runs them in this process.

    Parameters
    ----------
    grow: returns one booster grown from parameters, x, label and rounds
    descend: returns the weights of one trained network
    """

    grow: Grow | None = None
    descend: Descend | None = None


HERE = Trainers()
