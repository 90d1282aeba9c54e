"""The records in memory: the behaviour of the database, for tests and for benchmarks of other parts."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.events import Event
from storage.memory.prompts import MemoryPrompts
from storage.memory.texts import MemoryTexts
from storage.records.json_text import from_json, to_json
from storage.records.rows import ELSEWHERE, BudgetRow, EventRow, JobRow, KpiRow, ModelRow, kpi_set
from storage.records.stored import plain

DONE = ("completed", "skipped")


class MemoryRecords(MemoryTexts, MemoryPrompts):
    """`storage.records.interface.Records` in dictionaries, safe for threads.

    Examples
    --------
    >>> from datetime import UTC
    >>> records = MemoryRecords()
    >>> records.put_value("clock", "2025-05-14", datetime(2025, 5, 14, tzinfo=UTC))
    >>> records.value("clock")
    '2025-05-14'
    """

    def __init__(self) -> None:
        MemoryTexts.__init__(self)
        MemoryPrompts.__init__(self)
        self._lock = threading.RLock()
        self._jobs: dict[tuple[str, datetime], JobRow] = {}
        self._events: dict[str, EventRow] = {}
        self._units: dict[str, dict[str, Any]] = {}
        self._models: dict[str, ModelRow] = {}
        self._aliases: dict[str, str] = {}
        self._kpis: dict[datetime, list[KpiRow]] = {}
        self._values: dict[str, str] = {}

    def claim(self, job: str, slot: datetime, owner: str, alive: Callable[[str], bool], now: datetime) -> JobRow | None:
        """See `JobRecords.claim`."""
        with self._lock:
            last = self._jobs.get((job, slot))
            if last and (last.status in DONE or (last.status == "running" and alive(last.owner))):
                return None
            attempts = last.attempts + 1 if last else 1
            row = JobRow(job=job, slot=slot, status="running", owner=owner, attempts=attempts, started_at=now)
            self._jobs[job, slot] = row
            return row

    def complete(self, job: str, slot: datetime, result: Mapping[str, Any], now: datetime) -> None:
        """See `JobRecords.complete`."""
        self._finish(job, slot, status="completed", result=plain(result), finished_at=now)

    def fail(self, job: str, slot: datetime, error: str, now: datetime, traceback: str | None = None) -> None:
        """See `JobRecords.fail`."""
        self._finish(job, slot, status="failed", error=error, traceback=traceback, finished_at=now)

    def skip(self, job: str, slot: datetime, reason: str, now: datetime) -> None:
        """See `JobRecords.skip`."""
        with self._lock:
            new = JobRow(job=job, slot=slot, status="skipped", owner="", attempts=0, started_at=now)
            last = self._jobs.get((job, slot), new)
            if last.status != "completed":
                skipped = last.changed(status="skipped", error=reason, traceback=None, finished_at=now)
                self._jobs[job, slot] = skipped

    def last_slot(self, job: str) -> datetime | None:
        """See `JobRecords.last_slot`."""
        return max((row.slot for row in self._jobs.values() if row.job == job and row.status in DONE), default=None)

    def jobs(self, *, job: str | None = None, limit: int = 50) -> list[JobRow]:
        """See `JobRecords.jobs`."""
        rows = sorted((row for row in self._jobs.values() if job in (None, row.job)), key=lambda row: row.job)
        return sorted(rows, key=lambda row: row.slot, reverse=True)[:limit]

    def put_events(self, events: Sequence[Event]) -> None:
        """See `EventRecords.put_events`."""
        with self._lock:
            for event in events:
                if event.event_id not in self._events:
                    row = {name: getattr(event, name) for name in EventRow.model_fields if name != "seq"}
                    row |= {"seq": len(self._events) + 1, "kind": str(event.kind)}
                    self._events[event.event_id] = EventRow.trusted(row).plain()

    def events(
        self,
        *,
        since: datetime | None = None,
        kind: str | None = None,
        agent: str | None = None,
        limit: int = 200,
        after: int = 0,
    ) -> list[EventRow]:
        """See `EventRecords.events`."""
        rows = (row for row in self._events.values() if row.seq > after and (since is None or row.at >= since))
        return [row for row in rows if kind in (None, row.kind) and agent in (None, row.agent)][:limit]

    def reserve(
        self,
        request_id: str,
        day: date,
        estimate: int,
        cap: int,
        purpose: str,
        agent: str,
        endpoint: str,
        now: datetime,
    ) -> bool:
        """See `UnitRecords.reserve`."""
        with self._lock:
            if request_id in self._units:
                return True
            if self.used(day) + estimate > cap:
                return False
            row = {"day": day, "units": estimate, "purpose": purpose, "endpoint": endpoint, "in_doubt": True}
            self._units[request_id] = row
            return True

    def settle(self, request_id: str, charged: int, now: datetime) -> None:
        """See `UnitRecords.settle`."""
        if request_id not in self._units:
            raise ValueError(f"nothing was reserved for request {request_id}")
        self._units[request_id] |= {"units": charged, "in_doubt": False}

    def reconcile(self, day: date, used: int, now: datetime) -> int:
        """See `UnitRecords.reconcile`."""
        name = f"{ELSEWHERE} {day}"
        with self._lock:
            self._units.pop(name, None)
            elsewhere = max(0, used - self.used(day))
            if elsewhere:
                row = {"day": day, "units": elsewhere, "purpose": ELSEWHERE, "endpoint": "", "in_doubt": False}
                self._units[name] = row
        return elsewhere

    def used(self, day: date) -> int:
        """See `UnitRecords.used`."""
        return sum(unit["units"] for unit in list(self._units.values()) if unit["day"] == day)

    def budget(self, day: date) -> list[BudgetRow]:
        """See `UnitRecords.budget`."""
        spent: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for unit in list(self._units.values()):
            if unit["day"] == day:
                spent.setdefault((unit["purpose"], unit["endpoint"]), []).append(unit)
        rows = [
            BudgetRow(*key, len(calls), _units(calls), _units([call for call in calls if call["in_doubt"]]))
            for key, calls in spent.items()
        ]
        return sorted(rows, key=lambda row: (-row.units, row.purpose, row.endpoint))

    def add_model(self, row: ModelRow) -> None:
        """See `ModelRecords.add_model`."""
        self._models.setdefault(row.model_id, row.plain())

    def model(self, model_id: str) -> ModelRow | None:
        """See `ModelRecords.model`."""
        return self._models.get(model_id)

    def models(self, limit: int = 50) -> list[ModelRow]:
        """See `ModelRecords.models`."""
        rows = sorted(self._models.values(), key=lambda row: (row.created_at, row.model_id), reverse=True)
        return rows[:limit]

    def set_alias(self, name: str, model_id: str, now: datetime) -> None:
        """See `ModelRecords.set_alias`."""
        self._aliases[name] = model_id

    def alias(self, name: str) -> str | None:
        """See `ModelRecords.alias`."""
        return self._aliases.get(name)

    def put_kpis(self, computed_at: datetime, rows: Sequence[KpiRow]) -> None:
        """See `KpiRecords.put_kpis`."""
        self._kpis[computed_at] = kpi_set(computed_at, rows)

    def kpis(self, computed_at: datetime | None = None) -> list[KpiRow]:
        """See `KpiRecords.kpis`."""
        latest = max((at for at, rows in self._kpis.items() if rows), default=None)
        named = computed_at or latest
        return [] if named is None else list(self._kpis.get(named, []))

    def kpi_history(self, name: str, scope: str, model: str) -> list[KpiRow]:
        """See `KpiRecords.kpi_history`."""
        rows = [row for _, figures in sorted(self._kpis.items()) for row in figures]
        return [row for row in rows if (row.name, row.scope, row.model) == (name, scope, model)]

    def put_value(self, key: str, value: Any, now: datetime) -> None:
        """See `ImprovementRecords.put_value`."""
        self._values[key] = to_json(value)

    def value(self, key: str) -> Any | None:
        """See `ImprovementRecords.value`."""
        return from_json(self._values[key]) if key in self._values else None

    def close(self) -> None:
        """See `Records.close`; there is nothing to close."""

    def check(self) -> str:
        """See `Records.check`."""
        return "records in memory; nothing is kept"

    def _finish(self, job: str, slot: datetime, **changes: Any) -> None:
        with self._lock:
            if (job, slot) not in self._jobs:
                raise ValueError(f"nobody claimed {job} of {slot}")
            if self._jobs[job, slot].status == "running":
                self._jobs[job, slot] = self._jobs[job, slot].changed(**changes)


def _units(rows: list[dict[str, Any]]) -> int:
    return sum(row["units"] for row in rows)
