"""What is thought about hashtags beside the predictions: risks, counterfactuals, collisions. Rows and their store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from storage.records.rows import NarrativeStatus

ModelView = Literal["boosted", "organic", "unclear"]
MANY = 500


@dataclass(frozen=True)
class RiskRow:
    """Whether a hashtag looks boosted, by the rule and, apart from it, by the language model.

    Parameters
    ----------
    flagged, score, signals: the rule's view, as `core.judgements.boosting` has it
    model, model_view, model_reason, prompt_version: the language model, what it thinks and why; null without one
    cites, evidence: what the reason stands on
    """

    at: datetime
    hashtag: str
    flagged: bool
    score: float
    signals: Sequence[Mapping[str, Any]]
    model: str | None = None
    model_view: ModelView | None = None
    model_reason: str | None = None
    prompt_version: str | None = None
    cites: Sequence[str] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CounterfactualRow:
    """What a model would have said of a hashtag, had one figure been another.

    Parameters
    ----------
    model_id: the model asked
    feature, value_from, value_to: the figure, as it was and as it was put
    moved: every feature that was changed with it, feature -> value
    probability_from: the model's stored prediction
    probability_to: its answer
    text, cites, evidence, status, prompt_version: the same in words, as in `NarrativeRow`
    """

    at: datetime
    hashtag: str
    model_id: str
    feature: str
    value_from: float
    value_to: float
    moved: Mapping[str, float]
    probability_from: float
    probability_to: float
    text: str
    cites: Sequence[str]
    status: NarrativeStatus
    prompt_version: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CollisionRow:
    """Two themes near in meaning, one of which rises while the other falls.

    Parameters
    ----------
    rising, falling: cluster ids
    rising_label, falling_label: their names
    rising_tag, falling_tag: the hashtag of each that gained most views
    similarity: cosine of their centroids
    rising_change, falling_change: views an hour in the last 24 h over those in the 24 h before, less 1
    text, cites, evidence, status, prompt_version: the same in words, as in `NarrativeRow`
    """

    at: datetime
    rising: str
    falling: str
    rising_label: str
    falling_label: str
    rising_tag: str
    falling_tag: str
    similarity: float
    rising_change: float
    falling_change: float
    text: str
    cites: Sequence[str]
    status: NarrativeStatus
    prompt_version: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


J = TypeVar("J", RiskRow, CounterfactualRow, CollisionRow)


class JudgementRecords(Protocol):
    """Risks, counterfactuals and collisions, kept as sets by the time they are of."""

    def put_risks(self, at: datetime, rows: Sequence[RiskRow]) -> None:
        """Make the risks of `at` exactly `rows`."""
        ...

    def risks(
        self,
        *,
        at: datetime | None = None,
        hashtag: str | None = None,
        flagged: bool | None = None,
        limit: int = MANY,
    ) -> list[RiskRow]:
        """Return risks, newest first, in the order written within one time."""
        ...

    def put_counterfactuals(self, at: datetime, rows: Sequence[CounterfactualRow]) -> None:
        """Make the counterfactuals of `at` exactly `rows`."""
        ...

    def counterfactuals(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = MANY
    ) -> list[CounterfactualRow]:
        """Return counterfactuals, newest first, in the order written within one time."""
        ...

    def put_collisions(self, at: datetime, rows: Sequence[CollisionRow]) -> None:
        """Make the collisions of `at` exactly `rows`."""
        ...

    def collisions(self, *, at: datetime | None = None, limit: int = MANY) -> list[CollisionRow]:
        """Return collisions, newest first, in the order written within one time."""
        ...

    def drop_judgements(self, before: datetime) -> None:
        """Delete all three of times earlier than `before`."""
        ...


def of_one_time(at: datetime, rows: Sequence[J]) -> list[J]:
    """Return the rows of one time; one of another time is a ValueError."""
    for row in rows:
        if row.at != at:
            raise ValueError(f"a {type(row).__name__} of {row.at} is none of {at}")
    return list(rows)
