import json

import pytest

from prompts.llm.asking import question, read
from prompts.llm.interface import Answer
from prompts.prompt import parse_prompt
from prompts.registry import PROMPTS, TASKS, TEMPLATES, load_prompt


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_can_be_read(name: str) -> None:
    prompt = load_prompt(name)
    assert prompt.name == name
    assert prompt.task
    assert prompt.id == f"{name}@{prompt.version}:{prompt.digest[:8]}"
    assert set(prompt.limits) <= {"tokens", "characters", "words", "bullets"}
    assert (prompt.schema is None) == (name in TEMPLATES)
    assert parse_prompt(prompt.content) == prompt


@pytest.mark.parametrize("name", TASKS)
def test_examples_are_answers_that_would_be_taken(name: str) -> None:
    prompt = load_prompt(name)
    assert prompt.examples
    for example in prompt.examples:
        shown = question(prompt, example.inputs, example.choices)
        assert shown.messages[-1].content == shown.messages[1 + 2 * prompt.examples.index(example)].content
        answer = Answer(json.dumps(example.answer))
        assert read(prompt, answer, example.choices).problem == ""


def test_a_change_of_a_letter_changes_the_id() -> None:
    text = "---\nname: a\nversion: 1\ntask: t\ninputs: [x]\nlimits: {characters: 9}\n---\nhello {{ x }}"
    assert parse_prompt(text).digest != parse_prompt(text + ".").digest
    assert parse_prompt(text).text == "hello {{ x }}"


def test_an_unknown_prompt_and_a_bad_head_are_told() -> None:
    with pytest.raises(ValueError, match="no prompt 'x'; there are narrative"):
        load_prompt("x")
    with pytest.raises(ValueError, match="head between two lines"):
        parse_prompt("hello")
    with pytest.raises(ValueError, match="lacks version"):
        parse_prompt("---\nname: a\n---\nhello")
    with pytest.raises(ValueError, match="one line of --- between"):
        parse_prompt("---\nname: a\nversion: 1\ntask: t\ninputs: []\nlimits: {}\nschema: {type: object}\n---\nhello")
