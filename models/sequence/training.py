"""The training loop of the sequence models, for one process or for one of several; it needs PyTorch."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.calibration import logit, smoothed_rate
from models.sequence.networks import Dropout, network
from models.trainers import NetworkTask, Weights
from models.uncertainty import LEVELS, upper_level

BATCH = 512
FEWEST, MOST = 60, 1000
DECAY = 0.01
LONGEST = 1.0


@dataclass(frozen=True)
class BatchShare:
    """Which rows of every batch a worker takes: every `workers`-th row, starting at its rank."""

    rank: int = 0
    workers: int = 1


WHOLE = BatchShare()
_RANDOM_STATE = Lock()  # PyTorch has one for the process: trainings on several threads would take each other's draws


def trained(task: NetworkTask, share: BatchShare = WHOLE, joined: Callable[[Any], Any] = lambda net: net) -> Weights:
    """Train one network and return its weights.

    All workers draw the same batches, dropout and first weights, and each takes its share of the rows, so that the mean
    of their gradients is that of a single worker: the number of workers changes rounding only.

    Parameters
    ----------
    task: the network and the rows it learns from
    share: the part of each batch that this worker takes
    joined: returns a network that averages gradients over the workers
    """
    with _RANDOM_STATE:
        return _trained(task, share, joined)


def _trained(task: NetworkTask, share: BatchShare, joined: Callable[[Any], Any]) -> Weights:
    torch.set_num_threads(task.threads)
    torch.manual_seed(task.seed)
    steps, static = (torch.tensor(part, dtype=torch.float32) for part in (task.steps, task.static))
    viral = torch.tensor(task.viral, dtype=torch.float32)
    growth = torch.tensor(np.log1p(100 * np.maximum(task.growth, 0.0)), dtype=torch.float32)
    levels = torch.tensor([*LEVELS[:2], upper_level(task.growth)])
    net = network(task.kind, static.shape[1], task.settings)
    with torch.no_grad():
        net.heads.bias[0] = float(logit(np.array([smoothed_rate(task.viral)]))[0])
    size = min(BATCH, len(viral))
    own = shared(net, share, size)
    descent = _Descent(net, task, len(viral))
    whole = joined(net)
    for _ in range(descent.count):
        batch = torch.randint(len(viral), (size,))[own]
        loss = _loss(whole(steps[batch], static[batch]), viral[batch], growth[batch], levels)
        descent.step(loss * (share.workers / size))
    return {name: value.numpy() for name, value in net.state_dict().items()}


def shared(net: nn.Module, share: BatchShare, size: int) -> slice:
    """Set in every dropout which rows of a batch are this worker's, and return those rows."""
    own = slice(share.rank, None, share.workers)
    for module in net.modules():
        if isinstance(module, Dropout):
            module.own, module.batch = own, size
    return own


def _loss(outputs: Tensor, viral: Tensor, growth: Tensor, levels: Tensor) -> Tensor:
    """Return the cross-entropy of surges plus the mean pinball loss of the quantiles, summed over rows."""
    miss = growth[:, None] - outputs[:, 1:]
    pinball = torch.maximum(levels * miss, (levels - 1) * miss).mean(dim=1).sum()
    return nn.functional.binary_cross_entropy_with_logits(outputs[:, 0], viral, reduction="sum") + pinball


class _Descent:
    """AdamW on a one-cycle schedule, with gradients clipped to a norm of 1."""

    def __init__(self, net: nn.Module, task: NetworkTask, rows: int) -> None:
        rate = task.settings.learning_rate
        self.count = int(np.clip(task.settings.passes * rows / BATCH, FEWEST, MOST))
        self._net = net
        self._optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=DECAY)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(self._optimiser, rate, total_steps=self.count)

    def step(self, loss: Tensor) -> None:
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), LONGEST)
        self._optimiser.step()
        self._schedule.step()
