"""How good a clustering is: stability from one time to the next, and agreement with labels made by hand."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sklearn.metrics import adjusted_rand_score

Groups = Mapping[str, str]
"""Name of a thing -> its cluster; things in no cluster are missing."""


@dataclass(frozen=True)
class Agreement:
    """How well clusters agree with labels.

    Parameters
    ----------
    covered: share of the labelled things that are in a cluster
    purity: share of those whose label is the most frequent one in their cluster
    precision, recall: B-cubed, over all labelled things; a thing in no cluster is a cluster of its own
    """

    covered: float
    purity: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (Bagga and Baldwin 1998)."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def stability(before: Groups, after: Groups) -> float | None:
    """Return the adjusted Rand index over things in a cluster both times; None for fewer than two such things.

    Examples
    --------
    >>> stability({"a": "1", "b": "1", "c": "2", "d": "2"}, {"a": "x", "b": "x", "c": "y", "d": "y"})
    1.0
    """
    shared = sorted(before.keys() & after.keys())
    if len(shared) < 2:
        return None
    return float(adjusted_rand_score([before[name] for name in shared], [after[name] for name in shared]))


def agreement(groups: Groups, labels: Mapping[str, str]) -> Agreement | None:
    """Return how the clusters of labelled things agree with their labels; None when none is in a cluster.

    Parameters
    ----------
    groups: the clustering
    labels: label of each thing that could have been clustered
    """
    inside: dict[str, list[str]] = defaultdict(list)
    for name in labels.keys() & groups.keys():
        inside[groups[name]].append(labels[name])
    count = sum(map(len, inside.values()))
    if not count:
        return None
    sizes = Counter(labels.values())
    alone = len(labels) - count
    precision = sum(n * n / len(members) for members in inside.values() for n in Counter(members).values())
    recall = sum(n * n / sizes[label] for members in inside.values() for label, n in Counter(members).items())
    recall += sum(1 / sizes[labels[name]] for name in labels.keys() - groups.keys())
    return Agreement(
        count / len(labels),
        sum(max(Counter(members).values()) for members in inside.values()) / count,
        (precision + alone) / len(labels),
        recall / len(labels),
    )
