"""Risks, counterfactuals and collisions in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, delete, select

from storage.records.judgements import MANY, CollisionRow, CounterfactualRow, J, RiskRow, of_one_time
from storage.records.schema import CollisionTable, CounterfactualTable, RiskTable, table_of
from storage.records.sql.database import Database

RISKS = table_of(RiskTable)
COUNTERFACTUALS = table_of(CounterfactualTable)
COLLISIONS = table_of(CollisionTable)


class SqlJudgements:
    """See `JudgementRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_risks(self, at: datetime, rows: Sequence[RiskRow]) -> None:
        """See `JudgementRecords.put_risks`."""
        self._put(RISKS, at, rows)

    def risks(
        self,
        *,
        at: datetime | None = None,
        hashtag: str | None = None,
        flagged: bool | None = None,
        limit: int = MANY,
    ) -> list[RiskRow]:
        """See `JudgementRecords.risks`."""
        return [RiskRow(**row) for row in self._found(RISKS, limit, at=at, hashtag=hashtag, flagged=flagged)]

    def put_counterfactuals(self, at: datetime, rows: Sequence[CounterfactualRow]) -> None:
        """See `JudgementRecords.put_counterfactuals`."""
        self._put(COUNTERFACTUALS, at, rows)

    def counterfactuals(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = MANY
    ) -> list[CounterfactualRow]:
        """See `JudgementRecords.counterfactuals`."""
        return [CounterfactualRow(**row) for row in self._found(COUNTERFACTUALS, limit, at=at, hashtag=hashtag)]

    def put_collisions(self, at: datetime, rows: Sequence[CollisionRow]) -> None:
        """See `JudgementRecords.put_collisions`."""
        self._put(COLLISIONS, at, rows)

    def collisions(self, *, at: datetime | None = None, limit: int = MANY) -> list[CollisionRow]:
        """See `JudgementRecords.collisions`."""
        return [CollisionRow(**row) for row in self._found(COLLISIONS, limit, at=at)]

    def drop_judgements(self, before: datetime) -> None:
        """See `JudgementRecords.drop_judgements`."""
        for table in (RISKS, COUNTERFACTUALS, COLLISIONS):
            with self._database.writing(table.name) as connection:
                connection.execute(delete(table).where(table.c.at < before))

    def _put(self, table: Table, at: datetime, rows: Sequence[J]) -> None:
        entries = [{**vars(row), "position": place} for place, row in enumerate(of_one_time(at, rows))]
        with self._database.writing(table.name) as connection:
            connection.execute(delete(table).where(table.c.at == at))
            if entries:
                connection.execute(table.insert(), entries)

    def _found(self, table: Table, limit: int, **wanted: Any) -> Sequence[RowMapping]:
        columns = [column for column in table.c if column.name != "position"]
        query = select(*columns).order_by(table.c.at.desc(), table.c.position).limit(limit)
        for name, value in wanted.items():
            if value is not None:
                query = query.where(table.c[name] == value)
        with self._database.reading() as connection:
            return connection.execute(query).mappings().all()
