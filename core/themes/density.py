"""Dense groups of vectors: HDBSCAN, then single vectors near a group join it.

Campello, Moulavi and Sander (2013), "Density-based clustering based on hierarchical density estimates".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import HDBSCAN

from core.themes.co_use import Floats, unit_rows

Labels = npt.NDArray[np.int64]
NONE = -1


@dataclass(frozen=True)
class DensityRule:
    """What counts as dense.

    Parameters
    ----------
    least: fewest members of a group
    neighbours: number of neighbours that define the density at a vector
    near: cosine to a group's centroid from which an ungrouped vector joins the group
    """

    least: int = 5
    neighbours: int = 3
    near: float = 0.7


def dense_groups(vectors: Floats, rule: DensityRule) -> Labels:
    """Return the group of each row, numbered from 0, NONE for rows in no group (n,).

    Parameters
    ----------
    vectors: unit rows, or rows of zeros, which are in no group (n, d)
    rule: what counts as dense

    Examples
    --------
    >>> east, north = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    >>> rows = np.array([*(east + 0.01 * k * north for k in range(6)), *(north + 0.01 * k * east for k in range(6))])
    >>> dense_groups(unit_rows(rows), DensityRule()).tolist()
    [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    """
    labels = np.full(len(vectors), NONE)
    there = np.flatnonzero(np.abs(vectors).sum(axis=1) > 0)
    if len(there) < 2 * rule.least:
        return labels
    finder = HDBSCAN(rule.least, min_samples=rule.neighbours, algorithm="brute", copy=True)
    labels[there] = finder.fit_predict(vectors[there].astype(np.float64))
    return _with_near(vectors, labels, rule.near)


def centroids(vectors: Floats, labels: Labels) -> Floats:
    """Return the mean direction of each group (groups, d), in the order of their numbers."""
    return unit_rows(np.stack([vectors[labels == group].mean(axis=0) for group in range(labels.max() + 1)]))


def _with_near(vectors: Floats, labels: Labels, near: float) -> Labels:
    if labels.max(initial=NONE) == NONE:
        return labels
    cosines = vectors @ centroids(vectors, labels).T
    nearest = cosines.argmax(axis=1)
    taken = (labels == NONE) & (cosines[np.arange(len(labels)), nearest] >= near)
    return np.where(taken, nearest, labels)
