"""The Semantic agent's hourly judgements: what looks boosted, what would change a prediction, which themes collide."""

from datetime import timedelta
from pathlib import Path

import polars as pl

from actors.runtime.agent import JobCall, JobReport
from actors.runtime.handoff import gather
from actors.semantic.context import SemanticContext
from core.judgements.boosting import YOUNG, judge
from core.metrics.formulas import MomentumRule
from core.windows import HOUR
from models.interface import Scorer
from models.registry.store import load
from pipelines.judgements.collision_words import collision_rows, find_collisions
from pipelines.judgements.counterfactual_words import counterfactual_rows
from pipelines.judgements.counterfactuals import counterfactuals
from pipelines.judgements.risks import risk_rows
from pipelines.judgements.young_posts import YoungPosts, advance_from_lake
from pipelines.narratives.prompts_in_use import prompt_in_use
from storage.records.rows_judgements import CollisionRow, CounterfactualRow

KEPT = timedelta(days=90)


class Judgements:
    """The job that judges a slot by rules and templates.

    It keeps the posts of the last 48 h from hour to hour; where they do not fit the slot they are read anew. The model
    that made the newest predictions is kept too.
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
        context.records.drop_judgements(at - KEPT)
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
        found = counterfactuals(model, ranked, features, metrics, momentum)
        template = prompt_in_use(context.records, "counterfactual_template", call.now)
        return counterfactual_rows(call.slot, found, model_id, template, context.gate.check_texts)

    def _loaded(self, root: Path, model_id: str) -> Scorer:
        if self._model is None or self._model[0] != model_id:
            self._model = (model_id, load(root, model_id)[0])
        return self._model[1]


def _collided(call: JobCall, context: SemanticContext) -> list[CollisionRow]:
    found = find_collisions(context.lake, call.slot)
    template = prompt_in_use(context.records, "collision_template", call.now)
    return collision_rows(call.slot, found, template, context.gate.check_texts)
