"""How far a distribution has moved from a reference: KL divergence and PSI over quantile bins.

Formulas: docs/formulas.md, section 5.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.evaluation.intervals import Floats, Ints

BINS = 10
WARNING, CRITICAL = 0.1, 0.25
DriftLevel = Literal["ok", "warning", "critical"]


@dataclass(frozen=True)
class Bins:
    """Quantile bins of a reference, closed on the right; unknown values (NaN) have a bin of their own, the last.

    Parameters
    ----------
    edges: inner edges, rising; equal ones are merged

    Examples
    --------
    >>> Bins.of(np.array([0.0, 0.0, 0.0, 1.0, 2.0]), bins=5).edges
    (0.0, 1.2)
    >>> Bins((0.0, 1.2)).counts(np.array([0.0, 1.0, 9.0, np.nan])).tolist()
    [1, 1, 1, 1]
    """

    edges: tuple[float, ...]

    @classmethod
    def of(cls, reference: Floats, bins: int = BINS) -> "Bins":
        """Return bins that hold equally many of the known values; a single bin when no value is known."""
        values = reference[~np.isnan(reference)]
        inner = np.quantile(values, np.arange(1, bins) / bins) if len(values) else np.zeros(0)
        return cls(tuple(np.unique(inner).tolist()))

    def counts(self, values: Floats) -> Ints:
        """Return the number of values in each bin (edges + 2,)."""
        finite = ~np.isnan(values)
        place = np.searchsorted(np.asarray(self.edges), values[finite], side="left")
        counted = np.bincount(place, minlength=len(self.edges) + 1)
        return np.append(counted, len(values) - finite.sum()).astype(np.int64)


@dataclass(frozen=True)
class Divergence:
    """Distance of a distribution from its reference, in nats; both 0 where they are equal.

    Parameters
    ----------
    kl: Kullback-Leibler divergence of the current one from the reference, sum q ln(q / p)
    psi: population stability index, sum (q - p) ln(q / p)
    """

    kl: float
    psi: float

    @classmethod
    def of(cls, reference: Ints, current: Ints) -> "Divergence":
        """Return the distance between counts in the same bins.

        Half a count is added to each bin, so that an empty bin does not make the distance infinite.
        """
        p, q = (_shares(counts) for counts in (reference, current))
        ratio = np.log(q / p)
        return cls(float((q * ratio).sum()), float(((q - p) * ratio).sum()))


def level(size: float) -> DriftLevel:
    """Return how serious a distance, or a relative shift in either direction, is.

    Examples
    --------
    >>> level(0.09), level(0.1), level(-0.25)
    ('ok', 'warning', 'critical')
    """
    size = abs(size)
    return "critical" if size >= CRITICAL else "warning" if size >= WARNING else "ok"


def _shares(counts: Ints) -> Floats:
    padded = counts + 0.5
    return np.asarray(padded / padded.sum())
