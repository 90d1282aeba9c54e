"""From frames to matrices: which columns are features, and labelled rows in an order that depends on content alone."""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.evaluation.intervals import Floats
from core.evaluation.scores import Flags

KEY = ("hashtag", "at", "feature_set", "window")


_SEQUENCE = re.compile(r"day_(\d+)")


def feature_columns(frame: pl.DataFrame) -> tuple[str, ...]:
    """Return the names of the features: all numeric and Boolean columns outside the key and the sequence."""
    return tuple(
        name
        for name, dtype in frame.schema.items()
        if name not in KEY and not _SEQUENCE.fullmatch(name) and (dtype.is_numeric() or dtype == pl.Boolean)
    )


def sequence_columns(frame: pl.DataFrame) -> tuple[str, ...]:
    """Return the names of the steps of a hashtag's daily sequence, the newest (`day_0`) first."""
    steps = (name for name in frame.columns if _SEQUENCE.fullmatch(name))
    return tuple(sorted(steps, key=lambda name: int(name.removeprefix("day_"))))


def matrix(frame: pl.DataFrame, features: tuple[str, ...]) -> Floats:
    """Return the features as floats (rows, features), NaN for null, for infinity, and for a missing column."""
    values = np.full((frame.height, len(features)), np.nan)
    there = [place for place, name in enumerate(features) if name in frame.columns]
    if there and frame.height:
        values_there = frame.select(pl.col([features[place] for place in there]).cast(pl.Float64))
        values[:, there] = values_there.to_numpy()
    return np.where(np.isfinite(values), values, np.nan)


@dataclass(frozen=True)
class LabelledRows:
    """Training rows sorted by time and content, so that equal sets of rows give equal models.

    Parameters
    ----------
    x: features, shape (rows, features), NaN where unknown
    growth, viral: labels, shape (rows,)
    at: anchors
    """

    x: Floats
    growth: Floats
    viral: Flags
    at: pl.Series

    @classmethod
    def of(
        cls, frame: pl.DataFrame, features: tuple[str, ...], growth: pl.Series, viral: pl.Series, at: pl.Series
    ) -> "LabelledRows":
        """Return rows of features and labels; no label is null. Raise ValueError when lengths differ."""
        if not frame.height == len(growth) == len(viral) == len(at):
            raise ValueError(
                f"features, growth, labels and anchors differ in length: {frame.height}, {len(growth)}, {len(viral)}, "
                f"{len(at)}"
            )
        x = matrix(frame, features)
        labels = (growth.to_numpy().astype(float), viral.to_numpy().astype(float), at.dt.epoch("us").to_numpy())
        keys = pl.DataFrame({"at": labels[2], "growth": labels[0], "viral": labels[1]})
        content = pl.DataFrame(x, schema=[f"x{i}" for i in range(x.shape[1])]) if x.shape[1] else pl.DataFrame()
        whole = pl.concat([keys, content], how="horizontal")
        order = whole.select(pl.arg_sort_by(whole.columns)).to_series().to_numpy()
        return cls(x[order], labels[0][order], labels[1][order] > 0, at.gather(order))

    def take(self, rows: Flags) -> "LabelledRows":
        """Return a selection of the rows, in the same order."""
        return LabelledRows(self.x[rows], self.growth[rows], self.viral[rows], self.at.filter(pl.Series(rows)))

    @property
    def virals(self) -> int:
        """Number of rows that surged."""
        return int(self.viral.sum())
