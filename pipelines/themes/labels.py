"""Labels of clusters: kept while the cluster is stable, else from the vocabulary or its members' names."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from core.themes.co_use import Floats, unit_rows
from models.embedders.interface import Embedder
from pipelines.themes.clusters import Cluster
from prompts.vocabulary import MOST_WORDS, Vocabulary

Source = Literal["vocabulary", "model", "members"]
Words = Callable[[str], list[str]]

KEPT_SHARE = 0.5
LEAST_HITS, LEAST_SHARE, ALONE_SHARE = 2, 0.15, 0.34
LEAST_COSINE = 0.4
KEYWORD_COUNTS = 0.5
NAMED_AFTER = 8


@dataclass(frozen=True)
class Label:
    """A label with the members the cluster had when it was given."""

    text: str
    source: Source
    members: tuple[str, ...]

    def fits(self, cluster: Cluster) -> bool:
        """Whether the cluster still has at least half of the members it was named for."""
        return len(set(self.members) & set(cluster.members)) >= KEPT_SHARE * len(self.members)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that the records store."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Label":
        """Read what `to_json` wrote."""
        return cls(kept["text"], kept["source"], tuple(kept["members"]))


class Labeller:
    """Names clusters, each with a label of its own.

    Parameters
    ----------
    vocabulary: the labels there are
    words: the words of a hashtag's name
    embedder: a text model that finds the label nearest in meaning where no word points to one
    meanings: hashtag -> vector of its text by that model
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        words: Words,
        embedder: Embedder | None = None,
        meanings: Mapping[str, Floats] | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._words = words
        self._meanings = meanings or {}
        self._embedder = embedder if self._meanings else None
        self._label_vectors: Floats | None = None

    def labels(self, clusters: Sequence[Cluster], before: Mapping[str, Label]) -> dict[str, Label]:
        """Return the label of each cluster: those kept come first, then the vocabulary's best fits, then names.

        A label named after members gives way when the vocabulary has one that fits.

        Parameters
        ----------
        before: labels given before, or by a language model since
        """
        given = {cluster.cluster_id: before[cluster.cluster_id] for cluster in clusters if self._keeps(cluster, before)}
        first = {label.text: name for name, label in reversed(given.items())}
        settled = {
            name: label for name, label in given.items() if label.source != "members" and first[label.text] == name
        }
        taken = {label.text for label in settled.values()}
        open_ = [cluster for cluster in clusters if cluster.cluster_id not in settled]
        scores = [(score, label, cluster) for cluster in open_ for label, score in self.candidates(cluster)]
        for _, text, cluster in sorted(scores, key=lambda row: (-row[0], row[1], row[2].cluster_id)):
            if cluster.cluster_id not in settled and text not in taken:
                settled[cluster.cluster_id] = Label(text, "vocabulary", cluster.members)
                taken.add(text)
        for cluster in open_:
            if cluster.cluster_id not in settled:
                kept = given.get(cluster.cluster_id)
                text = kept.text if kept and kept.text not in taken else self._named_after(cluster, taken)
                settled[cluster.cluster_id] = Label(text, "members", kept.members if kept else cluster.members)
                taken.add(text)
        return settled

    def candidates(self, cluster: Cluster) -> list[tuple[str, float]]:
        """Return the labels of the vocabulary that fit a cluster, with the share that points there, best first."""
        weight = len(cluster.members) + KEYWORD_COUNTS * len(cluster.keywords)
        point = self._vocabulary.pointed_at
        hits = Counter(label for tag in cluster.members for label in point(self._words(tag), tag))
        keyword_hits = Counter(label for word in cluster.keywords for label in point(word.split()))
        shares = {label: (count + KEYWORD_COUNTS * keyword_hits[label]) / weight for label, count in hits.items()}
        fitting = [
            (label, share)
            for label, share in shares.items()
            if share >= ALONE_SHARE or (hits[label] >= LEAST_HITS and share >= LEAST_SHARE)
        ]
        return sorted(fitting, key=lambda row: (-row[1], row[0])) or self._nearest(cluster)

    def _keeps(self, cluster: Cluster, before: Mapping[str, Label]) -> bool:
        label = before.get(cluster.cluster_id)
        return label is not None and label.fits(cluster) and not self._vocabulary.problem(label.text)

    def _nearest(self, cluster: Cluster) -> list[tuple[str, float]]:
        """The label nearest in meaning, counted for less than any that a word points to."""
        vectors = [self._meanings[tag] for tag in cluster.members if tag in self._meanings]
        if self._embedder is None or not vectors:
            return []
        if self._label_vectors is None:
            descriptions = [f"{label}: {', '.join(words[:5])}" for label, words in self._vocabulary.labels.items()]
            self._label_vectors = self._embedder.embed(descriptions)
        cosines = self._label_vectors @ unit_rows(np.mean(vectors, axis=0)[None])[0]
        best = int(np.argmax(cosines))
        close = float(cosines[best])
        return [(list(self._vocabulary.labels)[best], LEAST_SHARE * close)] if close >= LEAST_COSINE else []

    def _named_after(self, cluster: Cluster, taken: set[str]) -> str:
        """Two or three words of the most central names that may be shown and are not shown elsewhere."""
        names = [[word for word in self._words(tag) if word.isalpha() and len(word) > 1] for tag in cluster.members]
        names = [words for words in names[:NAMED_AFTER] if 1 <= len(words) <= MOST_WORDS]
        pairs = [[*first, *other] for first in names for other in names if first != other]
        for words in (*(words for words in names if len(words) > 1), *pairs):
            text = " ".join(word[:1].upper() + word[1:] for word in words)
            if text not in taken and not self._vocabulary.problem(text):
                return text
        return f"Mixed Hashtags {cluster.cluster_id[-4:].upper()}"
