"""Themes of a recording with videos, day by day: their stability, their purity and their cost."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import polars as pl
import yaml

from benchmarks.themes.cluster_scores import Agreement, agreement, stability
from core.errors import UsageError
from core.windows import DAY, window_end
from models.embedders.interface import embedder_of
from pipelines.themes.clusters import Before, Clustering
from pipelines.themes.labels import Label
from pipelines.themes.themes import ThemeMaker, Themes
from pipelines.themes.vectors import TextModel
from prompts.vocabulary import shipped_vocabulary
from sources.recordings.loading import Recording, load_recording
from storage.lake.vectors import MemoryVectors

LEAST_TAGS = 50
ALL_TEXTS = 100_000


@dataclass(frozen=True)
class ThemeFigures:
    """Means over the days of a recording.

    Parameters
    ----------
    days: days with hashtags enough
    hashtags, clusters: that took part; that were found
    clustered: share of hashtags in a cluster
    stability: adjusted Rand index of consecutive days, over tags in a cluster on both
    same_id: share of tags in a cluster on both days whose cluster has the same id
    kept_labels: share of clusters that live on and keep their label
    named: share of clusters named from the vocabulary
    purity, covered, f1: against labels made by hand, see `benchmarks.themes.cluster_scores`
    cpu_s: processor seconds a cycle, those of the text model included
    """

    days: int
    hashtags: float
    clusters: float
    clustered: float
    stability: float
    same_id: float
    kept_labels: float
    named: float
    purity: float
    covered: float
    f1: float
    cpu_s: float


@dataclass(frozen=True)
class _Day:
    themes: Themes
    tags: frozenset[str]
    groups: Mapping[str, str]
    cpu_s: float


def measure(
    recording: Path, embedders: Sequence[str], labels: Mapping[str, str], tell: Callable[[str], None]
) -> dict[str, ThemeFigures]:
    """Return the figures of each embedder. A recording without videos is a UsageError."""
    videos, first, last = _videos(load_recording([recording]))
    figures = {}
    for name in embedders:
        embedder = embedder_of(name)
        text = TextModel(embedder, MemoryVectors(), ALL_TEXTS) if embedder else None
        days = list(_days(videos, ThemeMaker(shipped_vocabulary(), text), first, last, tell))
        figures[name] = _figures(days, labels)
    return figures


def hand_labels(path: Path | None = None) -> dict[str, str]:
    """Return hashtag -> label of a file of labels with lists of names, by default the hundred that are shipped."""
    with resources.as_file(resources.files("benchmarks.themes") / "theme_names.yaml") as shipped:
        chosen = path or shipped
        try:
            content = yaml.safe_load(chosen.read_text(encoding="utf-8"))
            return {str(name): label for label, names in content.items() for name in names}
        except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
            raise UsageError(f"labels {chosen}: {str(error).splitlines()[0]}") from None


def table(measured: Mapping[str, ThemeFigures]) -> str:
    """Return the figures as text, one row each."""
    names = list(measured)
    rows = ["figure".ljust(14) + "".join(name.rjust(14) for name in names)]
    for figure in asdict(measured[names[0]]):
        values = [getattr(measured[name], figure) for name in names]
        rows.append(
            figure.ljust(14) + "".join(f"{value:14.3f}" if value < 10 else f"{value:14.0f}" for value in values)
        )
    return "\n".join(rows)


def _videos(recording: Recording) -> tuple[pl.DataFrame, datetime, datetime]:
    """The videos as the lake would hold them, each in the window of its first reading."""
    if recording.videos is None or recording.video_snapshots is None:
        raise UsageError("themes need videos.parquet and video_snapshots.parquet in the recording")
    seen = recording.video_snapshots.group_by("video_id").agg(window=pl.col("fetched_at").min())
    videos = recording.videos.join(seen, on="video_id").select("video_id", "hashtags", "caption", "window")
    return videos, window_end(recording.first, DAY), recording.last


def _days(
    videos: pl.DataFrame, maker: ThemeMaker, first: datetime, last: datetime, tell: Callable[[str], None]
) -> Iterator[_Day]:
    """Cluster at each midnight with the videos seen by then."""
    before, labels, at = Before({}, {}, {}), dict[str, Label](), first
    while at <= last:
        span = pl.col("window").is_between(at - maker.rule.days * DAY, at, closed="right")
        recent = videos.filter(span).sort("window", "video_id", descending=True).head(maker.rule.videos)
        begun = time.process_time()
        themes = maker.make(recent, before, labels, at)
        cpu_s = time.process_time() - begun
        tags = recent.explode("hashtags").group_by("hashtags").len().filter(pl.col("len") >= maker.rule.least_videos)
        groups = {tag: cluster.cluster_id for cluster in themes.clustering.clusters for tag in cluster.members}
        if tags.height >= LEAST_TAGS:
            yield _Day(themes, frozenset(tags["hashtags"].drop_nulls()), groups, cpu_s)
        tell(f"{at:%Y-%m-%d}: {tags.height} hashtags, {len(themes.clustering.clusters)} clusters")
        before, labels, at = _remembered(themes.clustering), themes.labels, at + DAY


def _remembered(clustering: Clustering) -> Before:
    ids = frozenset(cluster.cluster_id for cluster in clustering.clusters)
    return Before(
        {cluster.cluster_id: frozenset(cluster.members) for cluster in clustering.clusters},
        {cluster.cluster_id: cluster.born_at for cluster in clustering.clusters},
        {cluster.cluster_id: cluster.centroid for cluster in clustering.clusters},
        ids,
    )


def _figures(days: Sequence[_Day], labels: Mapping[str, str]) -> ThemeFigures:
    if not days:
        raise UsageError(f"no day of the recording has {LEAST_TAGS} hashtags on three videos or more")
    pairs = list(pairwise(days))
    rand = [score for a, b in pairs if (score := stability(a.groups, b.groups)) is not None]
    agreed: list[Agreement] = []
    for day in days:
        there = {name: label for name, label in labels.items() if name in day.tags}
        if (held := agreement(day.groups, there)) is not None:
            agreed.append(held)
    used = [label for day in days for label in day.themes.labels.values()]
    return ThemeFigures(
        days=len(days),
        hashtags=fmean(len(day.tags) for day in days),
        clusters=fmean(len(day.themes.labels) for day in days),
        clustered=fmean(len(day.groups) / len(day.tags) for day in days),
        stability=_mean(rand),
        same_id=_mean([_same(a.groups, b.groups) for a, b in pairs]),
        kept_labels=_mean([_same(_texts(a), _texts(b)) for a, b in pairs]),
        named=fmean(label.source == "vocabulary" for label in used) if used else 0.0,
        purity=_mean([score.purity for score in agreed]),
        covered=_mean([score.covered for score in agreed]),
        f1=_mean([score.f1 for score in agreed]),
        cpu_s=fmean(day.cpu_s for day in days),
    )


def _texts(day: _Day) -> dict[str, str]:
    return {name: label.text for name, label in day.themes.labels.items()}


def _same(before: Mapping[str, str], after: Mapping[str, str]) -> float:
    shared = before.keys() & after.keys()
    return sum(before[name] == after[name] for name in shared) / len(shared) if shared else 0.0


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0
