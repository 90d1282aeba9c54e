"""A language model without weights, for tests: it gives the answers that a test chose, and misbehaves on request."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from prompts.llm.interface import Answer, Question

Behaviour = Callable[[Question], Answer]

# A fact as some prompts print it: its id, a colon, its text.
_NAMED = re.compile(r"(\w+): (.+)")


class UnreliableModel:
    """See `LanguageModel`. It writes nothing of its own: every answer is what its behaviour makes of the question.

    Parameters
    ----------
    behaviour: question -> answer, such as those below
    name: as stored beside what it answers

    Examples
    --------
    >>> from prompts.llm.interface import Message
    >>> asked = Question([Message("user", "Facts:\\nm1: 4 creators posted")])
    >>> UnreliableModel(dead).answer([asked])[0].error
    'the language model can not be reached'
    """

    def __init__(self, behaviour: Behaviour, name: str = "unreliable") -> None:
        self._behaviour = behaviour
        self._name = name
        self.batches: list[list[Question]] = []

    @property
    def name(self) -> str:
        """See `LanguageModel.name`."""
        return self._name

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """See `LanguageModel.answer`; keeps the questions of each batch in `batches`."""
        self.batches.append(list(questions))
        return [self._behaviour(question) for question in questions]


def dead(question: Question) -> Answer:
    """A server that is gone."""
    return Answer(None, "the language model can not be reached")


def slow(seconds: float) -> Behaviour:
    """A server that lets the deadline of `seconds` pass."""

    def behave(question: Question) -> Answer:
        time.sleep(seconds)
        return Answer(None, f"no answer within {seconds:g} s", seconds=seconds)

    return behave


def babbling(question: Question) -> Answer:
    """Text that is no JSON."""
    return Answer("Sure! Here are some bullets about this hashtag:", completion_tokens=9)


def honest(question: Question) -> Answer:
    """The first facts of the question as bullets, each with its own id, word for word."""
    return _bullets(facts_of(question)[:2])


def inventive(question: Question) -> Answer:
    """A number that no fact holds."""
    return _bullets([(name, f"{text.rstrip('.')}, up from 123,456.") for name, text in facts_of(question)[:2]])


def misciting(question: Question) -> Answer:
    """An id that is not among the facts."""
    return _bullets([("m99", text) for _, text in facts_of(question)[:2]])


def repentant(first: Behaviour, then: Behaviour) -> Behaviour:
    """`first` where the question is new, `then` where a refused draft stands in it."""
    return lambda question: (then if "refused" in question.messages[-1].content else first)(question)


def replaying(answers: Mapping[str, str]) -> Behaviour:
    """Recorded answers by the first line of the question; silence where there is none."""

    def behave(question: Question) -> Answer:
        recorded = answers.get(question.messages[-1].content.partition("\n")[0])
        return Answer(recorded, "" if recorded is not None else "nothing was recorded for this question")

    return behave


def facts_of(question: Question) -> list[tuple[str, str]]:
    """Id and text of the facts of a question; those of the first one asked, where it is asked again."""
    turns = [
        message.content for message in question.messages if message.role == "user" and "Facts:\n" in message.content
    ]
    lines = turns[-1].partition("Facts:\n")[2].splitlines() if turns else []
    facts = []
    for line in lines:
        if line.startswith("{"):
            fact = json.loads(line)
            facts.append((fact["cites"][0], fact["text"]))
        elif named := _NAMED.fullmatch(line):
            facts.append((named[1], named[2]))
    return facts


def _bullets(facts: Sequence[tuple[str, str]]) -> Answer:
    bullets: list[dict[str, Any]] = [{"cites": [name], "text": text} for name, text in facts]
    return Answer(json.dumps({"bullets": bullets}), prompt_tokens=900, cached_tokens=800, completion_tokens=60)
