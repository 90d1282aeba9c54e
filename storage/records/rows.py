"""The records as callers see them: frozen rows, all times aware UTC, JSON already decoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date, datetime
from math import isnan
from typing import Any, Literal, NamedTuple

from storage.records.json_text import from_json, to_json

JobStatus = Literal["running", "completed", "failed", "skipped"]
NarrativeStatus = Literal["template", "accepted", "rejected"]
AlertKind = Literal["emerging_trend", "failure", "drift", "daily_summary"]
AlertStatus = Literal["pending", "sent", "failed"]

ELSEWHERE = "elsewhere"
"""Purpose of units that the account was charged and the ledger knows no call for."""


@dataclass(frozen=True)
class JobRow:
    """One run of a job for one slot of its cadence.

    Parameters
    ----------
    owner: the process that runs it, or ran it last
    error: why it failed or was skipped, in one line
    traceback: the whole traceback of an unexpected failure; null otherwise
    """

    job: str
    slot: datetime
    status: JobStatus
    owner: str
    attempts: int
    started_at: datetime
    finished_at: datetime | None = None
    result: Mapping[str, Any] | None = None
    error: str | None = None
    traceback: str | None = None


@dataclass(frozen=True)
class EventRow:
    """One `core.events.Event` as stored; `seq` rises in the order of writing."""

    seq: int
    event_id: str
    kind: str
    agent: str
    at: datetime
    subject: str
    detail: Mapping[str, Any]


class BudgetRow(NamedTuple):
    """What one purpose spent on one endpoint in a day.

    Parameters
    ----------
    requests: calls
    units: EnsembleData units charged, or reserved where nobody knows the charge
    in_doubt: the reserved ones among them
    """

    purpose: str
    endpoint: str
    requests: int
    units: int
    in_doubt: int = 0


@dataclass(frozen=True)
class ModelRow:
    """One trained model.

    Parameters
    ----------
    model_id: its name for ever
    kind: champion family: logistic, boosted, ...
    created_at: when it was trained, on the installation's clock
    training_set: name, delta versions, content hash, rows, start, end
    features: names of its features, in order
    metrics: figure -> value on held-out data
    importance: feature -> importance
    environment: versions of what trained it
    data_hash: hash of the rows it was trained on
    """

    model_id: str
    kind: str
    created_at: datetime
    training_set: Mapping[str, Any] = field(default_factory=dict)
    features: Sequence[str] = ()
    metrics: Mapping[str, Any] = field(default_factory=dict)
    importance: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    data_hash: str = ""


@dataclass(frozen=True)
class NarrativeRow:
    """One explanation in words, with the ids it cites, the evidence they stand in and what the gate said.

    Parameters
    ----------
    text: its bullets, a line each
    status: accepted: a language model wrote it; template: filled in from the figures; rejected: not to be shown
    prompt_version: id of the prompt
    bullets: {text, cites} of each line
    model: the language model that wrote it; empty for a template
    """

    narrative_id: str
    at: datetime
    hashtag: str
    text: str
    cites: Sequence[str]
    status: NarrativeStatus
    prompt_version: str
    violations: Sequence[Mapping[str, Any]] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    bullets: Sequence[Mapping[str, Any]] = ()
    model: str = ""


@dataclass(frozen=True)
class KpiRow:
    """One figure of one model over a period, with its 95 % interval and the rows it rests on.

    Parameters
    ----------
    computed_at: the set it belongs to
    period_start, period_end: anchors it was computed over
    model: champion, or the baseline's name
    scope: all, early (surges at least 6 h ahead), detection (6 h after first detection), unseen (new since training)
    name: name of the figure
    value, lower, upper: the figure and its interval; null when it can't be computed
    n: rows it rests on
    """

    computed_at: datetime
    period_start: datetime
    period_end: datetime
    model: str
    scope: str
    name: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    n: int = 0


@dataclass(frozen=True)
class AlertRow:
    """One message to people; `key` keeps it from being raised twice, `receipt` is what the channel answered."""

    key: str
    kind: AlertKind
    raised_at: datetime
    title: str
    body: str
    hashtag: str | None = None
    status: AlertStatus = "pending"
    attempts: int = 0
    receipt: str | None = None
    sent_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BacklogRow:
    """One thing to improve, in the template of the improvement loop; the title is unique."""

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


@dataclass(frozen=True)
class ChangeRow:
    """One entry of the change log: what was changed in the running system, and on what evidence."""

    change_id: str
    at: datetime
    kind: str
    title: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def kpi_set(computed_at: datetime, rows: Sequence[KpiRow]) -> list[KpiRow]:
    """Return the rows of one set, NaN as null; a row of another set is a ValueError."""
    for row in rows:
        if row.computed_at != computed_at:
            raise ValueError(f"the figure {row.name} of {row.computed_at} is none of the set of {computed_at}")
    return [replace(row, value=_known(row.value), lower=_known(row.lower), upper=_known(row.upper)) for row in rows]


def narrative_set(at: datetime, rows: Sequence[NarrativeRow]) -> list[NarrativeRow]:
    """Return the narratives of one time; one of another time, or an id twice, is a ValueError."""
    for row in rows:
        if row.at != at:
            raise ValueError(f"the narrative {row.narrative_id} of {row.at} is none of {at}")
    if len({row.narrative_id for row in rows}) < len(rows):
        raise ValueError(f"two narratives of {at} have the same id")
    return list(rows)


def _known(value: float | None) -> float | None:
    return None if value is None or isnan(value) else float(value)


def plain(value: Any) -> Any:
    """Return JSON as a database would give it back; of a row, the row with its JSON fields so."""
    if not is_dataclass(value) or isinstance(value, type):
        return from_json(to_json(value))
    held = {name: entry for name, entry in vars(value).items() if isinstance(entry, Mapping | list | tuple)}
    return replace(value, **{name: plain(entry) for name, entry in held.items()})
