"""The networks of the sequence models, in plain PyTorch; the models import this file once PyTorch is known to be there.

Shapes: B rows, T steps, S static columns, D width.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from models.trainers import SequenceSettings

CHANNELS = 2
OUTPUTS = 4  # log-odds of a surge, three growth quantiles
HEADS = 2


class Dropout(nn.Module):
    """Dropout whose draws belong to the rows of a whole batch.

    A worker with a part of the rows draws for all of them and keeps its own, so that the split changes nothing.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.own = slice(None)
        self.batch = 0

    def forward(self, x: Tensor) -> Tensor:
        """(B, ...) -> (B, ...)."""
        if not self.training:
            return x
        kept = torch.rand(self.batch, *x.shape[1:])[self.own] >= self.share
        return x * kept / (1 - self.share)


class LstmNetwork(nn.Module):
    """An LSTM over the steps; its last state beside a layer over the static columns."""

    def __init__(self, static: int, settings: SequenceSettings) -> None:
        super().__init__()
        width = settings.width
        self.lstm = nn.LSTM(CHANNELS, width, batch_first=True)
        self.static = nn.Linear(static, width)
        self.joined = nn.Linear(2 * width, width)
        self.dropout = Dropout(settings.dropout)
        self.heads = nn.Linear(width, OUTPUTS)

    def hidden(self, steps: Tensor, static: Tensor) -> Tensor:
        """(B, T, 2), (B, S) -> (B, D)."""
        last = self.lstm(steps)[1][0][-1]
        return torch.relu(self.joined(torch.cat([last, torch.relu(self.static(static))], dim=1)))

    def forward(self, steps: Tensor, static: Tensor) -> Tensor:
        """(B, T, 2), (B, S) -> (B, 4)."""
        out: Tensor = self.heads(self.dropout(self.hidden(steps, static)))
        return out


class GatedResidual(nn.Module):
    """Gated residual network: a small layer that can switch itself off (Lim and others 2021, eq. 2 to 4)."""

    def __init__(self, width: int, dropout: float, context: bool = False) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(width, width), nn.Linear(width, width)
        self.context = nn.Linear(width, width, bias=False) if context else None
        self.gate, self.norm = nn.Linear(width, 2 * width), nn.LayerNorm(width)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """(..., D), context of the same shape or one that broadcasts -> (..., D)."""
        inner = self.inner(x)
        if self.context is not None and context is not None:
            inner = inner + self.context(context)
        outer = self.dropout(self.outer(nn.functional.elu(inner)))
        out: Tensor = self.norm(x + nn.functional.glu(self.gate(outer), dim=-1))
        return out


class Selection(nn.Module):
    """Variable selection: each variable embedded, weighted by a softmax over all of them (eq. 6 to 8)."""

    def __init__(self, variables: int, width: int, dropout: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(variables, width) * 0.1)
        self.bias = nn.Parameter(torch.zeros(variables, width))
        self.choose = nn.Sequential(nn.Linear(variables, width), nn.ELU(), nn.Linear(width, variables))
        self.after = GatedResidual(width, dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(..., V) -> (..., D)."""
        embedded = x.unsqueeze(-1) * self.weight + self.bias  # (..., V, D)
        share = torch.softmax(self.choose(x), dim=-1).unsqueeze(-1)
        out: Tensor = self.after((share * embedded).sum(dim=-2) * x.shape[-1] ** 0.5)
        return out


class TemporalFusionNetwork(nn.Module):
    """A small Temporal Fusion Transformer (Lim and others, "Temporal Fusion Transformers", 2021).

    Variable selection for static columns and steps, an LSTM that starts from the static context, gates around it,
    static enrichment, attention of the last step over all steps, gates, heads.
    """

    def __init__(self, static: int, settings: SequenceSettings) -> None:
        super().__init__()
        width, gated = settings.width, settings.dropout / 2
        self.select_static, self.select_steps = (Selection(count, width, gated) for count in (static, CHANNELS))
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.after_lstm, self.enrich = nn.Linear(width, 2 * width), GatedResidual(width, gated, context=True)
        self.attention = nn.MultiheadAttention(width, HEADS, batch_first=True)
        self.after_attention, self.last = nn.Linear(width, 2 * width), GatedResidual(width, gated)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.dropout = Dropout(settings.dropout)
        self.heads = nn.Linear(2 * width, OUTPUTS)

    def hidden(self, steps: Tensor, static: Tensor) -> Tensor:
        """(B, T, 2), (B, S) -> (B, 2 D)."""
        context, chosen = self.select_static(static), self.select_steps(steps)
        start = context.unsqueeze(0).contiguous()
        ran = self.lstm(chosen, (start, torch.zeros_like(start)))[0]
        ran = self.norms[0](chosen + nn.functional.glu(self.after_lstm(ran), dim=-1))
        rich = self.enrich(ran, context.unsqueeze(1))
        seen = self.attention(rich[:, -1:], rich, rich, need_weights=False)[0][:, 0]
        seen = self.norms[1](rich[:, -1] + nn.functional.glu(self.after_attention(seen), dim=-1))
        return torch.cat([self.last(seen), context], dim=1)

    def forward(self, steps: Tensor, static: Tensor) -> Tensor:
        """(B, T, 2), (B, S) -> (B, 4)."""
        out: Tensor = self.heads(self.dropout(self.hidden(steps, static)))
        return out


NETWORKS: Mapping[str, type[nn.Module]] = {"lstm": LstmNetwork, "tft": TemporalFusionNetwork}


def network(kind: str, static: int, settings: SequenceSettings) -> Any:
    """Return an untrained network.

    Parameters
    ----------
    kind: key of `NETWORKS`
    static: number of static columns
    settings: shape of the network
    """
    return NETWORKS[kind](static, settings)
