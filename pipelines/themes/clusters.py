"""One cycle of clustering: dense groups of hashtags and caption words, and which cluster of before each of them is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.tables import CLUSTERS
from core.themes.cluster_identity import ClusterMembers, Identities, identify
from core.themes.co_use import Floats
from core.themes.density import DensityRule, Labels, centroids, dense_groups
from core.windows import MICROSECOND
from pipelines.themes.items import ThemeItems
from pipelines.themes.vectors import turned
from storage.lake.interface import Lake

REMEMBERED = timedelta(hours=24)
LEAST_HASHTAGS = 3
SHOWN_KEYWORDS = 12
DIGITS = 4


@dataclass(frozen=True)
class Cluster:
    """One cluster at a time.

    Parameters
    ----------
    members: its hashtags, nearest to the centroid first
    similarity: cosine of each of them to the centroid
    keywords: caption words in it, nearest first
    """

    cluster_id: str
    members: tuple[str, ...]
    similarity: tuple[float, ...]
    keywords: tuple[str, ...]
    centroid: Floats
    born_at: datetime


@dataclass(frozen=True)
class Before:
    """The clusters of the last day, each as it was last seen.

    Parameters
    ----------
    last: ids of those that were there in the last cycle
    """

    members: Mapping[str, ClusterMembers]
    born_at: Mapping[str, datetime]
    centroids: Mapping[str, Floats]
    last: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clustering:
    """What a cycle found, and what became of the clusters before."""

    clusters: Sequence[Cluster]
    identities: Identities


def clusters_before(lake: Lake, at: datetime) -> Before:
    """Return the clusters there were in the day before `at`."""
    names = ("cluster_id", "at", "members", "centroid", "born_at")
    rows = lake.read("themes", start=at - REMEMBERED, end=at - MICROSECOND, columns=names)
    newest = rows.sort("at").unique("cluster_id", keep="last", maintain_order=True).to_dicts()
    latest = max((row["at"] for row in newest), default=None)
    return Before(
        {row["cluster_id"]: frozenset(row["members"]) for row in newest},
        {row["cluster_id"]: row["born_at"] for row in newest},
        {row["cluster_id"]: np.array(row["centroid"], np.float32) for row in newest},
        frozenset(row["cluster_id"] for row in newest if row["at"] == latest),
    )


def cluster(
    items: ThemeItems, vectors: Floats, before: Before, at: datetime, rule: DensityRule | None = None
) -> Clustering:
    """Group the items and say which group is which cluster; a group of fewer than three hashtags is none.

    Parameters
    ----------
    vectors: unit rows (hashtags + keywords, d)
    before: the clusters of the day before
    """
    groups = _groups(items, dense_groups(vectors, rule or DensityRule()))
    clusters = [frozenset(items.hashtags[row] for row in rows if row < len(items.hashtags)) for rows in groups]
    identities = identify(before.members, clusters, at)
    if not groups:
        return Clustering((), identities)
    vectors = _as_before(vectors, groups, identities, before)
    middles = centroids(vectors, _labels(groups, len(vectors)))
    made = [
        _cluster(items, vectors, rows, middle, name, before.born_at.get(name, at))
        for rows, middle, name in zip(groups, middles, identities.ids, strict=True)
    ]
    return Clustering(made, identities)


def cluster_rows(clusters: Sequence[Cluster], at: datetime) -> pl.DataFrame:
    """Return the rows of table `clusters`."""
    rows = [
        (tag, at, group.cluster_id, similarity, at)
        for group in clusters
        for tag, similarity in zip(group.members, group.similarity, strict=True)
    ]
    return pl.DataFrame(rows, schema=CLUSTERS.schema, orient="row").sort("hashtag")


def _groups(items: ThemeItems, labels: Labels) -> list[list[int]]:
    """Rows of each group that has hashtags enough, in an order of their own."""
    rows = [np.flatnonzero(labels == number).tolist() for number in range(int(labels.max(initial=-1)) + 1)]
    tagged = [[row for row in group if row < len(items.hashtags)] for group in rows]
    return [group for group, tags in zip(rows, tagged, strict=True) if len(tags) >= LEAST_HASHTAGS]


def _labels(groups: Sequence[Sequence[int]], count: int) -> Labels:
    labels = np.full(count, -1)
    for number, rows in enumerate(groups):
        labels[list(rows)] = number
    return labels


def _as_before(vectors: Floats, groups: list[list[int]], identities: Identities, before: Before) -> Floats:
    """Return the vectors on the axes of the cycle before."""
    kept = [j for j, name in enumerate(identities.ids) if name in before.centroids]
    same = [j for j in kept if before.centroids[identities.ids[j]].shape[0] == vectors.shape[1]]
    if not same:
        return vectors
    now = centroids(vectors, _labels([groups[j] for j in same], len(vectors)))
    return turned(vectors, now, np.stack([before.centroids[identities.ids[j]] for j in same]))


def _cluster(
    items: ThemeItems, vectors: Floats, rows: Sequence[int], middle: Floats, name: str, born_at: datetime
) -> Cluster:
    cosines = np.round((vectors[list(rows)] @ middle).astype(float), DIGITS)
    nearest = sorted(zip(-cosines, rows, strict=True))
    tags = [(items.hashtags[row], float(-far)) for far, row in nearest if row < len(items.hashtags)]
    words = [items.keywords[row - len(items.hashtags)] for _, row in nearest if row >= len(items.hashtags)]
    return Cluster(
        name,
        tuple(tag for tag, _ in tags),
        tuple(near for _, near in tags),
        tuple(words[:SHOWN_KEYWORDS]),
        np.round(middle, DIGITS),
        born_at,
    )
