"""A model that learnt from growth by totals alone: growth by plays is masked before it predicts."""

from pathlib import Path

import polars as pl

from core.features.growth_by_plays import without_plays
from models.interface import Contribution, Scorer


class LabelScaleModel:
    """Wraps a fitted model and masks growth by plays; see `core.labels.label_scale`.

    Parameters
    ----------
    model: the fitted model
    """

    def __init__(self, model: Scorer) -> None:
        self.inner = model
        self.kind, self.features = model.kind, model.features

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        """See `models.interface.Scorer`."""
        return self.inner.predict(without_plays(frame))

    def explain(self, frame: pl.DataFrame, top: int = 3) -> list[list[Contribution]]:
        """See `models.interface.Scorer`."""
        return self.inner.explain(without_plays(frame), top)

    def save(self, folder: Path) -> None:
        """See `models.interface.Scorer`; only the model's card says that growth by plays is masked."""
        self.inner.save(folder)
