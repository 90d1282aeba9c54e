"""The networks of the sequence models, in plain PyTorch; imported by them alone, once it is known to be there.

Shapes: B rows, T steps, S static columns, D width.
"""

import torch
from torch import Tensor, nn

CHANNELS = 2
OUTPUTS = 4  # log-odds of a surge, three growth quantiles
DROPOUT = 0.2


class Lstm(nn.Module):
    """An LSTM over the steps; its last state beside a layer over the static columns."""

    def __init__(self, static: int, width: int = 32) -> None:
        super().__init__()
        self.lstm = nn.LSTM(CHANNELS, width, batch_first=True)
        self.static = nn.Linear(static, width)
        self.joined = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(DROPOUT)
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

    def __init__(self, width: int, context: bool = False) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(width, width), nn.Linear(width, width)
        self.context = nn.Linear(width, width, bias=False) if context else None
        self.gate, self.norm = nn.Linear(width, 2 * width), nn.LayerNorm(width)
        self.dropout = nn.Dropout(DROPOUT / 2)

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

    def __init__(self, variables: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(variables, width) * 0.1)
        self.bias = nn.Parameter(torch.zeros(variables, width))
        self.choose = nn.Sequential(nn.Linear(variables, width), nn.ELU(), nn.Linear(width, variables))
        self.after = GatedResidual(width)

    def forward(self, x: Tensor) -> Tensor:
        """(..., V) -> (..., D)."""
        embedded = x.unsqueeze(-1) * self.weight + self.bias  # (..., V, D)
        share = torch.softmax(self.choose(x), dim=-1).unsqueeze(-1)
        out: Tensor = self.after((share * embedded).sum(dim=-2) * x.shape[-1] ** 0.5)
        return out


class TemporalFusion(nn.Module):
    """A small Temporal Fusion Transformer (Lim and others, "Temporal Fusion Transformers", 2021).

    Variable selection for static columns and steps, an LSTM that starts from the static context, gates around it,
    static enrichment, attention of the last step over all steps, gates, heads.
    """

    def __init__(self, static: int, width: int = 24, heads: int = 2) -> None:
        super().__init__()
        self.select_static, self.select_steps = Selection(static, width), Selection(CHANNELS, width)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.after_lstm, self.enrich = nn.Linear(width, 2 * width), GatedResidual(width, context=True)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.after_attention, self.last = nn.Linear(width, 2 * width), GatedResidual(width)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.dropout = nn.Dropout(DROPOUT)
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
