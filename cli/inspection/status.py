"""`groundswell status`: the state of an installation, running or not."""

from datetime import UTC, datetime
from typing import Any

from cli.shared.stores import lake_of, running
from configs.settings import Settings
from storage.records.sql.records import SqlRecords


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
