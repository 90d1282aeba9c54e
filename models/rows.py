"""From frames to matrices: which columns are features, and labelled rows in an order that never varies."""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.evaluation.intervals import Floats
from core.evaluation.scores import Flags

KEY = ("hashtag", "at", "feature_set", "window")


_SEQUENCE = re.compile(r"day_(\d+)")


def feature_columns(frame: pl.DataFrame) -> tuple[str, ...]:
    """Names of the features: every numeric or true/false column that is no part of the key or of the sequence."""
    return tuple(
        name
        for name, dtype in frame.schema.items()
        if name not in KEY and not _SEQUENCE.fullmatch(name) and (dtype.is_numeric() or dtype == pl.Boolean)
    )


def sequence_columns(frame: pl.DataFrame) -> tuple[str, ...]:
    """Names of the steps of a hashtag's own sequence, the newest (`day_0`) first."""
    steps = (name for name in frame.columns if _SEQUENCE.fullmatch(name))
    return tuple(sorted(steps, key=lambda name: int(name.removeprefix("day_"))))


def matrix(frame: pl.DataFrame, features: tuple[str, ...]) -> Floats:
    """The features as floats (rows, features); NaN for null, infinite, and for a column the frame lacks."""
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
        """Pair features with labels; lengths must agree (ValueError) and labels be known."""
        if not frame.height == len(growth) == len(viral) == len(at):
            raise ValueError(f"{frame.height} rows, {len(growth)} growths, {len(viral)} labels and {len(at)} anchors")
        x = matrix(frame, features)
        labels = (growth.to_numpy().astype(float), viral.to_numpy().astype(float), at.dt.epoch("us").to_numpy())
        keys = pl.DataFrame({"at": labels[2], "growth": labels[0], "viral": labels[1]})
        content = pl.DataFrame(x, schema=[f"x{i}" for i in range(x.shape[1])]) if x.shape[1] else pl.DataFrame()
        whole = pl.concat([keys, content], how="horizontal")
        order = whole.select(pl.arg_sort_by(whole.columns)).to_series().to_numpy()
        return cls(x[order], labels[0][order], labels[1][order] > 0, at.gather(order))

    def take(self, rows: Flags) -> "LabelledRows":
        """A selection of the rows, in the same order."""
        return LabelledRows(self.x[rows], self.growth[rows], self.viral[rows], self.at.filter(pl.Series(rows)))

    @property
    def virals(self) -> int:
        """Number of rows that surged."""
        return int(self.viral.sum())
