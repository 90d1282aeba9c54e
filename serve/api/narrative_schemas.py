"""HTTP answers about texts, people's decisions about them, and their prompts."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from serve.api.schemas import ApiAnswer
from storage.records.rows import NarrativeRecord
from storage.records.rows_prompts import FeedbackRow, PromptRecord


class NarrativeAnswer(NarrativeRecord):
    """A narrative with the text that counts: a person's own where a person edited it."""

    checked: bool = Field(True, description="whether the text that counts passes the grounding rules")
    decision: str | None = Field(None, description="what a person last decided: ACCEPT, EDIT or REJECT")


class FeedbackRequest(BaseModel):
    """A person's decision about a narrative."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["ACCEPT", "EDIT", "REJECT"]
    text: str = Field("", max_length=2000, description="the edited text, for EDIT")
    reason: str = Field("", max_length=500)


class NarrativeDetailAnswer(ApiAnswer):
    """A narrative with its evidence and all of people's decisions about it."""

    narrative: NarrativeAnswer
    written: str = Field(description="the text as it was written")
    bullets: list[dict[str, Any]]
    evidence: dict[str, Any]
    feedback: list[FeedbackRow] = Field(description="the last one first")


class PromptVersionAnswer(PromptRecord):
    """One version of a prompt and its results."""

    in_use: bool
    added_at: datetime
    first_used_at: datetime | None
    last_used_at: datetime | None
    models: list[str]
    asked: int = Field(description="questions, second tries included; texts, for a template")
    accepted: int
    refused: int
    unanswered: int
    acceptance: float | None = Field(description="accepted by the rules / answered")
    violations: dict[str, int]
    people_accept: int
    people_edit: int
    people_reject: int
    narrative_acceptance: float | None = Field(description="ACCEPT / (ACCEPT + EDIT + REJECT), by people")
    narrative_edit_share: float | None
