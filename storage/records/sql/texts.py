"""Narratives and alerts in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from storage.records.rows import AlertRow, AlertStatus, NarrativeRow, narrative_set
from storage.records.schema import AlertTable, NarrativeTable, table_of
from storage.records.sql.database import Database

NARRATIVES = table_of(NarrativeTable)
ALERTS = table_of(AlertTable)
STORY = [column for column in NARRATIVES.c if column.name != "position"]
MESSAGE = [column for column in ALERTS.c if column.name != "id"]


class SqlTexts:
    """See `TextRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_narratives(self, at: datetime, rows: Sequence[NarrativeRow]) -> None:
        """See `TextRecords.put_narratives`; an id told before at another time moves here."""
        stories = [{**vars(row), "position": place} for place, row in enumerate(narrative_set(at, rows))]
        ids = [row.narrative_id for row in rows]
        with self._database.writing("narratives") as connection:
            connection.execute(delete(NARRATIVES).where(or_(NARRATIVES.c.at == at, NARRATIVES.c.narrative_id.in_(ids))))
            if stories:
                connection.execute(NARRATIVES.insert(), stories)

    def narratives(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = 50
    ) -> list[NarrativeRow]:
        """See `TextRecords.narratives`."""
        query = select(*STORY).order_by(NARRATIVES.c.at.desc(), NARRATIVES.c.position).limit(limit)
        if at is not None:
            query = query.where(NARRATIVES.c.at == at)
        if hashtag is not None:
            query = query.where(NARRATIVES.c.hashtag == hashtag)
        with self._database.reading() as connection:
            return [NarrativeRow(**row) for row in connection.execute(query).mappings()]

    def narrative(self, narrative_id: str) -> NarrativeRow | None:
        """See `TextRecords.narrative`."""
        query = select(*STORY).where(NARRATIVES.c.narrative_id == narrative_id)
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().first()
            return None if found is None else NarrativeRow(**found)

    def raise_alert(self, row: AlertRow) -> bool:
        """See `TextRecords.raise_alert`."""
        with self._database.writing() as connection:
            added = self._database.insert(ALERTS).values(**vars(row)).on_conflict_do_nothing().returning(ALERTS.c.id)
            return connection.execute(added).first() is not None

    def pending_alerts(self) -> list[AlertRow]:
        """See `TextRecords.pending_alerts`."""
        query = select(*MESSAGE).where(ALERTS.c.status == "pending").order_by(ALERTS.c.raised_at, ALERTS.c.id)
        with self._database.reading() as connection:
            return [AlertRow(**row) for row in connection.execute(query).mappings()]

    def mark_alert(self, key: str, status: AlertStatus, attempts: int, receipt: str | None, now: datetime) -> None:
        """See `TextRecords.mark_alert`."""
        sent_at = now if status == "sent" else None
        changes = {"status": status, "attempts": attempts, "receipt": receipt, "sent_at": sent_at}
        with self._database.writing() as connection:
            if connection.execute(update(ALERTS).where(ALERTS.c.key == key).values(changes)).rowcount == 0:
                raise ValueError(f"there is no alert {key}")

    def alerts(self, *, limit: int = 50, offset: int = 0) -> list[AlertRow]:
        """See `TextRecords.alerts`."""
        query = select(*MESSAGE).order_by(ALERTS.c.raised_at.desc(), ALERTS.c.id.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return [AlertRow(**row) for row in connection.execute(query).mappings()]
