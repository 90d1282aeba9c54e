"""Reads the prompts that stand beside it: one file a task, with its version, inputs and limits on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import xxhash
import yaml

FENCE = "---\n"
PROMPTS = ("narrative",)


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt.

    Parameters
    ----------
    name: its task
    version: raised by hand with every change of meaning
    inputs: names the text may use
    limits: what its output may not pass: characters, sentences
    text: a Jinja2 template
    digest: hash of the whole file, so that no change goes unseen
    """

    name: str
    version: int
    inputs: tuple[str, ...]
    limits: Mapping[str, int]
    text: str
    digest: str

    @property
    def id(self) -> str:
        """Name, version and hash, as stored beside every text made with it."""
        return f"{self.name}@{self.version}:{self.digest[:8]}"


@cache
def load_prompt(name: str) -> Prompt:
    """Return a prompt by name; ValueError when there is none or its head is not complete."""
    if name not in PROMPTS:
        raise ValueError(f"no prompt {name!r}; there are {', '.join(PROMPTS)}")
    return parse_prompt(resources.files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8"))


def parse_prompt(content: str) -> Prompt:
    """Read the text of a prompt file."""
    fence, _, rest = content.partition(FENCE)
    head, closing, text = rest.partition(FENCE)
    if fence or not closing:
        raise ValueError("a prompt begins with its head between two lines of ---")
    facts: dict[str, Any] = yaml.safe_load(head)
    missing = [field for field in ("name", "version", "inputs", "limits") if field not in facts]
    if missing:
        raise ValueError(f"the head of the prompt lacks {missing[0]}")
    return Prompt(
        name=facts["name"],
        version=facts["version"],
        inputs=tuple(facts["inputs"]),
        limits=facts["limits"],
        text=text,
        digest=xxhash.xxh64_hexdigest(content),
    )
