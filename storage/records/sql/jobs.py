"""Jobs in the database: a slot is claimed under a lock, so that one process wins it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from storage.records.rows import JobRow
from storage.records.schema import JobTable, table_of
from storage.records.sql.database import Database, columns, rows_of

JOBS = table_of(JobTable)
DONE = ("completed", "skipped")


class SqlJobs:
    """See `JobRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, job: str, slot: datetime, owner: str, alive: Callable[[str], bool], now: datetime) -> JobRow | None:
        """See `JobRecords.claim`; `alive` is called inside the transaction and must not use the records."""
        with self._database.writing(f"job {job}") as connection:
            last = _find(connection, job, slot)
            if last and (last.status in DONE or (last.status == "running" and alive(last.owner))):
                return None
            attempts = last.attempts + 1 if last else 1
            row = JobRow(job=job, slot=slot, status="running", owner=owner, attempts=attempts, started_at=now)
            connection.execute(update(JOBS).where(_is(job, slot)).values(**vars(row)) if last else _added(row))
            return row

    def complete(self, job: str, slot: datetime, result: Mapping[str, Any], now: datetime) -> None:
        """See `JobRecords.complete`."""
        self._finish(job, slot, status="completed", result=result, finished_at=now)

    def fail(self, job: str, slot: datetime, error: str, now: datetime, traceback: str | None = None) -> None:
        """See `JobRecords.fail`."""
        self._finish(job, slot, status="failed", error=error, traceback=traceback, finished_at=now)

    def skip(self, job: str, slot: datetime, reason: str, now: datetime) -> None:
        """See `JobRecords.skip`."""
        skipped = {"status": "skipped", "error": reason, "traceback": None, "finished_at": now}
        with self._database.writing(f"job {job}") as connection:
            last = _find(connection, job, slot)
            if last is None:
                row = {"job": job, "slot": slot, "owner": "", "attempts": 0, "started_at": now} | skipped
                connection.execute(_added(JobRow.model_validate(row)))
            elif last.status != "completed":
                connection.execute(update(JOBS).where(_is(job, slot)).values(skipped))

    def last_slot(self, job: str) -> datetime | None:
        """See `JobRecords.last_slot`."""
        query = select(func.max(JOBS.c.slot)).where(JOBS.c.job == job, JOBS.c.status.in_(DONE))
        with self._database.reading() as connection:
            newest: datetime | None = connection.execute(query).scalar()
        return newest

    def jobs(self, *, job: str | None = None, limit: int = 50) -> list[JobRow]:
        """See `JobRecords.jobs`."""
        query = columns(JOBS, JobRow).order_by(JOBS.c.slot.desc(), JOBS.c.job).limit(limit)
        return self._database.rows(JobRow, query if job is None else query.where(JOBS.c.job == job))

    def _finish(self, job: str, slot: datetime, **changes: Any) -> None:
        """Finish a running row; one that is finished stays what it is."""
        with self._database.writing(f"job {job}") as connection:
            last = _find(connection, job, slot)
            if last is None:
                raise ValueError(f"nobody claimed {job} of {slot}")
            if last.status == "running":
                connection.execute(update(JOBS).where(_is(job, slot)).values(**changes))


def _is(job: str, slot: datetime) -> Any:
    return and_(JOBS.c.job == job, JOBS.c.slot == slot)


def _added(row: JobRow) -> Any:
    return JOBS.insert().values(**vars(row))


def _find(connection: Connection, job: str, slot: datetime) -> JobRow | None:
    return next(iter(rows_of(JobRow, connection, columns(JOBS, JobRow).where(_is(job, slot)))), None)
