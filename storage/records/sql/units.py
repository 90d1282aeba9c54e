"""The ledger of units in the database: one lock a day guards both the sum and the reservation."""

from datetime import date, datetime

from sqlalchemy import Connection, func, or_, select, update

from storage.records.rows import ELSEWHERE, BudgetRow
from storage.records.schema import UnitTable, table_of
from storage.records.sql.database import Database

UNITS = table_of(UnitTable)
SPENT = func.coalesce(func.sum(func.coalesce(UNITS.c.charged, UNITS.c.estimate)), 0)
SPENT_OR_CALLED = or_(UNITS.c.purpose != ELSEWHERE, UNITS.c.charged > 0)


class SqlUnits:
    """See `UnitRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        with self._database.writing(f"units {day}") as connection:
            existing = select(UNITS.c.request_id).where(UNITS.c.request_id == request_id)
            if connection.execute(existing).first() is not None:
                return True
            if _used(connection, day) + estimate > cap:
                return False
            row = {"request_id": request_id, "day": day, "purpose": purpose, "agent": agent, "endpoint": endpoint}
            added = self._database.insert(UNITS).values(**row, estimate=estimate, reserved_at=now)
            connection.execute(added.on_conflict_do_nothing())
            return True

    def settle(self, request_id: str, charged: int, now: datetime) -> None:
        """See `UnitRecords.settle`."""
        settled = update(UNITS).where(UNITS.c.request_id == request_id).values(charged=charged, settled_at=now)
        with self._database.writing() as connection:
            if connection.execute(settled).rowcount == 0:
                raise ValueError(f"nothing was reserved for request {request_id}")

    def reconcile(self, day: date, used: int, now: datetime) -> int:
        """See `UnitRecords.reconcile`."""
        row = {
            "request_id": f"{ELSEWHERE} {day}",
            "day": day,
            "purpose": ELSEWHERE,
            "agent": "governance",
            "endpoint": "",
        }
        with self._database.writing(f"units {day}") as connection:
            ledger = select(SPENT).where(UNITS.c.day == day, UNITS.c.purpose != ELSEWHERE)
            elsewhere = max(0, used - int(connection.execute(ledger).scalar_one()))
            entry = {"charged": elsewhere, "settled_at": now}
            added = self._database.insert(UNITS).values(**row, **entry, estimate=0, reserved_at=now)
            connection.execute(added.on_conflict_do_update(index_elements=["request_id"], set_=entry))
        return elsewhere

    def used(self, day: date) -> int:
        """See `UnitRecords.used`."""
        with self._database.reading() as connection:
            return _used(connection, day)

    def budget(self, day: date) -> list[BudgetRow]:
        """See `UnitRecords.budget`."""
        by = (UNITS.c.purpose, UNITS.c.endpoint)
        in_doubt = func.coalesce(func.sum(UNITS.c.estimate).filter(UNITS.c.charged.is_(None)), 0)
        query = select(*by, func.count(), SPENT, in_doubt).where(UNITS.c.day == day, SPENT_OR_CALLED)
        query = query.group_by(*by).order_by(SPENT.desc(), *by)
        with self._database.reading() as connection:
            return [
                BudgetRow(purpose, endpoint, n, int(units), int(doubt))
                for purpose, endpoint, n, units, doubt in connection.execute(query)
            ]


def _used(connection: Connection, day: date) -> int:
    return int(connection.execute(select(SPENT).where(UNITS.c.day == day)).scalar_one())
