"""HTTP answers about risks, and about one hashtag with all its judgements."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from serve.api.hashtag_schemas import MeasurementAnswer, TrendAnswer
from serve.api.narrative_schemas import NarrativeAnswer
from serve.api.prediction_schemas import OutcomeAnswer, PredictionAnswer
from serve.api.schemas import ApiAnswer
from serve.reading.state import Freshness
from storage.records.rows_judgements import CounterfactualRecord


class RiskSignalAnswer(ApiAnswer):
    """One signal of the boosting rule."""

    name: str
    value: float | None = Field(description="null where it is not known")
    limit: float = Field(description="it fires from there on")
    points: int
    fired: bool


class RiskAnswer(ApiAnswer):
    """Whether a hashtag looks artificially boosted, by the rule and, separately, by the language model."""

    hashtag: str
    at: datetime
    rule_flagged: bool = Field(description="looks boosted (rule): a score of 0.75 or more")
    rule_score: float = Field(description="share of the rule's points, 0 to 1; no probability")
    rule_signals: list[RiskSignalAnswer]
    model_view: Literal["boosted", "organic", "unclear"] | None = Field(
        description="what the language model thinks; null without one, or where its answer was refused"
    )
    model_reason: str | None
    model: str | None = Field(description="the language model that was asked")


class HashtagAnswer(ApiAnswer):
    """The measurements, predictions and texts of one hashtag over the last 30 days, and its newest judgements."""

    hashtag: str
    first_detected_at: datetime | None
    now: TrendAnswer | None
    metrics: list[MeasurementAnswer]
    predictions: list[PredictionAnswer]
    outcomes: list[OutcomeAnswer]
    narratives: list[NarrativeAnswer]
    snapshot_id: str
    data_freshness: Freshness
    risk: RiskAnswer | None = Field(description="null where it was neither flagged nor among the ten best ranked")
    counterfactuals: list[CounterfactualRecord]
