"""HTTP answers about data quality and trained models."""

from datetime import datetime
from typing import Any

from pydantic import Field

from serve.api.schemas import ApiAnswer


class QualityAnswer(ApiAnswer):
    """One check of one fetch window of readings."""

    window: datetime = Field(description="end of the fetch window")
    check: str
    entity: str = Field(description="the field, counter or reason it is about; empty for the whole")
    value: float = Field(description="mostly a share, 0 to 1")
    items: int = Field(description="number of things the share is of")
    threshold: float | None
    level: str = Field(description="ok, warning, or critical: the window reached neither metrics nor alerts")


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
