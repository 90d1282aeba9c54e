"""HTTP answers about the installation itself."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from serve.api.schemas import ApiAnswer
from serve.reading.state import AgentState, ClockMode, Freshness, SourceState, StartProgress
from storage.records.rows import JobRecord


class AgentAnswer(ApiAnswer):
    """One of the nine agents."""

    name: str
    state: AgentState
    pid: int | None
    restarts: int
    started_at: datetime | None
    last_event: str | None
    last_event_at: datetime | None
    last_job: str | None
    last_job_status: str | None
    last_job_at: datetime | None
    last_job_error: str | None


class UnitsAnswer(ApiAnswer):
    """EnsembleData units of the day."""

    day: date
    used: int
    cap: int | None
    by_endpoint: list[dict[str, Any]]


class StatusAnswer(ApiAnswer):
    """How the installation is doing."""

    now: datetime
    clock: ClockMode
    source: SourceState
    agents: list[AgentAnswer]
    jobs: list[JobRecord]
    progress: StartProgress | None
    units: UnitsAnswer
    champion: str | None
    trained: bool
    latency_s: dict[str, float] = Field(description="table -> median seconds from a reading to its row there")
    versions: dict[str, int]
    software: dict[str, str]
    snapshot_id: str
    data_freshness: Freshness


class HealthAnswer(ApiAnswer):
    """Whether this process answers."""

    status: Literal["ok"]
    charts: bool = Field(description="whether the pages' JavaScript was fetched")
    detail: str
