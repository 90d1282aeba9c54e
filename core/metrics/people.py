"""Who is behind a hashtag: distinct creators and sounds, how evenly videos spread over creators, novelty.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from core.metrics.keyed_frame import Keys
from core.metrics.observed import LOOK_BACK, Observed
from core.metrics.time_log import Array, Flags, Floats, Ints
from core.windows import micros

LEADERS = 20
KINDS = ("creator_id", "sound_id")
_LONG_AGO = np.iinfo(np.int64).min // 2


@dataclass(frozen=True)
class People:
    """The distinct creators, or sounds, of the hashtags observed in some windows.

    The first five fields list the members of each hashtag; the others, the *entries*, list which of them were there in
    which window, by cell.

    Parameters
    ----------
    tags, starts: as in `Observed`
    codes: hashtag of each member, ascending (K,)
    keys: key of each member within its hashtag, ascending among those of one hashtag (K,)
    names: its id (K,)
    windows, members: window and member of each entry (E,)
    videos, plays: number of its videos in that window, and the sum of their last known plays (E,)
    read_at: last reading of one of them in that window, microseconds (E,)
    """

    tags: int
    starts: Ints
    codes: Array
    keys: Keys
    names: pl.Series
    windows: Ints
    members: Ints
    videos: Ints
    plays: Floats
    read_at: Ints

    @property
    def cells(self) -> Ints:
        """The cell of each entry, ascending (E,)."""
        return self.windows * self.tags + self.codes[self.members]

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.starts) * self.tags

    @property
    def count(self) -> Ints:
        """Number of members of each cell (C,)."""
        return np.bincount(self.cells, minlength=self.size)


def members(observed: Observed, kind: str) -> People:
    """Return the known members of `kind` among the observed videos."""
    return collected(
        observed.tags, observed.starts, observed.codes, observed.members[kind], observed.names[kind],
        observed.pairs, observed.windows, None, np.nan_to_num(observed["plays"]), observed.read_at,
    )  # fmt: skip


def collected(
    tags: int, starts: Ints, codes: Array, keys: Keys, names: pl.Series,
    who: Array, windows: Array, videos: Ints | None, plays: Floats, read_at: Ints,
) -> People:  # fmt: skip
    """Return the members behind some rows.

    Parameters
    ----------
    tags, starts: as in `Observed`
    codes, keys, names: hashtag, key (0: unknown) and id of the candidates for a row, not distinct (P,)
    who, windows: which candidate each row belongs to, and the row's window (N,)
    videos: number of videos that each row counts, None for one each (N,)
    plays, read_at: plays of each row, and its last reading, microseconds (N,)
    """
    named = np.flatnonzero(keys)
    order = named[np.lexsort((keys[named], codes[named]))]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (keys[order[1:]] != keys[order[:-1]]) | (codes[order[1:]] != codes[order[:-1]])
    first = order[fresh]
    member = np.full(len(keys), -1)
    member[order] = np.cumsum(fresh) - 1
    rows = slice(None) if len(named) == len(keys) else np.flatnonzero(member[who] >= 0)
    flat = windows[rows] * len(first) + member[who[rows]]
    size = len(starts) * len(first)
    count = np.bincount(flat, None if videos is None else videos[rows], size).astype(np.int64, copy=False)
    entries = np.flatnonzero(count)
    viewed = np.bincount(flat, plays[rows], size).astype(np.float64, copy=False)
    last = np.full(size, _LONG_AGO)
    np.maximum.at(last, flat, read_at[rows])
    return People(
        tags, starts, codes[first], keys[first], names.gather(pl.Series(first, dtype=pl.UInt32)),
        entries // max(len(first), 1), entries % max(len(first), 1), count[entries], viewed[entries], last[entries],
    )  # fmt: skip


def dispersion(creators: People) -> Floats:
    """Return creator_dispersion of each cell: entropy of videos over creators / ln(creators), 0 for one (C,).

    Videos of unknown creators are left out; NaN without any known creator.
    """
    count, cells = creators.count, creators.cells
    videos = np.bincount(cells, weights=creators.videos, minlength=creators.size)
    logs = np.bincount(cells, weights=creators.videos * np.log(creators.videos), minlength=creators.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        even = (np.log(videos) - logs / videos) / np.log(count)
    return np.where(count > 1, even, np.where(count == 1, 0.0, np.nan))


def novelty(kinds: Mapping[str, People], earlier: Mapping[str, tuple[Keys, Ints]]) -> Floats:
    """Return 1 - the mean over creators and sounds of the share that was there in the 24 h before the window (C,).

    The 20 most viewed members of each kind count (by the plays of their videos, ties by id). A kind without members is
    left out of the mean; NaN without any member.

    Parameters
    ----------
    kinds: the members of each kind
    earlier: for each kind the keys of members observed before the first window, and when, microseconds
    """
    overlaps = [_overlap(kinds[kind], *earlier[kind]) for kind in kinds]
    kinds_known = np.sum([~np.isnan(overlap) for overlap in overlaps], axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(1 - np.nansum(overlaps, axis=0) / kinds_known)


def _overlap(group: People, earlier: Keys, seen_at: Ints) -> Floats:
    leads = _leaders(group)
    there = _was_there(group, _last_seen(group.keys, earlier, seen_at))[leads]
    cells = group.cells[leads]
    with np.errstate(invalid="ignore"):
        return np.bincount(cells, weights=there, minlength=group.size) / np.bincount(cells, minlength=group.size)


def _was_there(group: People, last: Ints) -> Flags:
    """Return for which entries the member was observed in the 24 h before the window (E,).

    Parameters
    ----------
    last: when each member was last observed before the first window, microseconds (K,)
    """
    there = np.zeros(len(group.windows), bool)
    bounds = np.searchsorted(group.windows, np.arange(len(group.starts) + 1))
    last = last.copy()
    for window, start in enumerate(group.starts):
        rows = slice(bounds[window], bounds[window + 1])
        there[rows] = last[group.members[rows]] > start - micros(LOOK_BACK)
        last[group.members[rows]] = group.read_at[rows]
    return there


def _leaders(group: People) -> Flags:
    """Return which entries are among the 20 most viewed of their cell (E,)."""
    count = group.count
    leads = np.ones(len(group.cells), bool)
    crowded = np.flatnonzero(count[group.cells] > LEADERS)
    if not len(crowded):
        return leads
    cells, plays = group.cells[crowded], group.plays[crowded]
    bounds = np.append(np.flatnonzero(np.diff(cells, prepend=-1)), len(cells))
    groups = [plays[start:stop] for start, stop in pairwise(bounds)]
    lowest = [np.partition(group, len(group) - LEADERS)[-LEADERS] for group in groups]
    twentieth = np.repeat(lowest, np.diff(bounds))
    leads[crowded] = plays >= twentieth
    tied = plays == twentieth
    surplus = np.bincount(cells[plays >= twentieth], minlength=group.size)[cells] > LEADERS
    doubtful = crowded[tied & surplus]
    leads[doubtful] = _first_by_name(group, doubtful, leads)
    return leads


def _first_by_name(group: People, doubtful: Array, leads: Flags) -> Flags:
    """Return which of the entries tied for the last places of their cell are first by id."""
    certain = leads.copy()
    certain[doubtful] = False
    places = LEADERS - np.bincount(group.cells[certain], minlength=group.size)
    cells = group.cells[doubtful]
    names = group.names.gather(pl.Series(group.members[doubtful], dtype=pl.UInt32))
    rank = pl.DataFrame({"cell": cells, "name": names}).select(pl.col("name").rank("ordinal").over("cell"))
    return rank.to_series().to_numpy() <= places[cells]


def _last_seen(keys: Keys, earlier: Keys, seen_at: Ints) -> Ints:
    """Return when each of `keys` was last seen, a moment long ago for a key never seen; only `keys` are sorted.

    Parameters
    ----------
    keys: distinct keys (K,)
    earlier, seen_at: keys seen earlier, and when, in any order
    """
    last = np.full(len(keys), _LONG_AGO)
    if len(keys):
        order = np.argsort(keys)
        ordered = keys[order]
        at = np.minimum(np.searchsorted(ordered, earlier), len(keys) - 1)
        matches = ordered[at] == earlier
        np.maximum.at(last, order[at[matches]], seen_at[matches])
    return last
