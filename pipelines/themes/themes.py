"""One cycle of themes: what is clustered, how it is named, and which rows and events it leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import polars as pl

from core.events import EventKind
from core.tables import THEMES
from core.themes.density import DensityRule
from core.themes.name_words import Lexicon
from pipelines.themes.clusters import Before, Clustering, cluster, cluster_rows
from pipelines.themes.items import ThemeItems, ThemeRule, theme_items
from pipelines.themes.labels import Label, Labeller, Words
from pipelines.themes.vectors import TextModel, text_vectors, theme_vectors
from prompts.vocabulary import Vocabulary


@dataclass(frozen=True)
class Themes:
    """What a cycle found.

    Parameters
    ----------
    clustering: clusters, and what became of those before
    labels: cluster_id -> its label
    """

    at: datetime
    clustering: Clustering
    labels: dict[str, Label]

    @property
    def clusters(self) -> pl.DataFrame:
        """Rows of table `clusters`."""
        return cluster_rows(self.clustering.clusters, self.at)

    @property
    def themes(self) -> pl.DataFrame:
        """Rows of table `themes`."""
        rows = [
            {
                "cluster_id": group.cluster_id,
                "at": self.at,
                "theme_label": self.labels[group.cluster_id].text,
                "label_source": self.labels[group.cluster_id].source,
                "centroid": group.centroid.tolist(),
                "size": len(group.members),
                "members": list(group.members),
                "keywords": list(group.keywords),
                "born_at": group.born_at,
                "window": self.at,
            }
            for group in self.clustering.clusters
        ]
        return pl.DataFrame(rows, schema=THEMES.schema).sort("cluster_id")


@dataclass(frozen=True)
class ThemeMaker:
    """How themes are made.

    Parameters
    ----------
    text: a text model with its cache; without one, what hashtags are used with decides alone
    """

    vocabulary: Vocabulary
    text: TextModel | None = None
    rule: ThemeRule = field(default_factory=ThemeRule)
    density: DensityRule = field(default_factory=DensityRule)

    def make(self, videos: pl.DataFrame, before: Before, labels: dict[str, Label], at: datetime) -> Themes:
        """Cluster and name what `videos` use.

        Parameters
        ----------
        videos: video_id, hashtags, caption, window: those of the days before `at`
        before: the clusters of the day before
        labels: labels given before
        """
        items = theme_items(videos, self.rule)
        meanings = text_vectors(items, self.text, at) if self.text else {}
        clustering = cluster(items, theme_vectors(items, meanings), before, at, self.density)
        embedder = self.text.embedder if self.text else None
        labeller = Labeller(self.vocabulary, name_words(items), embedder, meanings)
        return Themes(at, clustering, labeller.labels(clustering.clusters, labels))


def name_words(items: ThemeItems) -> Words:
    """Return what cuts a hashtag's name into the words that captions use."""
    return cache(Lexicon.of(items.captions["captions"].explode()).words)


def changes(themes: Themes, before: Before) -> Iterator[tuple[EventKind, str, dict[str, object]]]:
    """Yield what became of clusters, as events: kind, cluster, facts; a cluster goes once, not in every cycle after."""
    identities, sizes = themes.clustering.identities, {c.cluster_id: len(c.members) for c in themes.clustering.clusters}
    for name in identities.born:
        yield EventKind.CLUSTER_BORN, name, _facts(themes, name, size=sizes[name])
    for name, parent in identities.split.items():
        yield EventKind.CLUSTER_SPLIT, name, _facts(themes, name, size=sizes[name], parent=parent)
    for name, into in identities.merged.items():
        if name in before.last:
            yield EventKind.CLUSTER_MERGED, name, _facts(themes, into, into=into, size=len(before.members[name]))
    for name in identities.gone:
        if name in before.last:
            yield EventKind.CLUSTER_GONE, name, {"size": len(before.members[name])}


def _facts(themes: Themes, name: str, **more: object) -> dict[str, object]:
    return {"label": themes.labels[name].text, **more}
