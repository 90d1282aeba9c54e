"""What the HTTP interface answers with about texts, what people decided about them, and their prompts."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from serve.api.schemas import ApiAnswer


class NarrativeAnswer(ApiAnswer):
    """A prediction explained in words, with the ids of the measurements it cites."""

    narrative_id: str
    at: datetime
    hashtag: str
    text: str = Field(description="the text that counts, a bullet a line: a person's where one edited it")
    cites: list[str]
    status: str = Field(description="accepted: written by a language model; template: filled in from the figures")
    prompt_version: str
    model: str = Field("", description="the language model that wrote it; empty for a template")
    checked: bool = Field(True, description="whether the text that counts passes the grounding rules")
    decision: str | None = Field(None, description="what a person last decided: ACCEPT, EDIT or REJECT")


class FeedbackRequest(BaseModel):
    """A person's decision about a narrative."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["ACCEPT", "EDIT", "REJECT"]
    text: str = Field("", max_length=2000, description="the edited text, for EDIT")
    reason: str = Field("", max_length=500)


class FeedbackAnswer(ApiAnswer):
    """A decision as it is kept."""

    narrative_id: str
    at: datetime
    decision: str
    judged: str = Field(description="the text that was judged")
    text: str = Field(description="the person's own; empty unless EDIT")
    reason: str
    prompt_id: str
    model: str
    violations: list[dict[str, Any]] = Field(description="what the grounding rules found in the text that counts now")


class NarrativeDetailAnswer(ApiAnswer):
    """A narrative with all it stands on and all that people decided about it."""

    narrative: NarrativeAnswer
    written: str = Field(description="the text as it was written")
    bullets: list[dict[str, Any]]
    evidence: dict[str, Any]
    feedback: list[FeedbackAnswer] = Field(description="the last one first")


class PromptVersionAnswer(ApiAnswer):
    """One version of a prompt and what came of it."""

    prompt_id: str
    name: str
    version: int
    digest: str
    source: str = Field(description="shipped with the software, or refined here")
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
