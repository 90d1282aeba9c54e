import json
from datetime import UTC, datetime, timedelta

import pytest

from core.grounding.rules import grounded
from pipelines.narratives.ask import ask
from pipelines.narratives.evidence import Subject
from pipelines.narratives.model import cases
from pipelines.narratives.narrate import narrate
from pipelines.narratives.prompts_in_use import prompt_in_use
from pipelines.narratives.refine import past_cases, refine
from prompts.llm.interface import Answer, Question
from prompts.registry import load_prompt
from storage.memory.records import MemoryRecords
from tests.support.unreliable_model import Behaviour, UnreliableModel, babbling, dead, honest, inventive

NOW = datetime(2025, 5, 14, 10, tzinfo=UTC)
PROMPT, TEMPLATE = load_prompt("narrative"), load_prompt("narrative_template")
BETTER = "You write bullets from facts. Copy each number letter by letter as its fact prints it. Answer in JSON."
SUBJECTS = [
    Subject(f"t{n}", NOW, {"probability": 0.5}, {"views_gained": 12_345.0, "unique_creators": 14}) for n in range(8)
]


def after_a_bad_cycle() -> MemoryRecords:
    records = MemoryRecords()
    prompt = prompt_in_use(records, "narrative", NOW)
    batch = ask(UnreliableModel(inventive), prompt, cases(SUBJECTS, TEMPLATE), grounded)
    records.put_prompt_answers(batch.rows(NOW), NOW - timedelta(days=30))
    return records


def proposing(revised_behaviour: Behaviour, otherwise: Behaviour) -> Behaviour:
    """Proposes BETTER, behaves as `revised_behaviour` under those instructions and as `otherwise` under others."""

    def behave(question: Question) -> Answer:
        if question.messages[0].content == load_prompt("prompt_refinement").system:
            return Answer(json.dumps({"why": "Numbers were worked out anew.", "instructions": BETTER}))
        return (revised_behaviour if question.messages[0].content == BETTER else otherwise)(question)

    return behave


def test_a_better_version_is_in_use_from_then_on_with_its_evidence() -> None:
    records = after_a_bad_cycle()
    model = UnreliableModel(proposing(honest, inventive), "m1")
    result = refine(model, records, "narrative", grounded, NOW)
    assert (result.outcome, result.cases, result.accepted_before, result.accepted_after) == ("better", 8, 0, 8)
    used = prompt_in_use(records, "narrative", NOW)
    assert (used.id, used.version, used.system) == (result.after, PROMPT.version + 1, BETTER)
    change = records.changes()[0]
    assert change.kind == "prompt"
    assert change.evidence["model"] == "m1"
    assert change.evidence["why"] == "Numbers were worked out anew."
    assert sorted(change.evidence["case_ids"]) == sorted(case.id for case in cases(SUBJECTS, TEMPLATE))
    assert refine(model, records, "narrative", grounded, NOW).outcome == "too little refused"
    shown = "\n".join(turn.content for turn in model.batches[0][0].messages)
    assert "123,456" in shown
    assert PROMPT.system.splitlines()[0] in shown


@pytest.mark.parametrize(
    ("behaviour", "outcome", "reason"),
    [
        (proposing(inventive, inventive), "not better", "worked out anew"),
        (proposing(inventive, honest), "not better", "worked out anew"),
        (proposing(dead, inventive), "no answer", "can not be reached"),
        (babbling, "no proposal", "no JSON"),
        (dead, "no proposal", "can not be reached"),
    ],
)
def test_otherwise_the_version_in_use_stays(behaviour: Behaviour, outcome: str, reason: str) -> None:
    records = after_a_bad_cycle()
    result = refine(UnreliableModel(behaviour), records, "narrative", grounded, NOW)
    assert result.outcome == outcome
    assert reason in result.reason
    assert prompt_in_use(records, "narrative", NOW) == PROMPT
    assert records.changes() == []
    assert result.to_json()["before"] == PROMPT.id


def test_what_was_tried_in_vain_is_kept() -> None:
    records = after_a_bad_cycle()
    result = refine(UnreliableModel(proposing(inventive, inventive)), records, "narrative", grounded, NOW)
    assert [row.prompt_id for row in records.prompts("narrative")] == [result.after, PROMPT.id]


def test_each_past_case_is_tried_once() -> None:
    records = after_a_bad_cycle()
    assert len(records.prompt_answers("narrative")) == 16
    assert sorted(case.id for case in past_cases(records, "narrative")) == sorted(
        row.narrative_id for row in narrate(SUBJECTS, TEMPLATE)
    )
