"""Models, their names and their figures in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.records.rows import KpiRow, ModelRow, kpi_set
from storage.records.schema import AliasTable, KpiTable, ModelTable, table_of
from storage.records.sql.database import Database

MODELS = table_of(ModelTable)
ALIASES = table_of(AliasTable)
KPIS = table_of(KpiTable)
FIGURE = [column for column in KPIS.c if column.name != "id"]


class SqlModels:
    """See `ModelRecords` and `KpiRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_model(self, row: ModelRow) -> None:
        """See `ModelRecords.add_model`."""
        with self._database.writing() as connection:
            connection.execute(self._database.insert(MODELS).values(**vars(row)).on_conflict_do_nothing())

    def model(self, model_id: str) -> ModelRow | None:
        """See `ModelRecords.model`."""
        with self._database.reading() as connection:
            row = connection.execute(select(MODELS).where(MODELS.c.model_id == model_id)).mappings().first()
        return None if row is None else ModelRow(**row)

    def models(self, limit: int = 50) -> list[ModelRow]:
        """See `ModelRecords.models`."""
        query = select(MODELS).order_by(MODELS.c.created_at.desc(), MODELS.c.model_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [ModelRow(**row) for row in connection.execute(query).mappings()]

    def set_alias(self, name: str, model_id: str, now: datetime) -> None:
        """See `ModelRecords.set_alias`."""
        insert = self._database.insert(ALIASES).values(name=name, model_id=model_id, set_at=now)
        with self._database.writing() as connection:
            connection.execute(
                insert.on_conflict_do_update(ALIASES.primary_key, set_={"model_id": model_id, "set_at": now})
            )

    def alias(self, name: str) -> str | None:
        """See `ModelRecords.alias`."""
        with self._database.reading() as connection:
            found: str | None = connection.execute(select(ALIASES.c.model_id).where(ALIASES.c.name == name)).scalar()
        return found

    def put_kpis(self, computed_at: datetime, rows: Sequence[KpiRow]) -> None:
        """See `KpiRecords.put_kpis`."""
        figures = [vars(row) for row in kpi_set(computed_at, rows)]
        with self._database.writing() as connection:
            connection.execute(delete(KPIS).where(KPIS.c.computed_at == computed_at))
            if figures:
                connection.execute(KPIS.insert(), figures)

    def kpis(self, computed_at: datetime | None = None) -> list[KpiRow]:
        """See `KpiRecords.kpis`."""
        named = select(func.max(KPIS.c.computed_at)).scalar_subquery() if computed_at is None else computed_at
        query = select(*FIGURE).where(KPIS.c.computed_at == named).order_by(KPIS.c.id)
        with self._database.reading() as connection:
            return [KpiRow(**row) for row in connection.execute(query).mappings()]

    def kpi_history(self, name: str, scope: str, model: str) -> list[KpiRow]:
        """See `KpiRecords.kpi_history`."""
        query = select(*FIGURE).where(KPIS.c.name == name, KPIS.c.scope == scope, KPIS.c.model == model)
        with self._database.reading() as connection:
            ordered = connection.execute(query.order_by(KPIS.c.computed_at, KPIS.c.id))
            return [KpiRow(**row) for row in ordered.mappings()]
