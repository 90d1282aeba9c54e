"""A vector store in the lake: table `vectors`, one window a put, the last days of it in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.tables import VECTORS
from core.windows import HOUR
from storage.lake.interface import Lake
from storage.lake.vectors import Floats, Stored, nearest_of


class LakeVectors:
    """A `storage.lake.vectors.VectorStore` over a lake. What is put twice in an hour is what was put last.

    Parameters
    ----------
    embedder: whose vectors these are
    days: how far back it looks
    """

    def __init__(self, lake: Lake, embedder: str, days: int) -> None:
        self._lake = lake
        self._embedder = embedder
        self._days = timedelta(days=days)
        self._held: dict[str, tuple[datetime, Stored]] = {}
        self._read_until: datetime | None = None

    def put(self, vectors: Mapping[str, Stored], at: datetime) -> None:
        """See `VectorStore.put`."""
        start = at - HOUR
        others = self._lake.read(VECTORS.name, start=start, end=at).filter(pl.col("embedder") != self._embedder)
        mine = pl.DataFrame(
            {
                "hashtag": list(vectors),
                "embedder": [self._embedder] * len(vectors),
                "at": [at] * len(vectors),
                "captions": [stored.captions for stored in vectors.values()],
                "vector": [stored.vector.tolist() for stored in vectors.values()],
                "window": [at] * len(vectors),
            },
            schema=VECTORS.schema,
        )
        self._lake.replace(VECTORS.name, pl.concat([others, mine]), start, at)
        self._read_until = None

    def get(self, names: Sequence[str], at: datetime) -> dict[str, Stored]:
        """See `VectorStore.get`."""
        held = self._until(at)
        return {name: held[name] for name in names if name in held}

    def nearest(self, vector: Floats, count: int, at: datetime) -> list[tuple[str, float]]:
        """See `VectorStore.nearest`."""
        return nearest_of(self._until(at), vector, count)

    def _until(self, at: datetime) -> dict[str, Stored]:
        oldest = at - self._days
        if self._read_until is None or self._read_until > at:
            self._held = self._rows(oldest, at)
        elif self._read_until < at:
            self._held |= self._rows(self._read_until, at)
            self._held = {name: kept for name, kept in self._held.items() if kept[0] > oldest}
        self._read_until = at
        return {name: stored for name, (_, stored) in self._held.items()}

    def _rows(self, start: datetime, end: datetime) -> dict[str, tuple[datetime, Stored]]:
        rows = self._lake.read(VECTORS.name, start=start, end=end, where={"embedder": self._embedder})
        return {
            row["hashtag"]: (row["at"], Stored(np.array(row["vector"], np.float32), row["captions"]))
            for row in rows.sort("at", "hashtag").iter_rows(named=True)
        }
