"""The jobs of the Semantic agent as plain functions, and the context that they run in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from actors.runtime.agent import JobCall, JobReport
from actors.runtime.gate_proxy import GateProxy
from actors.runtime.handoff import gather, hand_off
from actors.runtime.installation import NO_MODEL, PLAYED, InstallationConfig
from core.events import Event, EventKind
from core.judgements.boosting import YOUNG, judge
from core.metrics.formulas import MomentumRule
from core.windows import HOUR, MICROSECOND
from models.embedders.interface import embedder_of
from models.interface import Scorer
from models.registry.store import load
from pipelines.judgements.collisions import collision_rows, find_collisions
from pipelines.judgements.counterfactual_words import counterfactual_rows
from pipelines.judgements.counterfactuals import counterfactuals
from pipelines.judgements.opinions import judge_risks, word_collisions, word_counterfactuals
from pipelines.judgements.risks import risk_rows
from pipelines.judgements.young_posts import YoungPosts, advance_from_lake
from pipelines.narratives.ask import AnsweredBatch, keep_answers
from pipelines.narratives.context import with_context
from pipelines.narratives.evidence import Subject
from pipelines.narratives.model import narrate_by_model
from pipelines.narratives.narrate import narrate, subjects, template_use
from pipelines.narratives.prompts_in_use import prompt_in_use
from pipelines.narratives.refine import REFINED, refine
from pipelines.themes.asking import answered
from pipelines.themes.asking import asked as label_questions
from pipelines.themes.clusters import clusters_before
from pipelines.themes.items import recent_videos
from pipelines.themes.memory import labels_given, remember, remember_answers, vocabulary_of
from pipelines.themes.themes import ThemeMaker, changes
from pipelines.themes.vectors import TextModel
from prompts.llm.interface import LanguageModel
from prompts.vocabulary import shipped_vocabulary
from storage.lake.interface import Lake
from storage.lake.lake_vectors import LakeVectors
from storage.records.interface import Records
from storage.records.rows_judgements import CollisionRow, CounterfactualRow

MODEL_STATE = "language_model"
TEMPLATE = "narrative_template"
JUDGEMENTS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class SemanticContext:
    """The stores, the gate and the language model.

    Parameters
    ----------
    installation: the values the agent runs on
    lake, records: the two stores
    gate: checks every text
    model: None where no language model is set up
    cache: what a job loads once and needs again
    """

    installation: InstallationConfig
    lake: Lake
    records: Records
    gate: GateProxy
    model: LanguageModel | None = None
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def model_name(self) -> str | None:
        """Name of the language model."""
        return self.model.name if self.model else None

    def note_model(self, problem: str, now: datetime) -> None:
        """Record for the pages which language model writes, and why it does not when it fails."""
        state = {"model": self.model_name, "problem": problem, "at": now.isoformat()}
        self.records.put_value(MODEL_STATE, state, now)

    def why_no_model(self, call: JobCall) -> str:
        """Why the language model is not used for this slot; empty when it is."""
        if self.model is None:
            return NO_MODEL
        return PLAYED if call.slot < self.installation.history_ends else ""


SemanticJob = Callable[[JobCall, SemanticContext], JobReport]
"""One job: does the work of a slot and returns its report."""

Opinion = Callable[..., tuple[Sequence[Any], AnsweredBatch]]


def cluster_hashtags(call: JobCall, context: SemanticContext) -> JobReport:
    """Cluster the hashtags of the last days, replace the slot's clusters and themes, and emit what changed.

    It runs last in the hour, so that no other job waits for it.
    """
    rule, start, at = context.installation.themes, call.slot - HOUR, call.slot
    before = clusters_before(context.lake, at)
    maker = ThemeMaker(vocabulary_of(context.records, shipped_vocabulary()), _text_model(context), rule)
    made = maker.make(recent_videos(context.lake, at, rule), before, labels_given(context.records), at)
    clusters, themes = made.clusters, made.themes
    addresses = (
        context.lake.replace("clusters", clusters, start, at),
        context.lake.replace("themes", themes, start, at),
    )
    remember(context.records, made)
    events = [Event(kind, "semantic", at, name, facts) for kind, name, facts in changes(made, before)]
    context.records.put_events(events)
    summary = {"clusters": themes.height, "hashtags": clusters.height, "changes": len(events)}
    return JobReport(summary, [hand_off(clusters, addresses[0]), hand_off(themes, addresses[1])])


def _text_model(context: SemanticContext) -> TextModel | None:
    """The text model of the settings, loaded once per process."""
    installation = context.installation
    if "text" not in context.cache:
        embedder = embedder_of(installation.embedder)
        store = LakeVectors(context.lake, embedder.name, installation.themes.days) if embedder else None
        context.cache["text"] = TextModel(embedder, store, installation.texts_per_hour) if embedder and store else None
    text_model: TextModel | None = context.cache["text"]
    return text_model


def label_clusters(call: JobCall, context: SemanticContext) -> JobReport:
    """Have the language model name the largest clusters that the vocabulary has no name for.

    The next clustering takes these names up.
    """
    if context.model is None or context.why_no_model(call):
        return JobReport({"asked": 0, "reason": context.why_no_model(call)})
    themes = context.lake.read("themes", start=call.slot - MICROSECOND, end=call.slot)
    vocabulary = vocabulary_of(context.records, shipped_vocabulary())
    questions = label_questions(themes, vocabulary)
    labels = answered(questions, context.model.answer([row.question for row in questions]), vocabulary)
    remember_answers(context.records, labels, call.now)
    return JobReport({"asked": len(questions), "named": len(labels)})


def narrate_leaders(call: JobCall, context: SemanticContext) -> JobReport:
    """Narrate the best-ranked predictions of the slot from the template; these texts are shown at once."""
    template = prompt_in_use(context.records, TEMPLATE, call.now)
    rows = narrate(_leaders(call, context), template, context.gate.check_texts)
    context.records.put_narratives(call.slot, rows)
    context.records.put_prompt_use(template_use(rows, template, call.slot))
    if (context.records.value(MODEL_STATE) or {"model": ""})["model"] != context.model_name:
        context.note_model("", call.now)
    rejected = sum(row.status == "rejected" for row in rows)
    summary = {"narratives": len(rows), "rejected": rejected, "prompt": template.id}
    return JobReport(summary, call.handoffs)


def write_narratives(call: JobCall, context: SemanticContext) -> JobReport:
    """Have the language model write the narratives of the slot.

    A template text stays where the model fails, and where a person has already judged it.
    """
    if context.model is None or context.why_no_model(call):
        return JobReport({"written": 0, "reason": context.why_no_model(call)})
    prompt, template = (prompt_in_use(context.records, name, call.now) for name in ("narrative", TEMPLATE))
    templates = context.records.narratives(at=call.slot)
    judged = {row.narrative_id for row in context.records.feedback([row.narrative_id for row in templates])}
    leaders = [subject for subject in _leaders(call, context) if subject.narrative_id not in judged]
    rows, batch = narrate_by_model(context.model, prompt, template, leaders, templates, context.gate.check_texts)
    context.records.put_narratives(call.slot, rows)
    use = keep_answers(context.records, batch, call.slot, call.now)
    context.note_model(batch.silence, call.now)
    counts = {name: getattr(use, name) for name in ("asked", "accepted", "refused", "unanswered", "violations")}
    return JobReport(
        {"written": use.accepted, "prompt": prompt.id, "model": use.model, **counts, "problem": batch.silence}
    )


def _leaders(call: JobCall, context: SemanticContext) -> list[Subject]:
    start, end = call.slot - HOUR, call.slot
    predictions, metrics = (
        gather(name, start, end, call.handoffs, context.lake) for name in ("predictions", "hashtag_metrics")
    )
    return with_context(context.lake, subjects(end, predictions, metrics), end)


def refine_prompts(call: JobCall, context: SemanticContext) -> JobReport:
    """Try to improve each prompt whose outputs were refused; every attempt is an event. Runs twice a week."""
    if context.model is None:
        return JobReport({"better": 0, "reason": NO_MODEL})
    results = [refine(context.model, context.records, name, context.gate.check_texts, call.now) for name in REFINED]
    tried = [result for result in results if result.outcome != "too little refused"]
    events = [Event(EventKind.PROMPT_UPDATE, "semantic", call.now, result.name, result.to_json()) for result in tried]
    context.records.put_events(events)
    better = sum(result.outcome == "better" for result in results)
    outcomes = {result.name: result.outcome for result in results}
    return JobReport({"better": better, "tried": len(tried), "outcomes": outcomes})


class JudgementJob:
    """Judges a slot by rules and templates: what looks boosted, what would change a prediction, which themes collide.

    It keeps the posts of the last 48 h from hour to hour, and reads them again where they do not fit the slot. It also
    keeps the model that made the newest predictions.
    """

    def __init__(self) -> None:
        self._young: YoungPosts | None = None
        self._model: tuple[str, Scorer] | None = None

    def __call__(self, call: JobCall, context: SemanticContext) -> JobReport:
        """Put the judgements of the slot into the records."""
        at = call.slot
        predictions, features, metrics = (
            gather(name, at - HOUR, at, call.handoffs, context.lake)
            for name in ("predictions", "features", "hashtag_metrics")
        )
        ranked = predictions.filter(pl.col("rank").is_not_null())
        self._young = advance_from_lake(self._young or YoungPosts.none(at - YOUNG), context.lake, at)
        risks = risk_rows(at, judge(self._young.posts, at), ranked)
        context.records.put_risks(at, risks)
        altered = self._altered(call, context, ranked, features, metrics)
        context.records.put_counterfactuals(at, altered)
        collided = _collided(call, context)
        context.records.put_collisions(at, collided)
        context.records.drop_judgements(at - JUDGEMENTS_KEPT)
        flagged = sum(row.flagged for row in risks)
        return JobReport({"flagged": flagged, "counterfactuals": len(altered), "collisions": len(collided)})

    def _altered(
        self,
        call: JobCall,
        context: SemanticContext,
        ranked: pl.DataFrame,
        features: pl.DataFrame,
        metrics: pl.DataFrame,
    ) -> list[CounterfactualRow]:
        if ranked.is_empty():
            return []
        model_id = str(ranked["model_id"][0])
        model = self._loaded(context.installation.models_root, model_id)
        momentum = MomentumRule(*context.installation.momentum_weights)
        altered = counterfactuals(model, ranked, features, metrics, momentum)
        template = prompt_in_use(context.records, "counterfactual_template", call.now)
        return counterfactual_rows(call.slot, altered, model_id, template, context.gate.check_texts)

    def _loaded(self, root: Path, model_id: str) -> Scorer:
        if self._model is None or self._model[0] != model_id:
            self._model = (model_id, load(root, model_id)[0])
        return self._model[1]


def _collided(call: JobCall, context: SemanticContext) -> list[CollisionRow]:
    collisions = find_collisions(context.lake, call.slot)
    template = prompt_in_use(context.records, "collision_template", call.now)
    return collision_rows(call.slot, collisions, template, context.gate.check_texts)


def review_judgements(call: JobCall, context: SemanticContext) -> JobReport:
    """Have the language model judge the risks of the slot and word its counterfactuals and collisions.

    No job waits for it. Where the model fails, the results of the rules and templates stay.
    """
    if context.model is None or context.why_no_model(call):
        return JobReport({"reviewed": 0, "reason": context.why_no_model(call)})
    at, records = call.slot, context.records
    risks, reviewed = _second_opinion("risk", judge_risks, records.risks(at=at), call, context)
    records.put_risks(at, risks)
    altered, worded = _second_opinion(
        "counterfactual", word_counterfactuals, records.counterfactuals(at=at), call, context
    )
    records.put_counterfactuals(at, altered)
    collided, also_worded = _second_opinion("collision", word_collisions, records.collisions(at=at), call, context)
    records.put_collisions(at, collided)
    return JobReport({"reviewed": reviewed, "worded": worded + also_worded, "model": context.model.name})


def _second_opinion(
    name: str, opinion: Opinion, rows: Sequence[Any], call: JobCall, context: SemanticContext
) -> tuple[Sequence[Any], int]:
    """Return the rows with the model's part, and how many of its answers were accepted."""
    if not rows:
        return rows, 0
    prompt = prompt_in_use(context.records, name, call.now)
    rows, batch = opinion(context.model, prompt, rows, context.gate.check_texts)
    return rows, keep_answers(context.records, batch, call.slot, call.now).accepted


JOBS: Mapping[str, SemanticJob] = {
    "narrate": narrate_leaders,
    "write": write_narratives,
    "refine": refine_prompts,
    "judge": JudgementJob(),
    "review": review_judgements,
    "cluster": cluster_hashtags,
    "label": label_clusters,
}
"""The jobs by their name in the cadence table."""
