"""What it takes to train a network of a sequence model: numbers alone, so that any process can do it."""

from collections.abc import Mapping
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
class FusionSettings(SequenceSettings):
    """The same, as a Temporal Fusion Transformer is by itself."""

    width: int = 24


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
