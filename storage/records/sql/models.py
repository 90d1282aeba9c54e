"""Models, their names and their figures in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.records.rows import KpiRow, ModelRow, kpi_set
from storage.records.schema import AliasTable, KpiTable, ModelTable, table_of
from storage.records.sql.database import Database, columns

MODELS = table_of(ModelTable)
ALIASES = table_of(AliasTable)
KPIS = table_of(KpiTable)


class SqlModels:
    """See `ModelRecords` and `KpiRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_model(self, row: ModelRow) -> None:
        """See `ModelRecords.add_model`."""
        self._database.put(MODELS, row)

    def model(self, model_id: str) -> ModelRow | None:
        """See `ModelRecords.model`."""
        return self._database.first(ModelRow, columns(MODELS, ModelRow).where(MODELS.c.model_id == model_id))

    def models(self, limit: int = 50) -> list[ModelRow]:
        """See `ModelRecords.models`."""
        query = columns(MODELS, ModelRow).order_by(MODELS.c.created_at.desc(), MODELS.c.model_id.desc())
        return self._database.rows(ModelRow, query.limit(limit))

    def set_alias(self, name: str, model_id: str, now: datetime) -> None:
        """See `ModelRecords.set_alias`."""
        content = {"model_id": model_id, "set_at": now}
        insert = self._database.insert(ALIASES).values(name=name, **content)
        with self._database.writing() as connection:
            connection.execute(insert.on_conflict_do_update(ALIASES.primary_key, set_=content))

    def alias(self, name: str) -> str | None:
        """See `ModelRecords.alias`."""
        with self._database.reading() as connection:
            model: str | None = connection.execute(select(ALIASES.c.model_id).where(ALIASES.c.name == name)).scalar()
        return model

    def put_kpis(self, computed_at: datetime, rows: Sequence[KpiRow]) -> None:
        """See `KpiRecords.put_kpis`."""
        entries = [vars(row) for row in kpi_set(computed_at, rows)]
        with self._database.writing() as connection:
            connection.execute(delete(KPIS).where(KPIS.c.computed_at == computed_at))
            if entries:
                connection.execute(KPIS.insert(), entries)

    def kpis(self, computed_at: datetime | None = None) -> list[KpiRow]:
        """See `KpiRecords.kpis`."""
        wanted = select(func.max(KPIS.c.computed_at)).scalar_subquery() if computed_at is None else computed_at
        query = columns(KPIS, KpiRow).where(KPIS.c.computed_at == wanted)
        return self._database.rows(KpiRow, query.order_by(KPIS.c.id))

    def kpi_history(self, name: str, scope: str, model: str) -> list[KpiRow]:
        """See `KpiRecords.kpi_history`."""
        query = columns(KPIS, KpiRow).where(KPIS.c.name == name, KPIS.c.scope == scope, KPIS.c.model == model)
        return self._database.rows(KpiRow, query.order_by(KPIS.c.computed_at, KPIS.c.id))
