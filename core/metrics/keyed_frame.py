"""A frozen table looked up by 64-bit keys, whose updates cost what they touch and not what it holds."""

from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Keys = npt.NDArray[np.uint64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_RATIO = 4


def keys_of(values: pl.Series) -> Keys:
    """Return a 64-bit hash of each string. It may differ between versions of Polars, so it must not be stored."""
    return values.hash(7).to_numpy()


def pair_keys(first: npt.NDArray[Any], second: Keys) -> Keys:
    """Return a 64-bit hash of each pair; `first` holds hashes or codes."""
    spread: Keys = first.astype(np.uint64) * _SPREAD
    mixed: Keys = (spread ^ (spread >> np.uint64(29))) * _SPREAD + second
    return mixed


@dataclass(frozen=True)
class KeyedFrame:
    """Rows by `key` (UInt64, unique), in sorted levels; of a key in several levels the row in the last one counts.

    Each level has at least four times the rows of the next (a log-structured merge tree). Upserted rows are merged with
    levels of about their size only, and recent rows are found before the large old levels are searched.

    Equal 64-bit keys are taken for the same thing: with ten million rows the probability of a collision is about 1e-6.

    Examples
    --------
    >>> rows = pl.DataFrame({"key": [3, 1], "plays": [30, 10]}, schema={"key": pl.UInt64, "plays": pl.Int64})
    >>> store = KeyedFrame.of(rows)
    >>> newer = store.upsert(rows.with_columns(pl.col("plays") + 1).tail(1))
    >>> newer.find(np.array([1, 2, 3], dtype=np.uint64))["plays"].to_list()
    [11, None, 30]
    """

    levels: tuple[pl.DataFrame, ...]
    unknown: pl.DataFrame  # one row of nulls

    @classmethod
    def of(cls, rows: pl.DataFrame) -> "KeyedFrame":
        """Return a table of `rows`, whose `key` is unique."""
        return cls((), rows.clear(1)).upsert(rows)

    @property
    def rows(self) -> pl.DataFrame:
        """All rows, sorted by key."""
        return reduce(_merged, self.levels, self.unknown.clear())

    @property
    def height(self) -> int:
        """Number of rows in all levels, hidden ones included."""
        return sum(level.height for level in self.levels)

    def holds(self, keys: Keys) -> pl.Series:
        """Return for each key whether the table has a row for it."""
        return pl.Series(self._places(keys) < self.height, dtype=pl.Boolean)

    def find(self, keys: Keys) -> pl.DataFrame:
        """Return all columns except `key` for each of `keys`, in their order; a row of nulls for an unknown key."""
        places = pl.Series(self._places(keys), dtype=pl.UInt32)
        everything = reduce(pl.DataFrame.vstack, (*self.levels, self.unknown))
        return pl.DataFrame([column[places] for column in everything.get_columns() if column.name != "key"])

    def upsert(self, rows: pl.DataFrame) -> "KeyedFrame":
        """Return a table in which `rows` (with distinct keys) replace the rows of their keys, or are added."""
        if rows.is_empty():
            return self
        rows = rows.select(self.unknown.columns)
        levels = [*self.levels, rows[np.argsort(rows["key"].to_numpy())]]
        while len(levels) > 1 and levels[-2].height < _RATIO * levels[-1].height:
            levels[-2:] = [_merged(*levels[-2:])]
        return replace(self, levels=tuple(levels))

    def _places(self, keys: Keys) -> npt.NDArray[np.int64]:
        """Return the position of each key in the levels put end to end; the position after them for an unknown key."""
        first = self.height
        places, sought = np.full(len(keys), first), np.arange(len(keys))
        for level in reversed(self.levels):
            first -= level.height
            ordered = level["key"].to_numpy()
            at = np.minimum(np.searchsorted(ordered, keys[sought]), level.height - 1)
            matches = ordered[at] == keys[sought]
            places[sought[matches]] = first + at[matches]
            sought = sought[~matches]
        return places


def _merged(older: pl.DataFrame, newer: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of two sorted levels, sorted; of a key in both the newer row."""
    keys = np.concatenate([older["key"].to_numpy(), newer["key"].to_numpy()])
    order = np.argsort(keys, kind="stable")
    last = np.append(keys[order[1:]] != keys[order[:-1]], True)[: len(keys)]
    merged: pl.DataFrame = older.vstack(newer)[order[last]]
    return merged
