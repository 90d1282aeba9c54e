"""`groundswell status`: the state of an installation and the runs of its jobs, whether it is running or not."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from cli.shared.installation import require_home
from cli.shared.stores import lake_of, running
from configs.cadence import load_cadence
from configs.settings import Settings
from core.errors import UsageError
from storage.records.sql.records import SqlRecords

ALL_SLOTS = 1_000_000


def installation_status(settings: Settings) -> dict[str, Any]:
    """Return facts about the installation in the settings' home; UsageError when there is none."""
    lake = lake_of(settings)
    records = SqlRecords(settings.records_url)
    clock, progress, agents = (records.value(name) or {} for name in ("clock", "progress", "agents"))
    now = datetime.fromisoformat(clock["now"]) if clock else datetime.now(UTC)
    failed = [row for row in records.jobs(limit=500) if row.status == "failed"]
    facts: dict[str, Any] = {
        "home": str(settings.home.resolve()),
        "running": f"yes, process {pid}" if (pid := running(settings.home)) else "no",
        "clock": f"{now:%Y-%m-%d %H:%M} UTC{' (virtual)' if clock.get('virtual') else ''}",
        "source": (records.value("source") or {}).get("kind", "none yet"),
        "progress": f"{progress.get('done_days', 0):.1f} of {progress.get('total_days', 0):.0f} days"
        if progress
        else "–",
        "champion": records.alias("champion") or "none yet",
        "units today": f"{records.used(now.date())} of {settings.source.units_per_day}",
        "failed jobs": len(failed),
        "agents": ", ".join(f"{name} {row['pid']} ({row['restarts']} restarts)" for name, row in agents.items())
        or "none",
    }
    for row in lake.statistics():
        if row.version >= 0:
            facts[row.table] = (
                f"{row.rows:,} rows, {row.files} files, {row.size / 1e6:.1f} MB, to {row.last:%Y-%m-%d %H:%M}"
            )
    records.close()
    return facts


def job_runs(settings: Settings, job: str, slot: datetime | None, last: int) -> list[dict[str, Any]]:
    """Return the newest runs of a job, newest first; times are ISO 8601.

    Parameters
    ----------
    slot: return the run of this slot only
    last: largest number of runs

    Raises
    ------
    UsageError: there is no installation, no such job, or no run of that slot
    """
    require_home(settings)
    with closing(SqlRecords(settings.records_url)) as records:
        rows = records.jobs(job=job, limit=ALL_SLOTS if slot else last)
    names = [entry.name for entry in load_cadence(settings.cadence)]
    if not rows and job not in names:
        raise UsageError(f"there is no job {job!r}; there are {', '.join(names)}")
    if slot is not None:
        rows = [row for row in rows if row.slot == slot]
        if not rows:
            raise UsageError(f"job {job} has no run of the slot {slot:%Y-%m-%dT%H:%M}")
    return [{name: _plain(value) for name, value in row.model_dump().items()} for row in rows]


def run_lines(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines that show runs to people."""
    if not runs:
        yield "this job has not run yet"
    for run in runs:
        attempts = f"{run['attempts']} attempt{'' if run['attempts'] == 1 else 's'}"
        yield f"{run['slot']}  {run['status']}, {attempts}" + (f": {run['error']}" if run["error"] else "")
        for line in (run["traceback"] or "").splitlines():
            yield f"    {line}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
