"""Facts about an installation from its records: its clock, source, progress, agents and jobs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

from serve.reading.snapshot import AgentProcess
from serve.reading.state import AgentState, ClockMode, SourceState, StartProgress
from storage.records.interface import Records
from storage.records.rows import JobRow

_STATES: Mapping[Any, AgentState] = {state: state for state in get_args(AgentState)}


def clock(records: Records, wall: datetime) -> tuple[datetime, ClockMode]:
    """Return the installation's time and clock: its own when that is virtual, else the time of day."""
    value = _mapping(records, "clock")
    real = value.get("mode") == "real" or value.get("virtual") is False
    if "now" not in value or real:
        return wall, "real"
    return as_time(value["now"]), "virtual"


def source(records: Records) -> SourceState:
    """Return where posts come from."""
    value = _mapping(records, "source")
    return SourceState.model_validate(value) if value else SourceState(kind="unknown", simulated=False)


def progress(records: Records) -> StartProgress | None:
    """Return how far the first days have been played; None before they began."""
    value = _mapping(records, "progress")
    return StartProgress.model_validate(value) if value else None


def processes(records: Records) -> dict[str, AgentProcess]:
    """Return the last known process of each agent, by name."""
    return {
        name: AgentProcess(_STATES.get(row.get("state"), "unknown"), row.get("pid"), int(row.get("restarts") or 0))
        for name, row in _mapping(records, "agents").items()
        if isinstance(row, Mapping)
    }


def latest_jobs(records: Records, job_agents: Mapping[str, str], newest_jobs: Sequence[JobRow]) -> dict[str, JobRow]:
    """Return the newest run of any job of each agent.

    Parameters
    ----------
    newest_jobs: some runs, newest slot first; only jobs that have none among them are looked up
    """
    newest_by_job = {row.job: row for row in reversed(newest_jobs)}
    latest: dict[str, JobRow] = {}
    for job, agent in job_agents.items():
        for row in [newest_by_job[job]] if job in newest_by_job else records.jobs(job=job, limit=1):
            if agent not in latest or row.started_at > latest[agent].started_at:
                latest[agent] = row
    return latest


def as_time(value: Any) -> datetime:
    """Return a stored time as an aware UTC datetime."""
    parsed = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def _mapping(records: Records, key: str) -> Mapping[str, Any]:
    value = records.value(key)
    return value if isinstance(value, Mapping) else {}
