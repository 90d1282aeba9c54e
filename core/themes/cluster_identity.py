"""Which cluster of this cycle is which of the last: identities by largest overlap, and what happened to the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import xxhash
from scipy.optimize import linear_sum_assignment

ClusterMembers = frozenset[str]

LEAST_JACCARD = 0.2
MOST_OF = 0.5


@dataclass(frozen=True)
class Identities:
    """What became of the clusters of the last cycle.

    Parameters
    ----------
    ids: id of each group of this cycle, in order
    born: ids of groups that continue no cluster
    split: new id -> the cluster that most of its members were in
    merged: id that ended -> the cluster that most of its members are in now
    gone: ids that ended without a successor
    """

    ids: tuple[str, ...]
    born: tuple[str, ...] = ()
    split: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def identify(before: Mapping[str, ClusterMembers], groups: Sequence[ClusterMembers], at: datetime) -> Identities:
    """Match groups with the clusters before, one to one, so that as many members as possible stay where they were.

    A match needs a Jaccard index of `LEAST_JACCARD`. A group without a match is a split where more than half of its
    members were in one cluster that lives on, else a birth; a cluster without a match is merged where more than half
    of its members are in one group, else gone.

    Parameters
    ----------
    before: members of the last cycle's clusters, by id
    groups: members of this cycle's groups, which don't overlap
    at: the moment of this cycle, part of the ids of new clusters

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2025, 5, 14, tzinfo=UTC)
    >>> after = identify({"c1": frozenset("abcd")}, [frozenset("abce"), frozenset("xyz")], now)
    >>> after.ids[0], len(after.born)
    ('c1', 1)
    """
    names = sorted(before)
    shared = np.array([[len(before[name] & group) for group in groups] for name in names]).reshape(
        len(names), len(groups)
    )
    matched = _matched(names, before, groups, shared)
    ids = tuple(matched.get(j) or new_id(group, at) for j, group in enumerate(groups))
    alive = {name: ids[j] for j, name in matched.items()}
    split, merged = {}, {}
    for j, group in enumerate(groups):
        if j not in matched and names and shared[:, j].max() > MOST_OF * len(group):
            parent = names[int(shared[:, j].argmax())]
            if parent in alive:
                split[ids[j]] = parent
    for i, name in enumerate(names):
        if name not in alive and groups and shared[i].max() > MOST_OF * len(before[name]):
            merged[name] = ids[int(shared[i].argmax())]
    return Identities(
        ids,
        tuple(ids[j] for j in range(len(groups)) if j not in matched and ids[j] not in split),
        split,
        merged,
        tuple(name for name in names if name not in alive and name not in merged),
    )


def new_id(members: ClusterMembers, at: datetime) -> str:
    """Return the id of a cluster first seen at a moment with these members."""
    return f"c{xxhash.xxh64_hexdigest(' '.join([at.isoformat(), *sorted(members)]))[:10]}"


def _matched(
    names: Sequence[str], before: Mapping[str, ClusterMembers], groups: Sequence[ClusterMembers], shared: np.ndarray
) -> dict[int, str]:
    """Return the name of the cluster that each matched group continues, by the group's number."""
    rows, columns = linear_sum_assignment(-shared) if shared.size else ((), ())
    together = {int(j): (names[int(i)], int(shared[i, j])) for i, j in zip(rows, columns, strict=True)}
    return {
        j: name
        for j, (name, common) in together.items()
        if common >= LEAST_JACCARD * (len(before[name]) + len(groups[j]) - common)
    }
