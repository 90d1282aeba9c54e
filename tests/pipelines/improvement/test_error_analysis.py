import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.grounding.rules import grounded
from pipelines.improvement.error_analysis import hypotheses
from pipelines.improvement.misses import Miss, MissCategory
from prompts.llm.interface import Answer
from prompts.registry import load_prompt
from storage.records.rows import BacklogRow, KpiRow
from tests.support.unreliable_model import UnreliableModel, babbling, dead

NOW = datetime(2025, 6, 1, tzinfo=UTC)
PROMPT = load_prompt("error_analysis")
MISSES = [Miss(f"t{n}", NOW, 0.1, 0.5 + n, 0.25, MissCategory.LATE_DETECTION) for n in range(3)]
MISSES.append(replace(MISSES[0], hashtag="gym", category=MissCategory.MODEL_ERROR))
KPIS = [
    KpiRow(
        computed_at=NOW,
        period_start=NOW - timedelta(days=14),
        period_end=NOW,
        model="champion",
        scope="all",
        name="precision_at_10",
        value=0.314,
    )
]
ITEM = {
    "title": "Poll tags that share a sound",
    "category": "data quality",
    "hypothesis": "The 3 surges that were detected late shared their sound with tags that were known.",
    "success_metric": "precision at ten",
    "direction": "higher",
    "owner": "ingestion",
}


def asked(*items: dict[str, Any]) -> tuple[list[BacklogRow], UnreliableModel]:
    model = UnreliableModel(lambda question: Answer(json.dumps({"items": list(items)})))
    return hypotheses(model, PROMPT, MISSES, KPIS, grounded, NOW)[0], model


def test_a_hypothesis_becomes_an_item_of_the_backlog() -> None:
    items, model = asked(ITEM)
    assert len(items) == 1
    row = items[0]
    assert (row.trigger, row.owner, row.category, row.status) == ("LLM suggestion", "ingestion", "data quality", "open")
    assert (row.success_metric, row.target_delta) == ("precision at ten", "higher than 0.31")
    shown = model.batches[0][0].messages[-1].content
    assert "- 3 by late detection; such as #t2: chance 10 %, 25 % of its features unknown" in shown
    assert "- precision at ten is 0.31" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"hypothesis": "Of 4,711 surges most were late, as their sounds were not polled."},
        {"hypothesis": "Those of #neverseen were detected late for want of its posts."},
        {"success_metric": "happiness"},
        {"category": "marketing"},
    ],
)
def test_what_the_model_was_not_shown_does_not_reach_the_backlog(wrong: dict[str, str]) -> None:
    items, model = asked(ITEM | wrong)
    assert items == []
    assert len(model.batches) == 2


def test_without_misses_or_figures_nothing_is_asked() -> None:
    model = UnreliableModel(babbling)
    assert hypotheses(model, PROMPT, [], KPIS, grounded, NOW) == ([], None)
    assert hypotheses(model, PROMPT, MISSES, [], grounded, NOW) == ([], None)
    assert model.batches == []


def test_a_silent_model_suggests_nothing_and_says_why() -> None:
    items, answers = hypotheses(UnreliableModel(dead), PROMPT, MISSES, KPIS, grounded, NOW)
    assert items == []
    assert answers is not None
    assert answers.silence == "the language model can not be reached"
