"""Rows of prompts, of what came of them, and of people's decisions about the texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON
from sqlmodel import Field
from sqlmodel.sql.sqltypes import AutoString

from storage.records.stored import StoredRecord

PromptSource = Literal["shipped", "refined"]
Decision = Literal["ACCEPT", "EDIT", "REJECT"]


class PromptRecord(StoredRecord):
    """What names one version of one prompt."""

    prompt_id: str = Field(unique=True, description="name, version and hash")
    name: str
    version: int
    digest: str
    source: PromptSource = Field(sa_type=AutoString, description="shipped with the software, or refined here")


class PromptRow(PromptRecord):
    """One version of one prompt."""

    content: str = Field(description="the whole file")
    added_at: datetime = Field(description="when these records first held it")


class PromptUseRow(StoredRecord):
    """What came of one prompt at one time."""

    prompt_id: str = Field(primary_key=True)
    at: datetime = Field(primary_key=True)
    model: str = Field(primary_key=True, description="the language model; empty for a template")
    asked: int = Field(description="questions, second tries included; texts, for a template")
    accepted: int
    refused: int
    unanswered: int = 0
    violations: Mapping[str, int] = Field(
        default_factory=dict, sa_type=JSON, description="rule -> how often it was broken"
    )
    seconds: float = Field(default=0.0, description="from the first question to the last answer")
    prompt_tokens: int = Field(default=0, description="as the model counts them")
    cached_tokens: int = 0
    completion_tokens: int = 0


class PromptAnswerRow(StoredRecord):
    """One answer of a language model and its question; kept for refinement, never shown."""

    answer_id: str = Field(unique=True, description="case and attempt")
    name: str = Field(index=True)
    prompt_id: str
    model: str
    at: datetime = Field(index=True)
    case: Mapping[str, Any] = Field(sa_type=JSON, description="inputs, choices and evidence of the question")
    text: str = Field(description="the answer as it came")
    accepted: bool = Field(description="whether it passed every check")
    problems: Sequence[str] = Field(default=(), sa_type=JSON, description="what was wrong, a line each")


class FeedbackRow(StoredRecord):
    """A person's decision about a narrative; the last one counts, all are kept."""

    narrative_id: str = Field(index=True)
    at: datetime
    decision: Decision = Field(sa_type=AutoString)
    judged: str = Field(description="the text that was judged")
    text: str = Field(default="", description="the person's own text; empty unless EDIT")
    reason: str = Field(default="", description="in the person's words; may be empty")
    prompt_id: str = Field(description="the prompt of the text that was judged")
    model: str = Field(description="the language model that wrote that text")
    violations: Sequence[Mapping[str, Any]] = Field(
        default=(), sa_type=JSON, description="what the grounding rules found in the text that counts now"
    )
