"""From a prompt and its inputs to a question, and from the answer to a value that fits the prompt's schema."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from prompts.llm.interface import Answer, Message, Question
from prompts.prompt import Prompt

Choices = Mapping[str, Sequence[str]]
"""The allowed values by their name in the schema, such as citable ids or candidate labels."""

NO_CHOICES: Choices = {}
SHOWN = 300
SECOND_TRY = 0.5
_FENCED = re.compile(r"^```(?:json)?\s*\n(.*)\n```$", re.DOTALL)


@dataclass(frozen=True)
class Reply:
    """An answer as a value, or why there is none.

    Parameters
    ----------
    value: fits the schema and the limits of its prompt; None when the answer does not
    problem: what is wrong with the answer, in one line
    """

    value: Any | None
    problem: str = ""


def question(prompt: Prompt, inputs: Mapping[str, Any], choices: Choices = NO_CHOICES, seed: int = 0) -> Question:
    """Return the question to a language model: system text, examples, then the inputs.

    All questions of one prompt begin with the same messages, so that a server computes them once. An input or choice
    that is missing or one too many, and a choice of nothing, is a ValueError.

    Examples
    --------
    >>> from prompts.registry import load_prompt
    >>> asked = question(load_prompt("risk"), {"tag": "gym", "facts": [{"id": "m1", "text": "4 creators posted"}]},
    ...     {"cites": ["m1"]})
    >>> asked.messages[0].role, asked.messages[-1].content.splitlines()[0]
    ('system', 'Hashtag: #gym')
    """
    _expect("inputs", prompt, inputs, prompt.inputs)
    _expect("choices", prompt, choices, prompt.choices)
    empty = [name for name, values in choices.items() if not values]
    if empty:
        raise ValueError(f"choices of prompt {prompt.name}: there is nothing to choose from in {empty[0]}")
    turns = [Message("system", prompt.system)]
    for example in prompt.examples:
        turns.append(Message("user", render(prompt.text, example.inputs)))
        turns.append(Message("assistant", json.dumps(example.answer, ensure_ascii=False)))
    turns.append(Message("user", render(prompt.text, inputs)))
    return Question(turns, filled(prompt.schema, choices), prompt.limits["tokens"], seed=seed)


def again(refused: Question, problems: Sequence[str]) -> Question:
    """Return the question for a second try, with the problems of the first answer.

    The answer itself is not shown, as small models would only repeat it; for the same reason it is sampled.
    """
    complaints = " ".join(f"{problem.rstrip('.')}." for problem in problems)
    last = refused.messages[-1]
    content = f"{last.content}\nAn earlier answer was refused. {complaints} Answer again, corrected."
    return replace(refused, messages=[*refused.messages[:-1], replace(last, content=content)], temperature=SECOND_TRY)


def read(prompt: Prompt, answer: Answer, choices: Choices = NO_CHOICES) -> Reply:
    """Return the value of an answer, checked against the schema and the limits of its prompt.

    Examples
    --------
    >>> from prompts.registry import load_prompt
    >>> read(load_prompt("risk"), Answer('{"view": "boosted"}'), {"cites": ["m1"]}).problem
    "the answer does not fit: 'reason' is a required property"
    """
    if answer.text is None:
        return Reply(None, answer.error or "the language model did not answer")
    text = answer.text.strip()
    fenced = _FENCED.match(text)
    try:
        value = json.loads(fenced[1] if fenced else text)
    except ValueError as error:
        return Reply(None, f"the answer is no JSON: {error}")
    wrong = best_match(Draft202012Validator(filled(prompt.schema, choices)).iter_errors(value))
    if wrong is not None:
        place = ".".join(map(str, wrong.absolute_path))
        return Reply(None, f"the answer does not fit{f' at {place}' if place else ''}: {wrong.message[:SHOWN]}")
    problem = next((problem for text in _texts(value) if (problem := _too_long(prompt, text))), "")
    return Reply(None, problem) if problem else Reply(value)


def filled(schema: Any, choices: Choices) -> Any:
    """Return a schema with the lists of choices in place of their names."""
    if isinstance(schema, Mapping):
        return {
            key: list(choices[part]) if key == "enum" and isinstance(part, str) else filled(part, choices)
            for key, part in schema.items()
        }
    return [filled(part, choices) for part in schema] if isinstance(schema, list) else schema


def render(template: str, inputs: Mapping[str, Any]) -> str:
    """Return the template filled in; no input can break out of its line, whatever it holds."""
    return _template(template).render(inputs).strip()


def _expect(kind: str, prompt: Prompt, given: Mapping[str, Any], wanted: Any) -> None:
    wrong, names = ", ".join(sorted(set(given) ^ set(wanted))), ", ".join(sorted(wanted)) or "none"
    if wrong:
        raise ValueError(f"{kind} of prompt {prompt.name} are {names}: {wrong} is missing or one too many")


def _too_long(prompt: Prompt, text: str) -> str:
    for limit, length in (("characters", len(text)), ("words", len(text.split()))):
        most = prompt.limits.get(limit)
        if most is not None and length > most:
            return f"a text of {length} {limit}, at most {most}: {text[:40]!r}"
    return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _in_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


@cache
def _template(text: str) -> Template:
    environment = Environment(
        undefined=StrictUndefined, autoescape=False, finalize=_in_line, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
