"""The prompts that ship with the project, one file per task."""

from functools import cache
from importlib import resources

from prompts.prompt import Prompt, parse_prompt

TEMPLATES = ("narrative_template", "counterfactual_template", "collision_template")
"""Prompts that are filled in without a language model."""

TASKS = (
    "theme_label",
    "narrative",
    "collision",
    "risk",
    "counterfactual",
    "error_analysis",
    "prompt_refinement",
)
"""Prompts for a language model."""

PROMPTS = (*TEMPLATES, *TASKS)


@cache
def load_prompt(name: str) -> Prompt:
    """Return a shipped prompt by name; ValueError when there is none or its head is not complete."""
    if name not in PROMPTS:
        raise ValueError(f"no prompt {name!r}; there are {', '.join(PROMPTS)}")
    return parse_prompt(resources.files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8"))
