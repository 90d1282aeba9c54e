"""The records' tables. Their columns carry the names of the fields of `storage.records.rows`.

The database is made and changed by `migrations` alone; a test holds these classes and the migrated database together.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, MetaData, Table
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime


class StoredRecord(SQLModel):
    """The base of all tables, with metadata of their own."""

    metadata = MetaData()


class JobTable(StoredRecord, table=True):
    """One job and slot."""

    __tablename__ = "jobs"

    job: str = Field(primary_key=True)
    slot: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    status: str
    owner: str
    attempts: int
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    error: str | None = None
    traceback: str | None = None


class EventTable(StoredRecord, table=True):
    """One event of the log."""

    __tablename__ = "events"

    seq: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(unique=True)
    kind: str = Field(index=True)
    agent: str
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    subject: str
    detail: dict[str, Any] = Field(sa_type=JSON)


class UnitTable(StoredRecord, table=True):
    """One request in the ledger of units."""

    __tablename__ = "units"

    request_id: str = Field(primary_key=True)
    day: date = Field(index=True)
    purpose: str
    agent: str
    endpoint: str
    estimate: int
    charged: int | None = None
    reserved_at: datetime = Field(sa_type=UTCDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ModelTable(StoredRecord, table=True):
    """One trained model."""

    __tablename__ = "models"

    model_id: str = Field(primary_key=True)
    kind: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    training_set: dict[str, Any] = Field(sa_type=JSON)
    features: list[str] = Field(sa_type=JSON)
    metrics: dict[str, Any] = Field(sa_type=JSON)
    importance: dict[str, Any] = Field(sa_type=JSON)
    environment: dict[str, Any] = Field(sa_type=JSON)
    data_hash: str


class AliasTable(StoredRecord, table=True):
    """A name given to a model."""

    __tablename__ = "aliases"

    name: str = Field(primary_key=True)
    model_id: str
    set_at: datetime = Field(sa_type=UTCDateTime)


class NarrativeTable(StoredRecord, table=True):
    """One explanation in words."""

    __tablename__ = "narratives"

    narrative_id: str = Field(primary_key=True)
    position: int
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    hashtag: str = Field(index=True)
    text: str
    cites: list[str] = Field(sa_type=JSON)
    status: str
    prompt_version: str
    violations: list[dict[str, Any]] = Field(sa_type=JSON)
    evidence: dict[str, Any] = Field(sa_type=JSON)
    bullets: list[dict[str, Any]] = Field(sa_type=JSON)
    model: str


class PromptTable(StoredRecord, table=True):
    """One version of one prompt."""

    __tablename__ = "prompts"

    id: int | None = Field(default=None, primary_key=True)
    prompt_id: str = Field(unique=True)
    name: str
    version: int
    digest: str
    source: str
    content: str
    added_at: datetime = Field(sa_type=UTCDateTime)


class PromptUseTable(StoredRecord, table=True):
    """What came of one prompt at one time with one model."""

    __tablename__ = "prompt_uses"

    prompt_id: str = Field(primary_key=True)
    at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    model: str = Field(primary_key=True)
    asked: int
    accepted: int
    refused: int
    unanswered: int
    violations: dict[str, int] = Field(sa_type=JSON)
    seconds: float
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class PromptAnswerTable(StoredRecord, table=True):
    """One answer of a language model with what it was asked."""

    __tablename__ = "prompt_answers"

    id: int | None = Field(default=None, primary_key=True)
    answer_id: str = Field(unique=True)
    name: str = Field(index=True)
    prompt_id: str
    model: str
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    case: dict[str, Any] = Field(sa_type=JSON)
    text: str
    accepted: bool
    problems: list[str] = Field(sa_type=JSON)


class FeedbackTable(StoredRecord, table=True):
    """What a person decided about a narrative."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    narrative_id: str = Field(index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    decision: str
    prompt_id: str
    model: str
    judged: str
    text: str
    reason: str
    violations: list[dict[str, Any]] = Field(sa_type=JSON)


class AlertTable(StoredRecord, table=True):
    """One message to people."""

    __tablename__ = "alerts"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    raised_at: datetime = Field(sa_type=UTCDateTime)
    title: str
    body: str
    hashtag: str | None = None
    status: str = Field(index=True)
    attempts: int
    receipt: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    detail: dict[str, Any] = Field(sa_type=JSON)


class KpiTable(StoredRecord, table=True):
    """One figure of one model."""

    __tablename__ = "kpis"

    id: int | None = Field(default=None, primary_key=True)
    computed_at: datetime = Field(sa_type=UTCDateTime, index=True)
    period_start: datetime = Field(sa_type=UTCDateTime)
    period_end: datetime = Field(sa_type=UTCDateTime)
    model: str
    scope: str
    name: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int


class BacklogTable(StoredRecord, table=True):
    """One thing to improve."""

    __tablename__ = "backlog"

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(unique=True)
    category: str
    trigger: str
    hypothesis: str
    success_metric: str
    target_delta: str
    owner: str
    review_date: date
    status: str
    created_at: datetime = Field(sa_type=UTCDateTime)


class ChangeTable(StoredRecord, table=True):
    """One entry of the change log."""

    __tablename__ = "changes"

    id: int | None = Field(default=None, primary_key=True)
    change_id: str = Field(unique=True)
    at: datetime = Field(sa_type=UTCDateTime)
    kind: str
    title: str
    evidence: dict[str, Any] = Field(sa_type=JSON)


class ValueTable(StoredRecord, table=True):
    """One remembered value, as JSON text: SQLite would turn a bare number in a JSON column into one of its own."""

    __tablename__ = "values"

    key: str = Field(primary_key=True)
    value: str
    updated_at: datetime = Field(sa_type=UTCDateTime)


class RiskTable(StoredRecord, table=True):
    """Whether a hashtag looked boosted at a time, by the rule and by the language model."""

    __tablename__ = "risks"

    at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    position: int = Field(primary_key=True)
    hashtag: str = Field(index=True)
    flagged: bool
    score: float
    signals: list[dict[str, Any]] = Field(sa_type=JSON)
    model: str | None = None
    model_view: str | None = None
    model_reason: str | None = None
    prompt_version: str | None = None
    cites: list[str] = Field(sa_type=JSON)
    evidence: dict[str, Any] = Field(sa_type=JSON)


class CounterfactualTable(StoredRecord, table=True):
    """What a model would have said, had one figure been another."""

    __tablename__ = "counterfactuals"

    at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    position: int = Field(primary_key=True)
    hashtag: str = Field(index=True)
    model_id: str
    feature: str
    value_from: float
    value_to: float
    moved: dict[str, Any] = Field(sa_type=JSON)
    probability_from: float
    probability_to: float
    text: str
    cites: list[str] = Field(sa_type=JSON)
    status: str
    prompt_version: str
    evidence: dict[str, Any] = Field(sa_type=JSON)


class CollisionTable(StoredRecord, table=True):
    """Two themes near in meaning that went different ways at a time."""

    __tablename__ = "collisions"

    at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    position: int = Field(primary_key=True)
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
    cites: list[str] = Field(sa_type=JSON)
    status: str
    prompt_version: str
    evidence: dict[str, Any] = Field(sa_type=JSON)


def table_of(model: type[StoredRecord]) -> Table:
    """Return the table of a class, for statements."""
    table: Table = model.metadata.tables[str(model.__tablename__)]
    return table
