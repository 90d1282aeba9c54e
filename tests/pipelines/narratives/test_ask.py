import time
from datetime import UTC, datetime

import pytest

from core.grounding.evidence import Evidence, EvidenceMetric
from core.grounding.rules import grounded
from pipelines.narratives.ask import Case, ask, statements
from prompts.registry import load_prompt
from tests.support.unreliable_model import (
    UnreliableModel,
    babbling,
    dead,
    honest,
    inventive,
    misciting,
    repentant,
    slow,
)

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
PROMPT = load_prompt("narrative")


def case(tag: str) -> Case:
    ends = AT.isoformat()
    evidence = Evidence(
        [
            EvidenceMetric("m1", tag, "views_gained", 12_345.0, "count", ends),
            EvidenceMetric("m2", tag, "unique_creators", 14.0, "count", ends),
        ]
    )
    facts = [
        {"id": "m1", "text": "It gained 12.3k views in the last hour."},
        {"id": "m2", "text": "Posts of 14 creators were seen in the last hour."},
    ]
    return Case(tag, {"tag": tag, "theme": "", "facts": facts}, {"cites": ["m1", "m2"]}, evidence)


CASES = [case("a"), case("b")]


def test_an_honest_model_is_asked_once_in_one_batch() -> None:
    model = UnreliableModel(honest)
    batch = ask(model, PROMPT, CASES, grounded)
    assert [len(batch) for batch in model.batches] == [2]
    assert set(batch.accepted()) == {"a", "b"}
    assert batch.silence == ""
    use = batch.use(AT)
    assert (use.prompt_id, use.model, use.asked, use.accepted, use.refused) == (PROMPT.id, "unreliable", 2, 2, 0)
    assert (use.prompt_tokens, use.cached_tokens, use.completion_tokens) == (1800, 1600, 120)
    assert [row.answer_id for row in batch.rows(AT)] == ["narrative:a#1", "narrative:b#1"]


@pytest.mark.parametrize(("behaviour", "rule"), [(inventive, "number"), (misciting, "form"), (babbling, "form")])
def test_a_lie_is_told_once_more_and_then_refused(behaviour, rule) -> None:  # type: ignore[no-untyped-def]
    model = UnreliableModel(behaviour)
    batch = ask(model, PROMPT, CASES, grounded)
    assert [len(batch) for batch in model.batches] == [2, 2]
    assert batch.accepted() == {}
    assert {wrong.rule for attempt in batch.attempts for wrong in attempt.violations} >= {rule}
    use = batch.use(AT)
    assert (use.asked, use.accepted, use.refused, use.unanswered) == (4, 0, 4, 0)
    assert use.violations[rule] >= 4
    second = model.batches[1][0].messages[-1].content
    assert "An earlier answer was refused. " in second
    assert rule in second
    kept = batch.rows(AT)
    assert [row.answer_id for row in kept] == ["narrative:a#1", "narrative:b#1", "narrative:a#2", "narrative:b#2"]
    assert not any(row.accepted for row in kept)
    assert Case.from_json("a", kept[0].case) == Case.from_json("a", case("a").to_json())


def test_a_second_try_may_be_better() -> None:
    batch = ask(UnreliableModel(repentant(inventive, honest)), PROMPT, CASES, grounded)
    assert {attempt.number for attempt in batch.accepted().values()} == {2}
    assert (batch.use(AT).accepted, batch.use(AT).refused) == (2, 2)
    alone = ask(UnreliableModel(repentant(inventive, honest)), PROMPT, CASES, grounded, tries=1)
    assert alone.accepted() == {}


def test_a_dead_model_is_not_asked_again_and_nothing_is_raised() -> None:
    model = UnreliableModel(dead)
    batch = ask(model, PROMPT, CASES, grounded)
    assert len(model.batches) == 1
    assert batch.silence == "the language model can not be reached"
    assert (batch.use(AT).unanswered, batch.use(AT).violations) == (2, {})
    assert batch.rows(AT) == []


def test_after_its_patience_there_is_no_second_try() -> None:
    def late(question):  # type: ignore[no-untyped-def]
        time.sleep(0.02)
        return babbling(question)

    model = UnreliableModel(late)
    ask(model, PROMPT, CASES, grounded, timeout_s=0.01)
    assert len(model.batches) == 1
    assert ask(UnreliableModel(slow(0.0)), PROMPT, [], grounded).attempts == []


def test_statements_are_found_wherever_they_stand() -> None:
    value = {"cites": ["m1", "m1"], "reason": "x", "more": [{"text": "y", "cites": ["m2"]}, {"text": "no cites"}]}
    assert list(statements(value)) == [("x", ("m1",)), ("y", ("m2",))]
    assert list(statements("z")) == []
