"""What agents tell the world: the taxonomy of events and their record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import xxhash

from core.windows import require_utc


class EventKind(StrEnum):
    """Every kind of event there is."""

    INGEST_START = "INGEST_START"
    INGEST_DONE = "INGEST_DONE"
    METRIC_DONE = "METRIC_DONE"
    FEATURES_DONE = "FEATURES_DONE"
    SEMANTIC_DONE = "SEMANTIC_DONE"
    CLUSTER_BORN = "CLUSTER_BORN"
    CLUSTER_SPLIT = "CLUSTER_SPLIT"
    CLUSTER_MERGED = "CLUSTER_MERGED"
    CLUSTER_GONE = "CLUSTER_GONE"
    PROMPT_UPDATE = "PROMPT_UPDATE"
    PREDICTION_DONE = "PREDICTION_DONE"
    EVALUATION_DONE = "EVALUATION_DONE"
    DRIFT_ALERT = "DRIFT_ALERT"
    BACKLOG_ADDED = "BACKLOG_ADDED"
    RETRAIN_REQUESTED = "RETRAIN_REQUESTED"
    MODEL_PROMOTED = "MODEL_PROMOTED"
    MODEL_ROLLED_BACK = "MODEL_ROLLED_BACK"
    GATE_REFUSED = "GATE_REFUSED"
    ALERT_SENT = "ALERT_SENT"
    ALERT_FAILED = "ALERT_FAILED"
    JOB_START = "JOB_START"
    JOB_DONE = "JOB_DONE"
    JOB_FAILED = "JOB_FAILED"
    JOB_SKIPPED = "JOB_SKIPPED"
    AGENT_STARTED = "AGENT_STARTED"


@dataclass(frozen=True)
class Event:
    """One thing that happened, written once: the same kind, agent, slot and subject is the same event.

    Parameters
    ----------
    kind: what happened
    agent: who says so, in lower case
    at: when, on the installation's clock, UTC
    subject: what tells two events of one kind, agent and time apart (a tag, a job); may be empty
    detail: JSON-able facts: counts, durations in seconds, addresses of tables, process ids
    """

    kind: EventKind
    agent: str
    at: datetime
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_utc(self.at)

    @property
    def event_id(self) -> str:
        """A name that stays the same when the event is told again."""
        return xxhash.xxh64_hexdigest(f"{self.kind}|{self.agent}|{self.at.isoformat()}|{self.subject}")
