"""Gathers the facts of the daily status summary."""

from collections.abc import Mapping
from datetime import datetime

from core.windows import DAY, HOUR
from pipelines.improvement.improve import DayFacts
from storage.lake.interface import Lake
from storage.records.interface import Records

JOBS_A_DAY = 200


def day_facts(
    lake: Lake, records: Records, now: datetime, units_cap: int, missed: Mapping[str, int] | None
) -> DayFacts:
    """The facts of the day that ends at `now`.

    Parameters
    ----------
    units_cap: EnsembleData units a UTC day
    missed: surges missed in the period, by category; None when they are not known
    """
    champion = records.alias("champion") or "no champion"
    latest = records.last_slot("predict") or now
    predictions = lake.read("predictions", start=latest - HOUR, end=latest, columns=["model_id"])
    return DayFacts(
        now=now,
        champion=champion,
        scored=int((predictions["model_id"] == champion).sum()),
        alerts=sum(row.raised_at > now - DAY for row in records.alerts(limit=JOBS_A_DAY)),
        units_used=records.used((now - HOUR).date()),
        units_cap=units_cap,
        failed_jobs=[
            row.job for row in records.jobs(limit=JOBS_A_DAY) if row.status == "failed" and row.slot > now - DAY
        ],
        kpis=records.kpis(),
        missed=missed,
    )
