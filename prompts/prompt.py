"""One version of one prompt: how its file is read, and how the next version is made of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import xxhash
import yaml

FENCE = "---\n"
_REQUIRED = ("name", "version", "task", "inputs", "limits")
_VERSION = re.compile(r"^version: *\d+ *$", re.MULTILINE)
_SECOND = re.compile(r"^---\n", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """An example turn for the model.

    Parameters
    ----------
    inputs: as a question has them
    answer: what a good answer to them is, fitting the schema
    choices: what may be chosen from, by name
    """

    inputs: Mapping[str, Any]
    answer: Any
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt.

    Parameters
    ----------
    name: its task
    version: raised by hand with every change of meaning
    task: what it is for, in one line
    inputs: names the text may use
    limits: what its output may not pass: tokens, characters of any one text in it, words; of a template also bullets
    text: a Jinja2 template over the inputs: a language model's question or, without a schema, the output itself
    digest: hash of the whole file, so that no change goes unseen
    system: what a language model is told first; empty for a template
    schema: JSON schema of the answer; an `enum` that is a name instead of a list is filled in when asking
    examples: turns that stand between the system text and the question
    content: the file itself
    """

    name: str
    version: int
    task: str
    inputs: tuple[str, ...]
    limits: Mapping[str, int]
    text: str
    digest: str
    system: str = ""
    schema: Mapping[str, Any] | None = None
    examples: tuple[Example, ...] = ()
    content: str = field(default="", repr=False)

    @property
    def id(self) -> str:
        """Name, version and hash, as stored beside every text made with it."""
        return f"{self.name}@{self.version}:{self.digest[:8]}"

    @property
    def choices(self) -> frozenset[str]:
        """Names of the enums in the schema that a question fills in."""
        return frozenset(_names(self.schema))


def parse_prompt(content: str) -> Prompt:
    """Read the text of a prompt file: a head between two lines of ---, then the text.

    Of a prompt with a schema, the text has two parts with a line of --- between them: system text and question.
    """
    fence, _, rest = content.partition(FENCE)
    head, closing, text = rest.partition(FENCE)
    if fence or not closing:
        raise ValueError("a prompt begins with its head between two lines of ---")
    facts: dict[str, Any] = yaml.safe_load(head)
    missing = [name for name in _REQUIRED if name not in facts]
    if missing:
        raise ValueError(f"the head of the prompt lacks {missing[0]}")
    schema = facts.get("schema")
    system, text = _parts(text) if schema else ("", text)
    return Prompt(
        name=facts["name"],
        version=facts["version"],
        task=facts["task"],
        inputs=tuple(facts["inputs"]),
        limits=facts["limits"],
        text=text,
        digest=xxhash.xxh64_hexdigest(content),
        system=system,
        schema=schema,
        examples=tuple(_example(example) for example in facts.get("examples", ())),
        content=content,
    )


def revised(prompt: Prompt, instructions: str, version: int) -> Prompt:
    """Return `prompt` as `version` with `instructions` as its system text.

    Raises
    ------
    ValueError: `prompt` is a template, which has no instructions, or the instructions are the same as before
    """
    lines = "\n".join(line for part in instructions.splitlines() if (line := " ".join(part.split()).strip("-")))
    if prompt.schema is None:
        raise ValueError(f"prompt {prompt.name} is a template: it has no instructions")
    if not lines or lines == prompt.system:
        raise ValueError("the instructions are the same as before")
    head = prompt.content.split(FENCE)[1]
    renumbered = _VERSION.sub(f"version: {version}", head, count=1)
    return parse_prompt(f"{FENCE}{renumbered}{FENCE}{lines}\n{FENCE}{prompt.text}\n")


def _parts(text: str) -> tuple[str, str]:
    parts = _SECOND.split(text)
    if len(parts) != 2:
        raise ValueError("a prompt with a schema has a system text and a question, with one line of --- between them")
    return parts[0].strip(), parts[1].strip()


def _example(example: Mapping[str, Any]) -> Example:
    choices = {name: tuple(values) for name, values in example.get("choices", {}).items()}
    return Example(example["inputs"], example["answer"], choices)


def _names(schema: Any) -> Iterator[str]:
    """The names that stand for a list in the enums of a schema."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("enum"), str):
            yield schema["enum"]
        for part in schema.values():
            yield from _names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _names(part)
