"""Events that agents emit: their kinds, and the record of one event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import xxhash

from core.windows import require_utc


class EventKind(StrEnum):
    """All kinds of event."""

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
    """One thing that happened. Two events with the same kind, agent, time and subject are the same event.

    Parameters
    ----------
    kind: what happened
    agent: name of the agent that emits it, in lower case
    at: when it happened, on the installation's clock, UTC
    subject: what distinguishes events of one kind, agent and time (a hashtag, a job); may be empty
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
        """Identifier that stays the same when the event is emitted again."""
        return xxhash.xxh64_hexdigest(f"{self.kind}|{self.agent}|{self.at.isoformat()}|{self.subject}")
