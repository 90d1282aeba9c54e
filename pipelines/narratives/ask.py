"""Asks a language model for statements that must pass the gate: one batch, and a second try for refused answers."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import TextCheck, Violation
from prompts.llm.asking import Choices, again, question, read
from prompts.llm.interface import Answer, LanguageModel
from prompts.prompt import Prompt
from storage.records.interface import Records
from storage.records.rows_prompts import PromptAnswerRow, PromptUseRow

TEXTS = ("text", "reason")
FORM = "form"
MOST_PROBLEMS = 4
ANSWERS_KEPT = timedelta(days=30)

Statements = Iterator[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Case:
    """One thing that the model is asked about.

    Parameters
    ----------
    id: what it is about
    inputs, choices: of the prompt
    evidence: what the statements have to stand on
    """

    id: str
    inputs: Mapping[str, Any]
    choices: Choices
    evidence: Evidence

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that the records store."""
        choices = {name: list(values) for name, values in self.choices.items()}
        return {"inputs": dict(self.inputs), "choices": choices, "evidence": self.evidence.to_json()}

    @classmethod
    def from_json(cls, id: str, kept: Mapping[str, Any]) -> "Case":
        """Read what `to_json` wrote."""
        return cls(id, kept["inputs"], kept["choices"], Evidence.from_json(kept["evidence"]))


StatementsOf = Callable[[Case, Any], Statements]


@dataclass(frozen=True)
class Attempt:
    """One answer to one case.

    Parameters
    ----------
    number: 1, or 2 for a second try
    value: the answer where it has the form asked for
    violations: what is wrong with it; the rule `form` for an answer of another form
    """

    case: Case
    number: int
    answer: Answer
    value: Any | None = None
    violations: Sequence[Violation] = field(default_factory=tuple)

    @property
    def answered(self) -> bool:
        """Whether the model answered at all."""
        return self.answer.text is not None

    @property
    def accepted(self) -> bool:
        """Whether the answer may be shown."""
        return self.value is not None and not self.violations

    @property
    def problems(self) -> list[str]:
        """The problems, one line each."""
        return (
            [f"{violation.rule}: {violation.detail}" for violation in self.violations]
            if self.answered
            else [self.answer.error]
        )


@dataclass(frozen=True)
class AnsweredBatch:
    """The answers to a batch of cases: first tries in order, then the second tries of refused ones."""

    prompt: Prompt
    model: str
    attempts: Sequence[Attempt]
    seconds: float

    def accepted(self) -> dict[str, Attempt]:
        """The answers that may be shown, by case."""
        return {attempt.case.id: attempt for attempt in self.attempts if attempt.accepted}

    @property
    def silence(self) -> str:
        """Why the model left a case unanswered; empty when it answered all."""
        return next((attempt.answer.error for attempt in self.attempts if not attempt.answered), "")

    def use(self, at: datetime) -> PromptUseRow:
        """Counts of the batch's answers, violations and tokens."""
        answered = [attempt for attempt in self.attempts if attempt.answered]
        accepted = sum(attempt.accepted for attempt in answered)
        return PromptUseRow(
            prompt_id=self.prompt.id,
            at=at,
            model=self.model,
            asked=len(self.attempts),
            accepted=accepted,
            refused=len(answered) - accepted,
            unanswered=len(self.attempts) - len(answered),
            violations=dict(Counter(wrong.rule for attempt in answered for wrong in attempt.violations)),
            seconds=self.seconds,
            prompt_tokens=sum(attempt.answer.prompt_tokens for attempt in self.attempts),
            cached_tokens=sum(attempt.answer.cached_tokens for attempt in self.attempts),
            completion_tokens=sum(attempt.answer.completion_tokens for attempt in self.attempts),
        )

    def rows(self, at: datetime) -> list[PromptAnswerRow]:
        """Every answer as the records store it."""
        return [
            PromptAnswerRow(
                answer_id=f"{self.prompt.name}:{attempt.case.id}#{attempt.number}",
                name=self.prompt.name,
                prompt_id=self.prompt.id,
                model=self.model,
                at=at,
                case=attempt.case.to_json(),
                text=attempt.answer.text or "",
                accepted=attempt.accepted,
                problems=attempt.problems,
            )
            for attempt in self.attempts
            if attempt.answered
        ]


def ask(
    model: LanguageModel,
    prompt: Prompt,
    cases: Sequence[Case],
    check: TextCheck,
    *,
    timeout_s: float = 60.0,
    tries: int = 2,
    extract: StatementsOf = lambda case, value: statements(value),
) -> AnsweredBatch:
    """Ask about all cases at once, then a second time about those whose answers were refused.

    A model that lies, is slow or is down raises nothing: its answers are refused or missing.

    Parameters
    ----------
    check: what every statement with citations has to pass
    timeout_s: no second try begins later than this after the first
    tries: 1 for no second try
    extract: what of an answer to a case has to pass, with what it cites; by default every text that carries citations
    """
    began = time.monotonic()
    questions = [question(prompt, case.inputs, case.choices) for case in cases]
    attempts = _checked(prompt, cases, model.answer(questions), 1, check, extract)
    refused = [place for place, attempt in enumerate(attempts) if attempt.answered and not attempt.accepted]
    if refused and tries > 1 and time.monotonic() - began < timeout_s:
        once_more = [again(questions[place], attempts[place].problems[:MOST_PROBLEMS]) for place in refused]
        attempts += _checked(prompt, [cases[place] for place in refused], model.answer(once_more), 2, check, extract)
    return AnsweredBatch(prompt, model.name, attempts, round(time.monotonic() - began, 3))


def keep_answers(records: Records, batch: AnsweredBatch, at: datetime, now: datetime) -> PromptUseRow:
    """Store the counts of a batch for good and its answers for 30 days."""
    use = batch.use(at)
    records.put_prompt_use(use)
    records.put_prompt_answers(batch.rows(at), now - ANSWERS_KEPT)
    return use


def statements(value: Any) -> Statements:
    """Yield every text of an answer that carries citations, with its citations."""
    if isinstance(value, Mapping):
        text = next((value[name] for name in TEXTS if name in value), None)
        if text is not None and "cites" in value:
            yield text, tuple(dict.fromkeys(value["cites"]))
        for part in value.values():
            yield from statements(part)
    elif isinstance(value, list):
        for part in value:
            yield from statements(part)


def _checked(
    prompt: Prompt,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    number: int,
    check: TextCheck,
    extract: StatementsOf,
) -> list[Attempt]:
    """Check the form of every answer and, in one call to the gate, every statement."""
    replies = [read(prompt, answer, case.choices) for case, answer in zip(cases, answers, strict=True)]
    texts = [
        (place, CitedText(f"{cases[place].id}#{number}", text, cites))
        for place, reply in enumerate(replies)
        if reply.value is not None
        for text, cites in extract(cases[place], reply.value)
    ]
    wrong: list[list[Violation]] = [[] for _ in cases]
    for (place, _), violations in zip(texts, check([(text, cases[at].evidence) for at, text in texts]), strict=True):
        wrong[place] += violations
    for place, reply in enumerate(replies):
        if reply.value is None:
            wrong[place].append(Violation(FORM, (0, len(answers[place].text or "")), reply.problem))
    return [
        Attempt(case, number, answer, reply.value, tuple(violations))
        for case, answer, reply, violations in zip(cases, answers, replies, wrong, strict=True)
    ]
