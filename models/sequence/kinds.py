"""The two sequence models: an LSTM, and a small Temporal Fusion Transformer."""

from models.sequence.model import SequenceModel
from models.sequence.task import FusionSettings


class Lstm(SequenceModel):
    """An LSTM of width 32 over 14 days; see `models.sequence.model`."""

    kind = "lstm"


class TemporalFusion(SequenceModel):
    """A Temporal Fusion Transformer of width 24 with two attention heads over 14 days; see `models.sequence.model`."""

    kind = "tft"
    settings_type = FusionSettings
