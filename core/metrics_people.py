"""Who is behind a hashtag: distinct creators and sounds, how evenly videos spread over creators, novelty (SPEC 3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.keyed_frame import Keys
from core.metrics_observed import Observed
from core.time_log import Array, Flags, Floats, Ints

LEADERS = 20
KINDS = ("creator_id", "sound_id")


@dataclass(frozen=True)
class Members:
    """The distinct creators, or sounds, of each hashtag, in the order of its videos.

    Parameters
    ----------
    tags: how many hashtags there are
    rows: which of them each member belongs to (K,)
    keys: key of the member within the hashtag (K,)
    videos: number of its videos (K,)
    plays: sum of their last known plays (K,)
    names: its id (K,)
    """

    tags: int
    rows: Array
    keys: Keys
    videos: Ints
    plays: Floats
    names: pl.Series

    @property
    def count(self) -> Ints:
        """Number of members of each hashtag (M,)."""
        return np.bincount(self.rows, minlength=self.tags)


def members(observed: Observed, kind: str) -> Members:
    """Return the known members of `kind` among the observed videos."""
    known = np.flatnonzero(observed.members[kind])
    keys, first, which, videos = np.unique(
        observed.members[kind][known], return_index=True, return_inverse=True, return_counts=True
    )
    plays = np.bincount(which, weights=np.nan_to_num(observed["plays"][known]), minlength=len(keys)).astype(np.float64)
    order = np.argsort(first)
    places = known[first[order]]
    names = observed.names[kind].gather(pl.Series(places, dtype=pl.UInt32))
    return Members(len(observed.codes), observed.rows[places], keys[order], videos[order], plays[order], names)


def dispersion(creators: Members) -> Floats:
    """Return creator_dispersion of each hashtag: entropy of videos over creators / ln(creators), 0 for one (M,).

    Videos of unknown creators are left out; NaN without any known creator.
    """
    videos = np.bincount(creators.rows, weights=creators.videos, minlength=creators.tags)
    logs = np.bincount(creators.rows, weights=creators.videos * np.log(creators.videos), minlength=creators.tags)
    with np.errstate(divide="ignore", invalid="ignore"):
        even = (np.log(videos) - logs / videos) / np.log(creators.count)
    return np.where(creators.count > 1, even, np.where(creators.count == 1, 0.0, np.nan))


def novelty(kinds: Mapping[str, Members], earlier: Mapping[str, Keys]) -> Floats:
    """Return 1 - the mean over creators and sounds of the share that was there in the 24 h before (M,).

    Of each kind the 20 most viewed members count (plays of a member's videos summed, ties by id). A kind without
    members is left out of the mean; NaN without any member.

    Parameters
    ----------
    kinds: the members of each kind
    earlier: for each kind the keys of those observed in the 24 h before the window
    """
    overlaps = np.array([_overlap(kinds[kind], earlier[kind]) for kind in kinds])
    known = ~np.isnan(overlaps)
    with np.errstate(invalid="ignore"):
        fresh: Floats = 1 - np.nansum(overlaps, axis=0) / known.sum(axis=0)
    return fresh


def _overlap(group: Members, earlier: Keys) -> Floats:
    leads = _leaders(group)
    was_there = np.bincount(group.rows[leads], weights=_among(group.keys, earlier)[leads], minlength=group.tags)
    with np.errstate(invalid="ignore"):
        return was_there / np.bincount(group.rows[leads], minlength=group.tags)


def _leaders(group: Members) -> Flags:
    """Return which members are among the 20 most viewed of their hashtag (K,)."""
    crowded = np.flatnonzero(group.count[group.rows] > LEADERS)
    leads = np.ones(len(group.rows), bool)
    if len(crowded):
        best = (
            pl.DataFrame({"row": group.rows[crowded], "plays": group.plays[crowded], "at": crowded})
            .with_columns(group.names.gather(pl.Series(crowded, dtype=pl.UInt32)).alias("name"))
            .sort("row", "plays", "name", descending=[False, True, False])
            .group_by("row", maintain_order=True)
            .head(LEADERS)
        )
        leads[crowded] = False
        leads[best["at"].to_numpy()] = True
    return leads


def _among(keys: Keys, earlier: Keys) -> Flags:
    """Return which of `keys` (distinct) occur in `earlier`; the few are sorted, not the many."""
    found = np.zeros(len(keys), bool)
    if len(keys):
        order = np.argsort(keys)
        ordered = keys[order]
        at = np.minimum(np.searchsorted(ordered, earlier), len(keys) - 1)
        found[order[at[ordered[at] == earlier]]] = True
    return found
