"""The interface of a vector store, and a store in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Stored:
    """One stored vector.

    Parameters
    ----------
    vector: (d,)
    captions: number of distinct captions that it was made from
    """

    vector: Floats
    captions: int = 0


class VectorStore(Protocol):
    """Vectors of one embedder by the name of the hashtag; the last one put under a name replaces those before.

    A store may have forgotten what was put more than `days` before `at`.
    """

    def put(self, vectors: Mapping[str, Stored], at: datetime) -> None:
        """Keep vectors made at a time; a second put of the same time replaces the first."""
        ...

    def get(self, names: Sequence[str], at: datetime) -> dict[str, Stored]:
        """Return the vectors of those names that have one put at or before `at`."""
        ...

    def nearest(self, vector: Floats, count: int, at: datetime) -> list[tuple[str, float]]:
        """Return the `count` names with the largest cosine to `vector`, and it, largest first; ties by name."""
        ...


class MemoryVectors:
    """A `VectorStore` that forgets with its process."""

    def __init__(self) -> None:
        self._put: dict[datetime, dict[str, Stored]] = {}

    def put(self, vectors: Mapping[str, Stored], at: datetime) -> None:
        """See `VectorStore.put`."""
        self._put[at] = dict(vectors)

    def get(self, names: Sequence[str], at: datetime) -> dict[str, Stored]:
        """See `VectorStore.get`."""
        held = self._until(at)
        return {name: held[name] for name in names if name in held}

    def nearest(self, vector: Floats, count: int, at: datetime) -> list[tuple[str, float]]:
        """See `VectorStore.nearest`."""
        return nearest_of(self._until(at), vector, count)

    def _until(self, at: datetime) -> dict[str, Stored]:
        held: dict[str, Stored] = {}
        for moment in sorted(self._put):
            if moment <= at:
                held |= self._put[moment]
        return held


def nearest_of(held: Mapping[str, Stored], vector: Floats, count: int) -> list[tuple[str, float]]:
    """Return what `VectorStore.nearest` does, by comparing all stored vectors."""
    if not held:
        return []
    names = sorted(held)
    matrix = np.stack([held[name].vector for name in names])
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(vector)
    cosines = matrix @ vector / np.maximum(lengths, 1e-12)
    return [(names[i], float(cosines[i])) for i in np.argsort(-cosines, kind="stable")[:count]]
