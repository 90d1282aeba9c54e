"""Where the costly parts of a fit run: in this process, or on several workers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.evaluation.intervals import Floats
from models.sequence.task import NetworkTask, Weights

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
