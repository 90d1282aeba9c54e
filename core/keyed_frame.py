"""A frozen table looked up by 64-bit keys, whose updates cost what they touch and not what it holds."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Keys = npt.NDArray[np.uint64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_RECENT_ROWS = 4096
_RECENT_SHARE = 16


def keys_of(values: pl.Series) -> Keys:
    """Return a 64-bit hash of each string; equal within one installed Polars, so never to be stored."""
    return values.hash(7).to_numpy()


def pair_keys(first: npt.NDArray[Any], second: Keys) -> Keys:
    """Return a 64-bit hash of each pair; `first` holds hashes or codes."""
    spread: Keys = first.astype(np.uint64) * _SPREAD
    mixed: Keys = (spread ^ (spread >> np.uint64(29))) * _SPREAD + second
    return mixed


@dataclass(frozen=True)
class KeyedFrame:
    """Rows by `key` (UInt64, unique), in a large sorted level and a small recent one that hides it.

    Two keys of 64 bits are taken for the same thing: with ten million rows the chance of any mix-up is about 1e-6.

    Examples
    --------
    >>> rows = pl.DataFrame({"key": [3, 1], "plays": [30, 10]}, schema={"key": pl.UInt64, "plays": pl.Int64})
    >>> store = KeyedFrame.of(rows)
    >>> newer = store.upsert(store.base.select("key", pl.col("plays") + 1).head(1))
    >>> newer.find(np.array([1, 2, 3], dtype=np.uint64))["plays"].to_list()
    [11, None, 30]
    """

    base: pl.DataFrame
    recent: pl.DataFrame
    unknown: pl.DataFrame  # one row of nulls

    @classmethod
    def of(cls, rows: pl.DataFrame) -> "KeyedFrame":
        """Hold `rows`, whose `key` is unique."""
        base = rows.sort("key")
        return cls(base, base.clear(), base.clear(1))

    @property
    def rows(self) -> pl.DataFrame:
        """All rows, sorted by key."""
        if self.recent.is_empty():
            return self.base
        kept = self.base.filter(~_among(self.base["key"].to_numpy(), self.recent["key"].to_numpy()))
        return pl.concat([kept, self.recent]).sort("key")

    def holds(self, keys: Keys) -> pl.Series:
        """Return for each of `keys` whether it is known."""
        return _among(keys, self.base["key"].to_numpy()) | _among(keys, self.recent["key"].to_numpy())

    def find(self, keys: Keys) -> pl.DataFrame:
        """Return the columns but `key` for each of `keys`, in their order; a row of nulls where a key is unknown."""
        old, is_old = _positions(self.base["key"].to_numpy(), keys)
        new, is_new = _positions(self.recent["key"].to_numpy(), keys)
        row = np.where(is_new, self.base.height + new, np.where(is_old, old, self.base.height + self.recent.height))
        places = pl.Series(row, dtype=pl.UInt32)
        everything = self.base.vstack(self.recent).vstack(self.unknown)
        return pl.DataFrame([column[places] for column in everything.get_columns() if column.name != "key"])

    def upsert(self, rows: pl.DataFrame) -> "KeyedFrame":
        """Return a table in which `rows` (keys unique among themselves) replace or join what is there."""
        if rows.is_empty():
            return self
        rows = rows.select(self.base.columns)
        kept = self.recent.filter(~_among(self.recent["key"].to_numpy(), np.sort(rows["key"].to_numpy())))
        newer = replace(self, recent=pl.concat([kept, rows]).sort("key"))
        if newer.recent.height <= max(_RECENT_ROWS, self.base.height // _RECENT_SHARE):
            return newer
        return replace(newer, base=newer.rows, recent=self.recent.clear())


def _positions(ordered: Keys, keys: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return where each key stands in `ordered`, and whether it does."""
    if not len(ordered):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return at, ordered[at] == keys


def _among(keys: Keys, ordered: Keys) -> pl.Series:
    """Return which of `keys` stand in `ordered`."""
    return pl.Series(_positions(ordered, keys)[1], dtype=pl.Boolean)
