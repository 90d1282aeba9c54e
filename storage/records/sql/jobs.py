"""Jobs in the database: a slot is claimed under a lock, so that one process wins it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from storage.records.rows import JobRow
from storage.records.schema import JobTable, table_of
from storage.records.sql.database import Database

JOBS = table_of(JobTable)
DONE = ("completed", "skipped")


class SqlJobs:
    """See `JobRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, job: str, slot: datetime, owner: str, alive: Callable[[str], bool], now: datetime) -> JobRow | None:
        """See `JobRecords.claim`; `alive` is asked inside the transaction and must not use the records."""
        with self._database.writing(f"job {job}") as connection:
            found = _find(connection, job, slot)
            if found is None:
                row = JobRow(job, slot, "running", owner, 1, now)
                connection.execute(JOBS.insert().values(**vars(row)))
                return row
            if found.status in DONE or (found.status == "running" and alive(found.owner)):
                return None
            row = JobRow(job, slot, "running", owner, found.attempts + 1, now)
            connection.execute(update(JOBS).where(_is(job, slot)).values(**vars(row)))
            return row

    def complete(self, job: str, slot: datetime, result: Mapping[str, Any], now: datetime) -> None:
        """See `JobRecords.complete`."""
        self._finish(job, slot, {"status": "completed", "result": result, "finished_at": now})

    def fail(self, job: str, slot: datetime, error: str, now: datetime, traceback: str | None = None) -> None:
        """See `JobRecords.fail`."""
        self._finish(job, slot, {"status": "failed", "error": error, "traceback": traceback, "finished_at": now})

    def skip(self, job: str, slot: datetime, reason: str, now: datetime) -> None:
        """See `JobRecords.skip`."""
        with self._database.writing(f"job {job}") as connection:
            found = _find(connection, job, slot)
            if found is None:
                row = JobRow(job, slot, "skipped", "", 0, now, now, None, reason)
                connection.execute(JOBS.insert().values(**vars(row)))
            elif found.status != "completed":
                changes = {"status": "skipped", "error": reason, "traceback": None, "finished_at": now}
                connection.execute(update(JOBS).where(_is(job, slot)).values(changes))

    def last_slot(self, job: str) -> datetime | None:
        """See `JobRecords.last_slot`."""
        query = select(func.max(JOBS.c.slot)).where(JOBS.c.job == job, JOBS.c.status.in_(DONE))
        with self._database.reading() as connection:
            newest: datetime | None = connection.execute(query).scalar()
        return newest

    def jobs(self, *, job: str | None = None, limit: int = 50) -> list[JobRow]:
        """See `JobRecords.jobs`."""
        query = select(JOBS).order_by(JOBS.c.slot.desc(), JOBS.c.job).limit(limit)
        if job is not None:
            query = query.where(JOBS.c.job == job)
        with self._database.reading() as connection:
            return [JobRow(**row) for row in connection.execute(query).mappings()]

    def _finish(self, job: str, slot: datetime, changes: Mapping[str, Any]) -> None:
        """Finish a running row; one that is finished stays what it is."""
        with self._database.writing(f"job {job}") as connection:
            found = _find(connection, job, slot)
            if found is None:
                raise ValueError(f"nobody claimed {job} of {slot}")
            if found.status == "running":
                connection.execute(update(JOBS).where(_is(job, slot)).values(**changes))


def _is(job: str, slot: datetime) -> Any:
    return and_(JOBS.c.job == job, JOBS.c.slot == slot)


def _find(connection: Connection, job: str, slot: datetime) -> JobRow | None:
    row = connection.execute(select(JOBS).where(_is(job, slot))).mappings().first()
    return None if row is None else JobRow(**row)
