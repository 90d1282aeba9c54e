"""The two jobs of judgement, without a cluster: what they read from the lake and leave in the records."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from actors.runtime.agent import JobCall
from actors.semantic.jobs import JudgementJob, SemanticContext, review_judgements
from core.grounding.rules import grounded
from core.tables import tables
from core.windows import HOUR
from models.registry.store import store
from pipelines.metrics.features import FEATURES
from pipelines.predictions.predict import AlertRule, predict
from prompts.llm.interface import LanguageModel
from storage.lake.interface import Lake
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.core.judgements.test_boosting import boosted, ordinary
from tests.pipelines.judgements.test_opinions import answering
from tests.support.judged import AT, cohort, fitted, metrics_of
from tests.support.unreliable_model import UnreliableModel, dead

CALL = JobCall("judge", AT, AT)


@pytest.fixture
def context(tmp_path: Path) -> SemanticContext:
    """A context over an hour of a cohort, with a boosted hashtag among its posts."""
    lake: Lake = MemoryLake(tables(FEATURES))
    card = store(tmp_path, fitted(), AT)
    features, metrics = cohort(99), metrics_of(cohort(99))
    predictions = predict(fitted(), card.model_id, features, metrics, AlertRule(2.0)).rows
    for name, frame in (("features", features), ("hashtag_metrics", metrics), ("predictions", predictions)):
        lake.replace(name, frame, AT - HOUR, AT)
    _read(lake, [*ordinary(), *boosted()])
    installation: Any = SimpleNamespace(
        models_root=tmp_path, momentum_weights=(0.4, 0.3, 0.2, 0.1), history_ends=AT - HOUR
    )
    gate: Any = SimpleNamespace(check_texts=grounded)
    return SemanticContext(installation, lake, MemoryRecords(), gate)


def _read(lake: Lake, posts: list[dict[str, Any]]) -> None:
    rows = pl.DataFrame(posts).with_columns(window=pl.lit(AT), endpoint=pl.lit("/"), platform=pl.lit("tiktok"))
    for name in ("video_snapshots", "videos"):
        schema = lake.read(name).schema
        whole = rows.with_columns(hashtags=pl.concat_list("hashtag"))
        missing = [pl.lit(None).alias(column) for column in schema if column not in whole.columns]
        frame = whole.with_columns(missing).select(schema.keys()).cast(dict(schema))  # type: ignore[arg-type]
        key = ["video_id"] if name == "videos" else ["hashtag", "video_id"]
        lake.replace(name, frame.unique(key, keep="first", maintain_order=True), AT - HOUR, AT)


def with_model(context: SemanticContext, model: LanguageModel) -> SemanticContext:
    return SemanticContext(context.installation, context.lake, context.records, context.gate, model)


def test_a_slot_leaves_risks_and_counterfactuals_and_again_the_same(context: SemanticContext) -> None:
    job = JudgementJob()
    summary = job(CALL, context).summary
    risks, altered = context.records.risks(at=AT), context.records.counterfactuals(at=AT)
    assert [row.hashtag for row in risks if row.flagged] == ["winbig"]
    assert summary == {"flagged": 1, "counterfactuals": len(altered), "collisions": 0}
    stored = {row["hashtag"]: row for row in context.lake.read("predictions").iter_rows(named=True)}
    assert altered
    for row in altered:
        assert row.probability_from == stored[row.hashtag]["probability"]
        assert row.model_id == stored[row.hashtag]["model_id"]
    for again in (job, JudgementJob()):
        again(CALL, context)
        assert context.records.risks() == risks
        assert context.records.counterfactuals() == altered


def test_an_hour_without_predictions_is_judged_all_the_same(context: SemanticContext) -> None:
    context.lake.replace("predictions", context.lake.read("predictions").clear(), AT - HOUR, AT)
    assert JudgementJob()(CALL, context).summary == {"flagged": 1, "counterfactuals": 0, "collisions": 0}


def test_the_review_leaves_everything_without_a_model_in_the_first_days_and_with_a_dead_one(
    context: SemanticContext,
) -> None:
    JudgementJob()(CALL, context)
    before = context.records.risks(), context.records.counterfactuals()
    assert review_judgements(CALL, context).summary["reason"] == "no language model is set up"
    assert review_judgements(CALL, with_model(context, UnreliableModel(dead))).summary["reviewed"] == 0
    early = JobCall("review", AT - 2 * HOUR, AT)
    assert "first days" in review_judgements(early, with_model(context, UnreliableModel(dead))).summary["reason"]
    assert (context.records.risks(), context.records.counterfactuals()) == before


def test_a_model_that_answers_is_kept_beside_the_rule_and_counted(context: SemanticContext) -> None:
    JudgementJob()(CALL, context)
    summary = review_judgements(CALL, with_model(context, answering("reason", view="organic"))).summary
    (flagged,) = context.records.risks(flagged=True)
    assert (flagged.model_view, flagged.flagged, flagged.score) == ("organic", True, 1.0)
    assert summary["reviewed"] == 1
