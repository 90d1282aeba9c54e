"""Narratives, judgements and alerts in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, or_, update

from storage.records.interface import MANY
from storage.records.rows import AlertRow, AlertStatus, NarrativeRow, narrative_set
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, J, RiskRow, of_one_time
from storage.records.schema import AlertTable, CollisionTable, CounterfactualTable, NarrativeTable, RiskTable, table_of
from storage.records.sql.database import Database, R, columns

NARRATIVES = table_of(NarrativeTable)
ALERTS = table_of(AlertTable)
RISKS = table_of(RiskTable)
COUNTERFACTUALS = table_of(CounterfactualTable)
COLLISIONS = table_of(CollisionTable)


class SqlTexts:
    """See `TextRecords` and `JudgementRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_narratives(self, at: datetime, rows: Sequence[NarrativeRow]) -> None:
        """See `TextRecords.put_narratives`; an id that was written at another time moves to this one."""
        ids = [row.narrative_id for row in rows]
        old = or_(NARRATIVES.c.at == at, NARRATIVES.c.narrative_id.in_(ids))
        self._put_set(NARRATIVES, old, narrative_set(at, rows))

    def narratives(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = 50
    ) -> list[NarrativeRow]:
        """See `TextRecords.narratives`."""
        return self._sets(NARRATIVES, NarrativeRow, limit, at=at, hashtag=hashtag)

    def narrative(self, narrative_id: str) -> NarrativeRow | None:
        """See `TextRecords.narrative`."""
        query = columns(NARRATIVES, NarrativeRow).where(NARRATIVES.c.narrative_id == narrative_id)
        return self._database.first(NarrativeRow, query)

    def put_risks(self, at: datetime, rows: Sequence[RiskRow]) -> None:
        """See `JudgementRecords.put_risks`."""
        self._put_judgements(RISKS, at, rows)

    def risks(
        self,
        *,
        at: datetime | None = None,
        hashtag: str | None = None,
        flagged: bool | None = None,
        limit: int = MANY,
    ) -> list[RiskRow]:
        """See `JudgementRecords.risks`."""
        return self._sets(RISKS, RiskRow, limit, at=at, hashtag=hashtag, flagged=flagged)

    def put_counterfactuals(self, at: datetime, rows: Sequence[CounterfactualRow]) -> None:
        """See `JudgementRecords.put_counterfactuals`."""
        self._put_judgements(COUNTERFACTUALS, at, rows)

    def counterfactuals(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = MANY
    ) -> list[CounterfactualRow]:
        """See `JudgementRecords.counterfactuals`."""
        return self._sets(COUNTERFACTUALS, CounterfactualRow, limit, at=at, hashtag=hashtag)

    def put_collisions(self, at: datetime, rows: Sequence[CollisionRow]) -> None:
        """See `JudgementRecords.put_collisions`."""
        self._put_judgements(COLLISIONS, at, rows)

    def collisions(self, *, at: datetime | None = None, limit: int = MANY) -> list[CollisionRow]:
        """See `JudgementRecords.collisions`."""
        return self._sets(COLLISIONS, CollisionRow, limit, at=at)

    def drop_judgements(self, before: datetime) -> None:
        """See `JudgementRecords.drop_judgements`."""
        for table in (RISKS, COUNTERFACTUALS, COLLISIONS):
            with self._database.writing(table.name) as connection:
                connection.execute(delete(table).where(table.c.at < before))

    def raise_alert(self, row: AlertRow) -> bool:
        """See `TextRecords.raise_alert`."""
        return self._database.put(ALERTS, row)

    def pending_alerts(self) -> list[AlertRow]:
        """See `TextRecords.pending_alerts`."""
        query = columns(ALERTS, AlertRow).where(ALERTS.c.status == "pending")
        return self._database.rows(AlertRow, query.order_by(ALERTS.c.raised_at, ALERTS.c.id))

    def mark_alert(self, key: str, status: AlertStatus, attempts: int, receipt: str | None, now: datetime) -> None:
        """See `TextRecords.mark_alert`."""
        sent_at = now if status == "sent" else None
        changes = {"status": status, "attempts": attempts, "receipt": receipt, "sent_at": sent_at}
        with self._database.writing() as connection:
            if connection.execute(update(ALERTS).where(ALERTS.c.key == key).values(changes)).rowcount == 0:
                raise ValueError(f"there is no alert {key}")

    def alerts(self, *, limit: int = 50, offset: int = 0) -> list[AlertRow]:
        """See `TextRecords.alerts`."""
        query = columns(ALERTS, AlertRow).order_by(ALERTS.c.raised_at.desc(), ALERTS.c.id.desc())
        return self._database.rows(AlertRow, query.limit(limit).offset(offset))

    def _put_judgements(self, table: Table, at: datetime, rows: Sequence[J]) -> None:
        self._put_set(table, table.c.at == at, of_one_time(at, rows))

    def _put_set(self, table: Table, old: Any, rows: Sequence[R]) -> None:
        """Replace the rows that `old` selects by a set of one time, kept in its order."""
        entries = [{**vars(row), "position": place} for place, row in enumerate(rows)]
        with self._database.writing(table.name) as connection:
            connection.execute(delete(table).where(old))
            if entries:
                connection.execute(table.insert(), entries)

    def _sets(self, table: Table, kind: type[R], limit: int, **wanted: Any) -> list[R]:
        """Return the rows whose columns are as wanted, newest first, in the order of their sets."""
        conditions = [table.c[name] == value for name, value in wanted.items() if value is not None]
        query = columns(table, kind).where(*conditions).order_by(table.c.at.desc(), table.c.position)
        return self._database.rows(kind, query.limit(limit))
