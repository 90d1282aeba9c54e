"""Every kind of model by its name, in the order in which kinds are tried."""

from collections.abc import Mapping, Sequence

from core.errors import UsageError
from models.blend import Blend, Stack
from models.boosted import BoostedTrees
from models.interface import Model
from models.last_growth import LastGrowth
from models.logistic import Logistic
from models.nikolov_shah import NikolovShah
from models.sequence.kinds import BlendWithTransformer, Lstm, TemporalFusion

KINDS: Mapping[str, type[Model]] = {
    LastGrowth.kind: LastGrowth,
    NikolovShah.kind: NikolovShah,
    Logistic.kind: Logistic,
    BoostedTrees.kind: BoostedTrees,
    Blend.kind: Blend,
    Stack.kind: Stack,
    Lstm.kind: Lstm,
    TemporalFusion.kind: TemporalFusion,
    BlendWithTransformer.kind: BlendWithTransformer,
}
STANDARD = (LastGrowth.kind, NikolovShah.kind, Logistic.kind, BoostedTrees.kind)
"""Kinds made where none are named; the others gained too little for their cost (docs/measurements/backtest.md)."""


def require_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the given kinds, each once; raise UsageError for a kind that does not exist."""
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"{kind!r} is not a kind of model; choose among {', '.join(KINDS)}")
    return tuple(dict.fromkeys(kinds))
