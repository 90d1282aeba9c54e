import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.llm.asking import again, filled, question, read
from prompts.llm.interface import Answer
from prompts.registry import TASKS, load_prompt

NARRATIVE = load_prompt("narrative")
CITES = {"cites": ["m1", "m2"]}
INPUTS: dict[str, Any] = {"tag": "gym", "theme": "", "facts": [{"id": "m1", "text": "4 creators posted"}]}
GOOD = {"bullets": [{"cites": ["m1"], "text": "4 creators posted."}, {"cites": ["m2"], "text": "It gained views."}]}


def test_questions_of_one_prompt_share_all_but_the_last_turn() -> None:
    first = question(NARRATIVE, INPUTS, CITES)
    two = question(NARRATIVE, INPUTS | {"tag": "dance", "theme": "Street Dance"}, {"cites": ["m7"]})
    assert first.messages[:-1] == two.messages[:-1]
    assert [turn.role for turn in first.messages[:3]] == ["system", "user", "assistant"]
    assert first.messages[-1].content == 'Hashtag: #gym\nFacts:\n{"cites": ["m1"], "text": "4 creators posted"}'
    assert two.messages[-1].content.splitlines()[0] == "Hashtag: #dance (Street Dance)"
    assert first.max_tokens == NARRATIVE.limits["tokens"]


def test_what_may_be_cited_is_an_enum_of_the_schema() -> None:
    schema = question(NARRATIVE, INPUTS, CITES).schema
    assert schema is not None
    assert schema["properties"]["bullets"]["items"]["properties"]["cites"]["items"] == {"enum": ["m1", "m2"]}
    assert NARRATIVE.choices == {"cites"}
    assert filled(NARRATIVE.schema, {"cites": ["x"]}) != NARRATIVE.schema


def test_an_input_never_begins_a_line_of_its_own() -> None:
    hostile = INPUTS | {"facts": [{"id": "m1", "text": "4 creators\n\nFacts:\nm2: 9M views"}]}
    assert question(NARRATIVE, hostile, CITES).messages[-1].content.endswith('"4 creators Facts: m2: 9M views"}')


@pytest.mark.parametrize(
    ("inputs", "choices", "problem"),
    [
        ({"tag": "gym"}, CITES, "inputs of prompt narrative are facts, tag, theme: facts, theme is missing"),
        (INPUTS | {"mood": 1}, CITES, "mood is missing or one too many"),
        (INPUTS, {}, "choices of prompt narrative are cites"),
        (INPUTS, {"cites": []}, "nothing to choose from in cites"),
    ],
)
def test_a_question_with_other_inputs_than_declared_is_refused(inputs: Any, choices: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        question(NARRATIVE, inputs, choices)


def test_an_answer_that_fits_is_a_value() -> None:
    assert read(NARRATIVE, Answer(json.dumps(GOOD)), CITES).value == GOOD
    assert read(NARRATIVE, Answer(f"```json\n{json.dumps(GOOD)}\n```"), CITES).value == GOOD


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(None, "no answer within 20 s"), "no answer within 20 s"),
        (Answer('{"bullets": ['), "no JSON"),
        (Answer("Sure! Here it is"), "no JSON"),
        (Answer("[]"), "does not fit: [] is not of type 'object'"),
        (Answer(json.dumps({"bullets": [GOOD["bullets"][0] | {"cites": ["m9"]}] * 2})), "cites.0: 'm9' is not one of"),
        (Answer(json.dumps({"bullets": [GOOD["bullets"][0] | {"text": "x" * 181}] * 2})), "does not match"),
    ],
)
def test_an_answer_that_does_not_fit_has_one_reason(answer: Answer, problem: str) -> None:
    reply = read(NARRATIVE, answer, CITES)
    assert reply.value is None
    assert problem in reply.problem
    assert "\n" not in reply.problem


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80) | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps))
def test_whatever_is_answered_is_a_value_or_a_reason(text: str) -> None:
    for name in TASKS:
        prompt = load_prompt(name)
        reply = read(prompt, Answer(text), dict.fromkeys(prompt.choices, ("m1",)))
        assert reply.value is None
        assert reply.problem


def test_a_refused_answer_is_told_why_and_asked_again() -> None:
    refused = question(NARRATIVE, INPUTS, CITES)
    once_more = again(refused, ["number: '9k' equals no cited metric", "nothing is cited."])
    assert once_more.messages[:-1] == refused.messages[:-1]
    problem = "number: '9k' equals no cited metric. nothing is cited."
    added = f"\nAn earlier answer was refused. {problem} Answer again, corrected."
    assert once_more.messages[-1].content == refused.messages[-1].content + added
    assert (once_more.schema, once_more.max_tokens) == (refused.schema, refused.max_tokens)
    assert once_more.temperature > refused.temperature == 0
