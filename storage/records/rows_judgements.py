"""Rows of what is thought about hashtags beside the predictions: risks, counterfactuals, collisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import JSON
from sqlmodel import Field
from sqlmodel.sql.sqltypes import AutoString

from storage.records.rows import NarrativeStatus
from storage.records.stored import StoredRecord

ModelView = Literal["boosted", "organic", "unclear"]


class RiskRow(StoredRecord):
    """Whether a hashtag looks boosted, by the rule and, apart from it, by the language model."""

    at: datetime = Field(primary_key=True)
    hashtag: str = Field(index=True)
    flagged: bool = Field(description="looks boosted by the rule of `core.judgements.boosting`")
    score: float
    signals: Sequence[Mapping[str, Any]] = Field(sa_type=JSON)
    model: str | None = Field(default=None, description="the language model; null without one")
    model_view: ModelView | None = Field(default=None, sa_type=AutoString)
    model_reason: str | None = None
    prompt_version: str | None = None
    cites: Sequence[str] = Field(default=(), sa_type=JSON)
    evidence: Mapping[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="what the model's reason stands on"
    )


class CounterfactualRecord(StoredRecord):
    """What the model would have said, had one figure been another: its answer, not a promise."""

    hashtag: str = Field(index=True)
    at: datetime = Field(primary_key=True)
    model_id: str
    feature: str = Field(description="the figure that was changed")
    value_from: float
    value_to: float
    moved: Mapping[str, float] = Field(sa_type=JSON, description="every feature that was changed with it")
    probability_from: float = Field(description="the model's prediction as it was made")
    probability_to: float = Field(description="its answer to the changed figures")
    text: str
    cites: Sequence[str] = Field(sa_type=JSON)
    status: NarrativeStatus = Field(sa_type=AutoString)
    prompt_version: str


class CounterfactualRow(CounterfactualRecord):
    """A counterfactual with the evidence its text stands on."""

    evidence: Mapping[str, Any] = Field(default_factory=dict, sa_type=JSON)


class CollisionRecord(StoredRecord):
    """Two themes near in meaning, one of which rises while the other falls."""

    at: datetime = Field(primary_key=True)
    rising: str = Field(description="cluster id")
    falling: str
    rising_label: str
    falling_label: str
    rising_tag: str = Field(description="its hashtag that gained most views")
    falling_tag: str
    similarity: float = Field(description="cosine of their centroids")
    rising_change: float = Field(description="views an hour in the last 24 h over those in the 24 h before, less 1")
    falling_change: float
    text: str
    cites: Sequence[str] = Field(sa_type=JSON)
    status: NarrativeStatus = Field(sa_type=AutoString)
    prompt_version: str


class CollisionRow(CollisionRecord):
    """A collision with the evidence its text stands on."""

    evidence: Mapping[str, Any] = Field(default_factory=dict, sa_type=JSON)


J = TypeVar("J", RiskRow, CounterfactualRow, CollisionRow)


def of_one_time(at: datetime, rows: Sequence[J]) -> list[J]:
    """Return the rows of one time; one of another time is a ValueError."""
    for row in rows:
        if row.at != at:
            raise ValueError(f"a {type(row).__name__} of {row.at} is not in the set of {at}")
    return list(rows)
