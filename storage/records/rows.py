"""Rows of jobs, events, units, models, narratives, figures, alerts and improvement; tables and answers inherit them.

A class `...Record` holds the fields that the HTTP interface answers with, `...Row` all that callers see.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import isnan
from typing import Any, Literal, NamedTuple

from sqlalchemy import JSON
from sqlmodel import Field
from sqlmodel.sql.sqltypes import AutoString

from storage.records.stored import StoredRecord

JobStatus = Literal["running", "completed", "failed", "skipped"]
NarrativeStatus = Literal["template", "accepted", "rejected"]
AlertKind = Literal["emerging_trend", "failure", "drift", "daily_summary"]
AlertStatus = Literal["pending", "sent", "failed"]

ELSEWHERE = "elsewhere"
"""Purpose of units that the account was charged for calls outside the ledger."""


class JobRecord(StoredRecord):
    """One run of a job for one slot of its cadence."""

    job: str = Field(primary_key=True)
    slot: datetime = Field(primary_key=True)
    status: JobStatus = Field(sa_type=AutoString)
    owner: str = Field(description="the process that runs it, or ran it last")
    attempts: int
    started_at: datetime
    finished_at: datetime | None = None
    error: str | None = Field(default=None, description="why it failed or was skipped, in one line")


class JobRow(JobRecord):
    """A run with its result, or with the whole traceback of its failure."""

    result: Mapping[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    traceback: str | None = Field(default=None, description="of an unexpected failure; null otherwise")


class EventRow(StoredRecord):
    """One `core.events.Event` as stored."""

    seq: int = Field(primary_key=True, description="rises in the order of writing")
    event_id: str = Field(unique=True)
    kind: str = Field(index=True)
    agent: str
    at: datetime = Field(index=True)
    subject: str
    detail: Mapping[str, Any] = Field(sa_type=JSON)


class BudgetRow(NamedTuple):
    """What one purpose spent on one endpoint in a day.

    Parameters
    ----------
    requests: calls
    units: EnsembleData units charged, or reserved where the charge is not known
    in_doubt: the reserved ones among them
    """

    purpose: str
    endpoint: str
    requests: int
    units: int
    in_doubt: int = 0


class ModelRow(StoredRecord):
    """One trained model."""

    model_id: str = Field(primary_key=True)
    kind: str = Field(description="family of the model: logistic, boosted, ...")
    created_at: datetime = Field(description="when it was trained, on the installation's clock")
    training_set: Mapping[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="name, Delta versions, content hash, rows, start, end"
    )
    features: Sequence[str] = Field(default=(), sa_type=JSON, description="names of its features, in order")
    metrics: Mapping[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="figure -> value on held-out data"
    )
    importance: Mapping[str, Any] = Field(default_factory=dict, sa_type=JSON, description="feature -> importance")
    environment: Mapping[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="versions of the software that trained it"
    )
    data_hash: str = Field(default="", description="hash of the rows it was trained on")


class NarrativeRecord(StoredRecord):
    """A prediction explained in words, with the ids of the measurements it cites."""

    narrative_id: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    hashtag: str = Field(index=True)
    text: str = Field(description="its bullets, a line each")
    cites: Sequence[str] = Field(sa_type=JSON)
    status: NarrativeStatus = Field(
        sa_type=AutoString,
        description="accepted: written by a language model; template: filled in from the figures; rejected: not shown",
    )
    prompt_version: str = Field(description="id of the prompt")
    model: str = Field(default="", description="the language model that wrote it; empty for a template")


class NarrativeRow(NarrativeRecord):
    """A narrative with the evidence it stands on and the rules it broke."""

    violations: Sequence[Mapping[str, Any]] = Field(default=(), sa_type=JSON)
    evidence: Mapping[str, Any] = Field(default_factory=dict, sa_type=JSON)
    bullets: Sequence[Mapping[str, Any]] = Field(default=(), sa_type=JSON, description="{text, cites} of each line")


class KpiRow(StoredRecord):
    """One figure of one model over a period, with its 95 % interval and the number of rows it rests on."""

    computed_at: datetime = Field(index=True, description="names the set of figures it belongs to")
    period_start: datetime = Field(description="first time of the predictions it was computed over")
    period_end: datetime
    model: str = Field(description="champion, or the name of a baseline")
    scope: str = Field(
        description="all; early: surges at least 6 h ahead; detection: 6 h after it; unseen: new since training"
    )
    name: str
    value: float | None = Field(description="null when it can't be computed")
    lower: float | None = None
    upper: float | None = None
    n: int = Field(default=0, description="number of rows it rests on")


class AlertRecord(StoredRecord):
    """A message to people and what became of it."""

    key: str = Field(unique=True, description="keeps the alert from being raised twice")
    kind: AlertKind = Field(sa_type=AutoString)
    hashtag: str | None = None
    raised_at: datetime
    title: str
    body: str
    status: AlertStatus = Field(default="pending", sa_type=AutoString, index=True)
    attempts: int = 0
    receipt: str | None = Field(default=None, description="answer of the channel it was sent to")
    sent_at: datetime | None = None


class AlertRow(AlertRecord):
    """An alert with what it was raised on."""

    detail: Mapping[str, Any] = Field(default_factory=dict, sa_type=JSON)


class BacklogRow(StoredRecord):
    """One thing to improve, in the template of the improvement loop."""

    title: str = Field(unique=True)
    category: str
    trigger: str
    hypothesis: str
    success_metric: str
    target_delta: str
    owner: str
    review_date: date
    status: str
    created_at: datetime


class ChangeRow(StoredRecord):
    """One entry of the change log: what was changed in the running system, and on what evidence."""

    change_id: str = Field(unique=True)
    at: datetime
    kind: str
    title: str
    evidence: Mapping[str, Any] = Field(default_factory=dict, sa_type=JSON)


def kpi_set(computed_at: datetime, rows: Sequence[KpiRow]) -> list[KpiRow]:
    """Return the rows of one set, NaN as null; a row of another set is a ValueError."""
    for row in rows:
        if row.computed_at != computed_at:
            raise ValueError(f"the figure {row.name} of {row.computed_at} is not in the set of {computed_at}")
    return [row.changed(value=_finite(row.value), lower=_finite(row.lower), upper=_finite(row.upper)) for row in rows]


def narrative_set(at: datetime, rows: Sequence[NarrativeRow]) -> list[NarrativeRow]:
    """Return the narratives of one time; one of another time, or an id twice, is a ValueError."""
    for row in rows:
        if row.at != at:
            raise ValueError(f"the narrative {row.narrative_id} of {row.at} is not in the set of {at}")
    if len({row.narrative_id for row in rows}) < len(rows):
        raise ValueError(f"two narratives of {at} have the same id")
    return list(rows)


def _finite(value: float | None) -> float | None:
    return None if value is None or isnan(value) else float(value)
