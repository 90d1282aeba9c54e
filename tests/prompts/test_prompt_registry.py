import pytest

from prompts.registry import PROMPTS, load_prompt, parse_prompt


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_can_be_read(name: str) -> None:
    prompt = load_prompt(name)
    assert prompt.name == name
    assert prompt.id == f"{name}@{prompt.version}:{prompt.digest[:8]}"
    assert set(prompt.limits) == {"characters", "sentences"}


def test_a_change_of_a_letter_changes_the_id() -> None:
    text = "---\nname: a\nversion: 1\ninputs: [x]\nlimits: {characters: 9}\n---\nhello {{ x }}"
    assert parse_prompt(text).digest != parse_prompt(text + ".").digest
    assert parse_prompt(text).text == "hello {{ x }}"


def test_an_unknown_prompt_and_a_bad_head_are_told() -> None:
    with pytest.raises(ValueError, match="no prompt 'x'; there are narrative"):
        load_prompt("x")
    with pytest.raises(ValueError, match="head between two lines"):
        parse_prompt("hello")
    with pytest.raises(ValueError, match="lacks version"):
        parse_prompt("---\nname: a\n---\nhello")
