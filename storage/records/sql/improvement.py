"""The backlog, the change log and small state in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from storage.records.json_text import from_json, to_json
from storage.records.rows import BacklogRow, ChangeRow
from storage.records.schema import BacklogTable, ChangeTable, ValueTable, table_of
from storage.records.sql.database import Database

BACKLOG = table_of(BacklogTable)
CHANGES = table_of(ChangeTable)
VALUES = table_of(ValueTable)


class SqlImprovement:
    """See `ImprovementRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_backlog(self, row: BacklogRow) -> bool:
        """See `ImprovementRecords.add_backlog`."""
        return self._added(BACKLOG, vars(row))

    def backlog(self) -> list[BacklogRow]:
        """See `ImprovementRecords.backlog`."""
        columns = [column for column in BACKLOG.c if column.name != "id"]
        with self._database.reading() as connection:
            items = connection.execute(select(*columns).order_by(BACKLOG.c.id))
            return [BacklogRow(**row) for row in items.mappings()]

    def add_change(self, row: ChangeRow) -> bool:
        """See `ImprovementRecords.add_change`."""
        return self._added(CHANGES, vars(row))

    def changes(self, limit: int = 50) -> list[ChangeRow]:
        """See `ImprovementRecords.changes`."""
        columns = [column for column in CHANGES.c if column.name != "id"]
        query = select(*columns).order_by(CHANGES.c.at.desc(), CHANGES.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [ChangeRow(**row) for row in connection.execute(query).mappings()]

    def put_value(self, key: str, value: Any, now: datetime) -> None:
        """See `ImprovementRecords.put_value`."""
        content = {"value": to_json(value), "updated_at": now}
        insert = self._database.insert(VALUES).values(key=key, **content)
        with self._database.writing() as connection:
            connection.execute(insert.on_conflict_do_update(VALUES.primary_key, set_=content))

    def value(self, key: str) -> Any | None:
        """See `ImprovementRecords.value`."""
        with self._database.reading() as connection:
            found = connection.execute(select(VALUES.c.value).where(VALUES.c.key == key)).scalar()
        return None if found is None else from_json(found)

    def _added(self, table: Table, row: dict[str, Any]) -> bool:
        insert = self._database.insert(table).values(**row).on_conflict_do_nothing().returning(table.c.id)
        with self._database.writing() as connection:
            return connection.execute(insert).first() is not None
