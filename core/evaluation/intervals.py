"""95 % intervals of any figure: a block bootstrap by day, done with weights instead of copies."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def share(part: Floats, whole: Floats) -> Floats:
    """Return `part / whole`, NaN where `whole` is not positive."""
    quotient: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return quotient


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; each is None where it is undefined, never 0.

    Parameters
    ----------
    value: the figure itself
    lower, upper: 95 % interval; None with fewer than two days
    n: rows (or anchors, or alerts) that the figure rests on
    """

    value: float | None
    lower: float | None
    upper: float | None
    n: int


@dataclass(frozen=True)
class DayBlocks:
    """The day of every row, and how often each resample draws each day.

    Rows of the same day depend on each other, so days are drawn and not rows. A resample never copies a row: it only
    weighs days, and each figure is computed from sums per day times `weights`.

    Parameters
    ----------
    days: index of each row's UTC day, shape (rows,)
    weights: draws of each day, shape (days, 1 + resamples); the first column is all ones, the sample itself

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = pl.Series([datetime(2025, 5, d, tzinfo=UTC) for d in (1, 1, 2)])
    >>> blocks = DayBlocks.of(at, resamples=50, seed=1)
    >>> blocks.days.tolist(), blocks.weights.shape
    ([0, 0, 1], (2, 51))
    >>> round(float(blocks.ratio(np.array([1.0, 0.0, 1.0]), np.ones(3))[0]), 3)
    0.667
    """

    days: Ints
    weights: Floats

    @classmethod
    def of(cls, at: pl.Series, resamples: int = 200, seed: int = 0) -> "DayBlocks":
        """Return the blocks of rows at the times `at`; equal times and seeds give equal resamples."""
        dates = at.dt.date().to_physical().to_numpy()
        distinct, days = np.unique(dates, return_inverse=True)
        count = len(distinct)
        weights = np.ones((count, 1 + resamples))
        if count:
            draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1.0 / count), size=resamples)
            weights[:, 1:] = draws.T
        return cls(days.astype(np.int64), weights)

    @property
    def count(self) -> int:
        """Number of distinct days."""
        return int(self.weights.shape[0])

    def take(self, rows: npt.NDArray[np.bool_] | Ints) -> "DayBlocks":
        """Return the same days and weights for a selection of the rows."""
        return DayBlocks(self.days[rows], self.weights)

    def sums(self, values: Floats) -> Floats:
        """Return the weighted sum of `values` (rows,) over days (1 + resamples,)."""
        return np.asarray(np.bincount(self.days, weights=values, minlength=self.count) @ self.weights)

    def ratio(self, numerator: Floats, denominator: Floats) -> Floats:
        """Return the ratio of two weighted sums, NaN where the denominator is 0 (1 + resamples,)."""
        return share(self.sums(numerator), self.sums(denominator))

    def mean(self, values: Floats) -> Floats:
        """Return the weighted mean of `values` (rows,) (1 + resamples,)."""
        return self.ratio(values, np.ones(len(values)))

    def estimate(self, figures: Floats, n: int) -> Estimate:
        """Return the estimate of a figure from its values for the sample and every resample (1 + resamples,)."""
        value = None if np.isnan(figures[0]) else float(figures[0])
        resampled = figures[1:][~np.isnan(figures[1:])]
        if value is None or self.count < 2 or not len(resampled):
            return Estimate(value, None, None, n)
        lower, upper = np.quantile(resampled, [0.025, 0.975])
        return Estimate(value, float(lower), float(upper), n)
