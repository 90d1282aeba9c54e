"""The next version of a prompt: other instructions, everything else as it was."""

import re

from prompts.prompt import FENCE, Prompt, parse_prompt

_VERSION = re.compile(r"^version: *\d+ *$", re.MULTILINE)


def revised(prompt: Prompt, instructions: str, version: int) -> Prompt:
    """Return `prompt` as `version` with `instructions` as its system text.

    A ValueError where that makes no prompt: of a template, or for the same instructions.
    """
    told = "\n".join(line for part in instructions.splitlines() if (line := " ".join(part.split()).strip("-")))
    if prompt.schema is None:
        raise ValueError(f"prompt {prompt.name} is a template: it has no instructions")
    if not told or told == prompt.system:
        raise ValueError("the instructions are the same as before")
    head = prompt.content.split(FENCE)[1]
    renumbered = _VERSION.sub(f"version: {version}", head, count=1)
    return parse_prompt(f"{FENCE}{renumbered}{FENCE}{told}\n{FENCE}{prompt.text}\n")
