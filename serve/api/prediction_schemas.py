"""HTTP answers about predictions and their outcomes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from serve.api.schemas import ApiAnswer


class ContributionAnswer(ApiAnswer):
    """A feature and how far it moved the prediction (log-odds; positive is towards a surge)."""

    feature: str
    value: float | None = None
    contribution: float | None = None


class MemberAnswer(ApiAnswer):
    """A member of a blend: its share, its own prediction, and whether the contributions are this member's."""

    model: str
    share: float = Field(description="weight among the members', from 0 to 1")
    probability: float
    explained: bool


class PredictionAnswer(ApiAnswer):
    """A model's prediction for one hashtag at one time."""

    hashtag: str
    at: datetime
    model_id: str
    rank: int | None = Field(description="null when there is too little of the tag to rank it")
    rank_score: float | None
    probability: float = Field(description="chance that its growth over the next 24 h is among the top 5 %")
    lower: float | None = Field(description="lower end of the 80 % interval")
    upper: float | None
    growth_p10: float | None
    growth_p50: float | None
    growth_p90: float | None
    alerted: bool
    contributions: list[ContributionAnswer]
    moved_by: str | None = Field(
        None,
        description="the three things that moved it, in words that pass the grounding rules; in lists null for "
        "hashtags that were neither ranked nor alerted",
    )
    members: list[MemberAnswer] = Field([], description="of a blend, what each member says; empty for another model")
    feature_set: str


class PredictRequest(BaseModel):
    """The hashtags to score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hashtags: list[Annotated[str, Field(min_length=1, max_length=150)]] = Field(
        min_length=1, max_length=1000, description="without #; case does not matter"
    )


class ScoredHashtagAnswer(ApiAnswer):
    """The champion's prediction for one hashtag now, from its newest features."""

    hashtag: str
    at: datetime = Field(description="end of the window its newest features belong to")
    probability: float = Field(description="chance that its growth over the next 24 h is among the top 5 %")
    lower: float | None = Field(description="lower end of the 80 % interval")
    upper: float | None
    growth_p10: float | None
    growth_p50: float | None
    growth_p90: float | None
    contributions: list[ContributionAnswer]
    moved_by: str | None
    members: list[MemberAnswer] = Field([], description="of a blend, what each member says; empty for another model")


class ScoredAnswer(ApiAnswer):
    """The answer to a `PredictRequest`, in the order of its hashtags."""

    model_id: str
    items: list[ScoredHashtagAnswer]
    unknown: list[str] = Field(description="hashtags of which nothing was measured in the last six hours")


class OutcomeAnswer(ApiAnswer):
    """The growth of a hashtag in the 24 h after a time."""

    at: datetime
    growth_24h: float
    viral: bool
    surged_at: datetime | None
    resolved_at: datetime | None


class CallAnswer(ApiAnswer):
    """A past prediction that was in the top ten or alerted, and its outcome."""

    hashtag: str
    at: datetime
    model_id: str
    rank: int | None
    probability: float
    lower: float | None
    upper: float | None
    alerted: bool
    first_call: bool = Field(description="the tag was not called in the 24 h before")
    outcome: Literal["hit", "miss", "open", "unknown"] = Field(
        description="open: the 24 h are not over; unknown: too few readings to tell"
    )
    growth_24h: float | None
    surged_at: datetime | None
    surged_after_h: float | None
    resolved_at: datetime | None
