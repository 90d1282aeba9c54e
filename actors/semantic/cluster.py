"""The Semantic agent's hourly clustering of hashtags into themes; it comes last in the hour, so that nothing waits."""

from actors.runtime.agent import JobCall, JobReport
from actors.runtime.handoff import hand_off
from actors.semantic.context import SemanticContext
from core.events import Event
from core.windows import HOUR
from models.embedders.interface import embedder_of
from pipelines.themes.clusters import clusters_before
from pipelines.themes.items import recent_videos
from pipelines.themes.memory import labels_given, remember, vocabulary_of
from pipelines.themes.themes import ThemeMaker, changes
from pipelines.themes.vectors import TextModel
from prompts.vocabulary import shipped_vocabulary
from storage.lake.lake_vectors import LakeVectors


def cluster_hashtags(call: JobCall, context: SemanticContext) -> JobReport:
    """Cluster what was seen in the last days; replace the slot's clusters and themes, and tell what changed."""
    rule, start, at = context.installation.themes, call.slot - HOUR, call.slot
    before = clusters_before(context.lake, at)
    maker = ThemeMaker(vocabulary_of(context.records, shipped_vocabulary()), _text_model(context), rule)
    found = maker.make(recent_videos(context.lake, at, rule), before, labels_given(context.records), at)
    clusters, themes = found.clusters, found.themes
    addresses = (
        context.lake.replace("clusters", clusters, start, at),
        context.lake.replace("themes", themes, start, at),
    )
    remember(context.records, found)
    told = [Event(kind, "semantic", at, name, facts) for kind, name, facts in changes(found, before)]
    context.records.put_events(told)
    summary = {"clusters": themes.height, "hashtags": clusters.height, "changes": len(told)}
    return JobReport(summary, [hand_off(clusters, addresses[0]), hand_off(themes, addresses[1])])


def _text_model(context: SemanticContext) -> TextModel | None:
    """The text model of the settings, read once in a process."""
    installation = context.installation
    if "text" not in context.kept:
        embedder = embedder_of(installation.embedder)
        store = LakeVectors(context.lake, embedder.name, installation.themes.days) if embedder else None
        context.kept["text"] = TextModel(embedder, store, installation.texts_per_hour) if embedder and store else None
    kept: TextModel | None = context.kept["text"]
    return kept
