"""The backlog, the change log and small values in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.records.json_text import from_json, to_json
from storage.records.rows import BacklogRow, ChangeRow
from storage.records.schema import BacklogTable, ChangeTable, ValueTable, table_of
from storage.records.sql.database import Database, columns

BACKLOG = table_of(BacklogTable)
CHANGES = table_of(ChangeTable)
VALUES = table_of(ValueTable)


class SqlImprovement:
    """See `ImprovementRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_backlog(self, row: BacklogRow) -> bool:
        """See `ImprovementRecords.add_backlog`."""
        return self._database.put(BACKLOG, row)

    def backlog(self) -> list[BacklogRow]:
        """See `ImprovementRecords.backlog`."""
        return self._database.rows(BacklogRow, columns(BACKLOG, BacklogRow).order_by(BACKLOG.c.id))

    def add_change(self, row: ChangeRow) -> bool:
        """See `ImprovementRecords.add_change`."""
        return self._database.put(CHANGES, row)

    def changes(self, limit: int = 50) -> list[ChangeRow]:
        """See `ImprovementRecords.changes`."""
        query = columns(CHANGES, ChangeRow).order_by(CHANGES.c.at.desc(), CHANGES.c.id.desc())
        return self._database.rows(ChangeRow, query.limit(limit))

    def put_value(self, key: str, value: Any, now: datetime) -> None:
        """See `ImprovementRecords.put_value`."""
        content = {"value": to_json(value), "updated_at": now}
        insert = self._database.insert(VALUES).values(key=key, **content)
        with self._database.writing() as connection:
            connection.execute(insert.on_conflict_do_update(VALUES.primary_key, set_=content))

    def value(self, key: str) -> Any | None:
        """See `ImprovementRecords.value`."""
        with self._database.reading() as connection:
            stored = connection.execute(select(VALUES.c.value).where(VALUES.c.key == key)).scalar()
        return None if stored is None else from_json(stored)
