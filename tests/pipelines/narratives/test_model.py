from dataclasses import replace
from datetime import UTC, datetime

from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import grounded, violations
from pipelines.narratives.evidence import Subject
from pipelines.narratives.model import cases, narrate_by_model
from pipelines.narratives.narrate import narrate
from prompts.llm.interface import Answer
from prompts.registry import load_prompt
from tests.support.unreliable_model import Behaviour, UnreliableModel, dead, honest, inventive, repentant

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
PROMPT, TEMPLATE = load_prompt("narrative"), load_prompt("narrative_template")
MOVED = '[{"feature": "novelty", "value": 0.8, "contribution": 0.4}]'
MEASURED = {"views_gained": 12_345.0, "velocity": 0.35, "unique_creators": 14, "novelty": 0.72}
SUBJECTS = [
    Subject(tag, AT, {"probability": 0.5, "rank": place, "contributions": MOVED}, MEASURED, "Home Gym", 2)
    for place, tag in enumerate(["gym", "dance"], 1)
]


def written(behaviour: Behaviour, subjects: list[Subject] = SUBJECTS):  # type: ignore[no-untyped-def]
    return narrate_by_model(
        UnreliableModel(behaviour, "m1"), PROMPT, TEMPLATE, subjects, narrate(subjects, TEMPLATE), grounded
    )


def test_the_model_is_asked_of_all_leaders_with_a_fact_a_figure() -> None:
    chosen = cases(SUBJECTS, TEMPLATE)
    assert [case.id for case in chosen] == ["gym@20250514T1000Z", "dance@20250514T1000Z"]
    assert chosen[0].choices["cites"] == [fact["id"] for fact in chosen[0].inputs["facts"]]
    assert "d1" not in chosen[0].choices["cites"]
    assert chosen[0].inputs["theme"] == "Home Gym"
    assert {"id": "views_gained", "text": "It gained 12.3k views in the last hour."} in chosen[0].inputs["facts"]


def test_what_passes_the_gate_takes_the_place_of_the_template() -> None:
    rows, batch = written(honest)
    assert [(row.status, row.model, row.prompt_version) for row in rows] == [("accepted", "m1", PROMPT.id)] * 2
    assert rows[0].text.splitlines() == [bullet["text"] for bullet in rows[0].bullets]
    for row in rows:
        narrative = CitedText(row.narrative_id, row.text, row.cites)
        assert violations(narrative, Evidence.from_json(row.evidence)) == []
    assert batch.use(AT).accepted == 2


def test_what_does_not_pass_leaves_the_template_and_a_draft_to_learn_from() -> None:
    rows, batch = written(inventive)
    assert [(row.status, row.model) for row in rows] == [("template", "")] * 2
    assert len(batch.rows(AT)) == 4
    assert "number: " in batch.rows(AT)[0].problems[0]


def test_a_second_try_is_told_what_was_wrong() -> None:
    rows, batch = written(repentant(inventive, honest))
    assert {row.status for row in rows} == {"accepted"}
    assert (batch.use(AT).accepted, batch.use(AT).refused) == (2, 2)


def test_without_an_answer_the_templates_stand_and_the_reason_is_known() -> None:
    rows, batch = written(dead)
    assert {row.status for row in rows} == {"template"}
    assert batch.silence


def test_a_hashtag_of_which_little_is_known_is_left_to_the_template() -> None:
    bare = replace(SUBJECTS[0], measured={}, shared_sounds=None)
    rows, batch = written(honest, [bare, SUBJECTS[1]])
    assert [row.status for row in rows] == ["template", "accepted"]
    assert len(batch.attempts) == 1


def test_the_same_bullet_twice_is_told_once() -> None:
    bullet = '{"cites": ["views_gained"], "text": "It gained 12.3k views in the last hour."}'
    rows, _ = written(lambda question: Answer(f'{{"bullets": [{bullet}, {bullet}]}}'))
    assert [bullet["text"] for bullet in rows[0].bullets] == ["It gained 12.3k views in the last hour."]
