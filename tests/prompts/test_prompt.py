import pytest

from prompts.prompt import revised
from prompts.registry import TASKS, load_prompt


@pytest.mark.parametrize("name", TASKS)
def test_a_revision_changes_the_instructions_and_the_version_alone(name: str) -> None:
    prompt = load_prompt(name)
    made = revised(prompt, "Do it   well.\n\n---\nAnswer in JSON.", 7)
    assert (made.version, made.system) == (7, "Do it well.\nAnswer in JSON.")
    for field in ("name", "task", "inputs", "limits", "schema", "examples", "text"):
        assert getattr(made, field) == getattr(prompt, field), field
    assert made.id != prompt.id
    assert revised(made, prompt.system, 8).system == prompt.system


def test_what_makes_no_other_prompt_is_refused() -> None:
    with pytest.raises(ValueError, match="same as before"):
        revised(load_prompt("risk"), load_prompt("risk").system, 2)
    with pytest.raises(ValueError, match="same as before"):
        revised(load_prompt("risk"), " --- ", 2)
    with pytest.raises(ValueError, match="is a template"):
        revised(load_prompt("narrative_template"), "x", 2)
