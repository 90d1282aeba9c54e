# ruff: noqa: D101 - the docstring of a table is that of its row
"""The records' tables: each has the fields of its row, and the columns that only the database needs.

The database is made and changed by `migrations` alone; a test holds these classes and the migrated database together.
"""

from datetime import date, datetime

from sqlalchemy import Table
from sqlmodel import Field

from storage.records.rows import AlertRow, BacklogRow, ChangeRow, EventRow, JobRow, KpiRow, ModelRow, NarrativeRow
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow
from storage.records.rows_prompts import FeedbackRow, PromptAnswerRow, PromptRow, PromptUseRow
from storage.records.stored import StoredRecord


class Numbered(StoredRecord):
    """Rows that are numbered in the order of writing."""

    id: int | None = Field(default=None, primary_key=True)


class Positioned(StoredRecord):
    """Rows that keep their place in a set of one time."""

    position: int = Field(primary_key=True)


class JobTable(JobRow, table=True):
    __tablename__ = "jobs"


class EventTable(EventRow, table=True):
    __tablename__ = "events"


class UnitTable(StoredRecord, table=True):
    """One request in the ledger of units."""

    __tablename__ = "units"

    request_id: str = Field(primary_key=True)
    day: date = Field(index=True)
    purpose: str
    agent: str
    endpoint: str
    estimate: int
    charged: int | None = None
    reserved_at: datetime
    settled_at: datetime | None = None


class ModelTable(ModelRow, table=True):
    __tablename__ = "models"


class AliasTable(StoredRecord, table=True):
    """A name given to a model."""

    __tablename__ = "aliases"

    name: str = Field(primary_key=True)
    model_id: str
    set_at: datetime


class KpiTable(Numbered, KpiRow, table=True):
    __tablename__ = "kpis"


class NarrativeTable(NarrativeRow, table=True):
    __tablename__ = "narratives"

    position: int


class PromptTable(Numbered, PromptRow, table=True):
    __tablename__ = "prompts"


class PromptUseTable(PromptUseRow, table=True):
    __tablename__ = "prompt_uses"


class PromptAnswerTable(Numbered, PromptAnswerRow, table=True):
    __tablename__ = "prompt_answers"


class FeedbackTable(Numbered, FeedbackRow, table=True):
    __tablename__ = "feedback"


class AlertTable(Numbered, AlertRow, table=True):
    __tablename__ = "alerts"


class BacklogTable(Numbered, BacklogRow, table=True):
    __tablename__ = "backlog"


class ChangeTable(Numbered, ChangeRow, table=True):
    __tablename__ = "changes"


class ValueTable(StoredRecord, table=True):
    """One remembered value, as JSON text: SQLite would turn a bare number in a JSON column into one of its own."""

    __tablename__ = "values"

    key: str = Field(primary_key=True)
    value: str
    updated_at: datetime


class RiskTable(Positioned, RiskRow, table=True):
    __tablename__ = "risks"


class CounterfactualTable(Positioned, CounterfactualRow, table=True):
    __tablename__ = "counterfactuals"


class CollisionTable(Positioned, CollisionRow, table=True):
    __tablename__ = "collisions"


def table_of(model: type[StoredRecord]) -> Table:
    """Return the table of a class, for statements."""
    table: Table = model.metadata.tables[str(model.__tablename__)]
    return table
