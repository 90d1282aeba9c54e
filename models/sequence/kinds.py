"""The kinds of model that need PyTorch: an LSTM, a small Temporal Fusion Transformer, and a blend with the latter."""

from dataclasses import dataclass

from models.blend import Blend
from models.boosted import BoostedTrees
from models.interface import Model
from models.sequence.model import SequenceModel
from models.trainers import SequenceSettings


@dataclass(frozen=True)
class FusionSettings(SequenceSettings):
    """Settings with the defaults of a Temporal Fusion Transformer."""

    width: int = 24


class Lstm(SequenceModel):
    """An LSTM of width 32 over 14 days; see `models.sequence.model`."""

    kind = "lstm"


class TemporalFusion(SequenceModel):
    """A Temporal Fusion Transformer of width 24 with two attention heads over 14 days; see `models.sequence.model`."""

    kind = "tft"
    settings_type = FusionSettings


class BlendWithTransformer(Blend):
    """0.6 of the boosted trees' probability and 0.4 of the Temporal Fusion Transformer's; needs PyTorch."""

    kind = "blend-tft"

    def _unfitted(self) -> tuple[Model, ...]:
        return tuple(made(self._threads, trainers=self._trainers) for made in (BoostedTrees, TemporalFusion))
