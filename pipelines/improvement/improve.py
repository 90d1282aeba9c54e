"""The daily look back: what to improve, whether to retrain, and a status summary in plain sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.evaluation.drift import DriftLevel
from pipelines.improvement.backlog import found_tasks, seed_backlog
from pipelines.improvement.misses import Miss
from storage.records.interface import Records
from storage.records.rows import BacklogRow, KpiRow

RETRAINED_AT = "retrained_at"
MISSED = "missed"


@dataclass(frozen=True)
class RetrainRequest:
    """A request to retrain models now, and its reason."""

    trigger: Literal["first", "cadence", "drift"]
    reason: str


@dataclass(frozen=True)
class DayFacts:
    """The facts of a status summary.

    Parameters
    ----------
    now: end of the day it speaks of
    champion: model id
    scored: hashtags in the latest predictions
    alerts: alerts raised in the 24 h before
    units_used, units_cap: EnsembleData units of the day
    failed_jobs: names of jobs that failed in the 24 h before
    kpis: the latest figures
    missed: surges missed in the period, by category; None when they are not known
    """

    now: datetime
    champion: str
    scored: int
    alerts: int
    units_used: int
    units_cap: int
    failed_jobs: Sequence[str]
    kpis: Sequence[KpiRow]
    missed: Mapping[str, int] | None


def update_backlog(records: Records, misses: Sequence[Miss], kpis: Sequence[KpiRow], now: datetime) -> list[BacklogRow]:
    """Add the initial tasks and those that misses and figures call for; return the new ones."""
    wanted = [*seed_backlog(now), *found_tasks(misses, kpis, now)]
    return [task for task in wanted if records.add_backlog(task)]


def note_missed(records: Records, misses: Sequence[Miss], slot: datetime) -> None:
    """Record how many surges were missed by category, as the look back of `slot` counts them."""
    counts = Counter(miss.category.value for miss in misses)
    records.put_value(MISSED, {"slot": slot.isoformat(), "counts": dict(counts)}, slot)


def noted_missed(records: Records, slot: datetime) -> Mapping[str, int] | None:
    """Return those counts; None where the look back of `slot` did not run."""
    value = records.value(MISSED)
    if value is None or value["slot"] != slot.isoformat():
        return None
    counts: Mapping[str, int] = value["counts"]
    return counts


def retrain_request(
    now: datetime, retrained_at: datetime | None, every: timedelta, drift: DriftLevel = "ok"
) -> RetrainRequest | None:
    """Ask to retrain if models were never trained, `every` has passed, or drift is critical a day after the last."""
    if retrained_at is None:
        return RetrainRequest("first", "no model has been trained here yet")
    age = now - retrained_at
    if drift == "critical" and age >= timedelta(days=1):
        return RetrainRequest("drift", "the features have drifted past the critical level")
    if age >= every:
        return RetrainRequest("cadence", f"the last training was {age.days} days ago")
    return None


def last_retrained(records: Records) -> datetime | None:
    """When models were last trained, on the installation's clock."""
    value = records.value(RETRAINED_AT)
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def mark_retrained(records: Records, now: datetime) -> None:
    """Record that models were trained at `now`."""
    records.put_value(RETRAINED_AT, now.isoformat(), now)


def status_lines(facts: DayFacts) -> list[str]:
    """The day's facts, one per line; unknown figures are left out."""
    own = {kpi.name: kpi for kpi in facts.kpis if kpi.model == "champion" and kpi.scope == "all"}
    return [
        f"{facts.now:%Y-%m-%d}: {facts.scored} hashtags scored by {facts.champion}",
        f"{facts.alerts} alerts raised in 24 h",
        f"{facts.units_used} of {facts.units_cap} units used today",
        *(line for line in (_figure(own, *shown) for shown in _SHOWN) if line),
        *([] if facts.missed is None else [_missed(facts.missed)]),
        f"failed jobs: {', '.join(sorted(set(facts.failed_jobs)))}" if facts.failed_jobs else "no failed jobs",
    ]


_SHOWN = (
    ("precision_at_10", "{:.0%} of the ten most probable surged"),
    ("lift", "PR-AUC is {:+.3f} against ranking by the last 24 hours' growth"),
    ("false_surge_rate", "{:.0%} of alerts did not come true"),
    ("lead_time_median_h", "true alerts came {:.1f} h before the surge (median)"),
    ("calibration_error", "probabilities are off by {:.3f} on average"),
)


def _figure(own: dict[str, KpiRow], name: str, words: str) -> str | None:
    value = own[name].value if name in own else None
    return None if value is None else words.format(value)


def _missed(counts: Mapping[str, int]) -> str:
    if not counts:
        return "no surge missed"
    most_first = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return f"{sum(counts.values())} surges missed: {', '.join(f'{n} by {name}' for name, n in most_first)}"
