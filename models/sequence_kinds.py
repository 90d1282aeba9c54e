"""The two sequence models: an LSTM, and a small Temporal Fusion Transformer."""

from typing import Any

from models.sequence import SequenceModel


class Lstm(SequenceModel):
    """An LSTM of width 32 over 14 days; see `models.sequence`."""

    kind = "lstm"

    def network(self, static: int) -> Any:
        """Return an untrained network."""
        from models import sequence_networks

        return sequence_networks.Lstm(static)


class TemporalFusion(SequenceModel):
    """A Temporal Fusion Transformer of width 24 with two attention heads over 14 days; see `models.sequence`."""

    kind = "tft"

    def network(self, static: int) -> Any:
        """Return an untrained network."""
        from models import sequence_networks

        return sequence_networks.TemporalFusion(static)
