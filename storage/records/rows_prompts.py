"""The records of prompts: their versions, what came of each, and what people said of the texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

PromptSource = Literal["shipped", "refined"]
Decision = Literal["ACCEPT", "EDIT", "REJECT"]


@dataclass(frozen=True)
class PromptRow:
    """One version of one prompt.

    Parameters
    ----------
    prompt_id: name, version and hash
    source: shipped with the project, or refined here
    content: the whole file
    added_at: when these records first held it
    """

    prompt_id: str
    name: str
    version: int
    digest: str
    source: PromptSource
    content: str
    added_at: datetime


@dataclass(frozen=True)
class PromptUseRow:
    """What came of one prompt at one time.

    Parameters
    ----------
    model: the language model; empty for a template
    asked: questions, second tries included; texts, for a template
    accepted, refused, unanswered: what came of them
    violations: rule -> how often it was broken
    seconds: from the first question to the last answer
    prompt_tokens, cached_tokens, completion_tokens: as the model counts them
    """

    prompt_id: str
    at: datetime
    model: str
    asked: int
    accepted: int
    refused: int
    unanswered: int = 0
    violations: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True)
class PromptAnswerRow:
    """One answer of a language model with what it was asked; kept for refinement, never shown.

    Parameters
    ----------
    answer_id: case and attempt
    case: inputs, choices and evidence of the question
    text: the answer as it came
    accepted: whether it passed every check
    problems: what was wrong, a line each
    """

    answer_id: str
    name: str
    prompt_id: str
    model: str
    at: datetime
    case: Mapping[str, Any]
    text: str
    accepted: bool
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class FeedbackRow:
    """What a person decided about a narrative; the last one counts, all are kept.

    Parameters
    ----------
    prompt_id, model: what wrote the text that was judged
    judged: that text
    text: the person's own, for EDIT
    reason: in the person's words; may be empty
    violations: what the grounding rules found in the text that counts after it; empty means that it can be traced
    """

    narrative_id: str
    at: datetime
    decision: Decision
    prompt_id: str
    model: str
    judged: str
    text: str = ""
    reason: str = ""
    violations: Sequence[Mapping[str, Any]] = ()
