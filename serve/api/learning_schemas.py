"""What the HTTP interface answers with about how good it all is, and what is done about it."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from serve.api.schemas import ApiAnswer


class KpiAnswer(ApiAnswer):
    """One figure with its 95 % interval."""

    computed_at: datetime
    period_start: datetime
    period_end: datetime
    model: str = Field(description="champion, or the name of a baseline")
    scope: str = Field(
        description="all; early: surges at least 6 h ahead; detection: 6 h after it; unseen: new since training"
    )
    name: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int


class QualityAnswer(ApiAnswer):
    """One check of one fetch window of readings."""

    window: datetime = Field(description="end of the fetch window")
    check: str
    entity: str = Field(description="the field, counter or reason it is about; empty for the whole")
    value: float = Field(description="mostly a share, 0 to 1")
    items: int = Field(description="number of things the share is of")
    threshold: float | None
    level: str = Field(description="ok, warning, or critical: the window reached neither metrics nor alerts")


class AlertAnswer(ApiAnswer):
    """A message to people and what became of it."""

    key: str
    kind: str
    hashtag: str | None
    raised_at: datetime
    title: str
    body: str
    status: str
    attempts: int
    receipt: str | None
    sent_at: datetime | None


class BacklogAnswer(ApiAnswer):
    """One thing to improve."""

    title: str
    category: str
    trigger: str
    hypothesis: str
    success_metric: str
    target_delta: str
    owner: str
    review_date: date
    status: str
    created_at: datetime


class ModelAnswer(ApiAnswer):
    """A trained model and what it was trained on."""

    model_id: str
    kind: str
    aliases: list[str]
    created_at: datetime
    training_set: dict[str, Any]
    features: list[str]
    metrics: dict[str, Any]
    importance: dict[str, Any]
    data_hash: str


class ChangeAnswer(ApiAnswer):
    """An entry of the change log."""

    change_id: str
    at: datetime
    kind: str
    title: str
    evidence: dict[str, Any]
