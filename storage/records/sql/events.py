"""The log of events in the database."""

from collections.abc import Sequence
from datetime import datetime

from core.events import Event
from storage.records.rows import EventRow
from storage.records.schema import EventTable, table_of
from storage.records.sql.database import Database, columns

EVENTS = table_of(EventTable)


class SqlEvents:
    """See `EventRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_events(self, events: Sequence[Event]) -> None:
        """See `EventRecords.put_events`; one writer at a time, so that no reader meets a later `seq` first."""
        fields = [name for name in EventRow.model_fields if name != "seq"]
        entries = [{name: getattr(event, name) for name in fields} | {"kind": str(event.kind)} for event in events]
        if entries:
            with self._database.writing("events") as connection:
                connection.execute(self._database.insert(EVENTS).on_conflict_do_nothing(), entries)

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
        query = columns(EVENTS, EventRow).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(limit)
        if since is not None:
            query = query.where(EVENTS.c.at >= since)
        if kind is not None:
            query = query.where(EVENTS.c.kind == kind)
        if agent is not None:
            query = query.where(EVENTS.c.agent == agent)
        return self._database.rows(EventRow, query)
