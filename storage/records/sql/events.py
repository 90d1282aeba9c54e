"""The log of events in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.events import Event
from storage.records.rows import EventRow
from storage.records.schema import EventTable, table_of
from storage.records.sql.database import Database

EVENTS = table_of(EventTable)


class SqlEvents:
    """See `EventRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_events(self, events: Sequence[Event]) -> None:
        """See `EventRecords.put_events`; one writer at a time, so that no reader meets a later `seq` first."""
        rows = [
            {
                "event_id": event.event_id,
                "kind": str(event.kind),
                "agent": event.agent,
                "at": event.at,
                "subject": event.subject,
                "detail": event.detail,
            }
            for event in events
        ]
        if rows:
            with self._database.writing("events") as connection:
                connection.execute(self._database.insert(EVENTS).on_conflict_do_nothing(), rows)

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
        query = select(EVENTS).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(limit)
        if since is not None:
            query = query.where(EVENTS.c.at >= since)
        if kind is not None:
            query = query.where(EVENTS.c.kind == kind)
        if agent is not None:
            query = query.where(EVENTS.c.agent == agent)
        with self._database.reading() as connection:
            return [EventRow(**row) for row in connection.execute(query).mappings()]
