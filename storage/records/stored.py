"""The base of all records: frozen, checked when code builds one, trusted when a database returns one."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from sqlalchemy import MetaData
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig

from storage.records.json_text import from_json, to_json


def _as_answered(schema: dict[str, Any]) -> None:
    """Keep the JSON schema to what a reader of an answer sees: no defaults, nothing about unknown fields."""
    schema.pop("additionalProperties", None)
    for field in schema["properties"].values():
        field.pop("default", None)


class StoredRecord(SQLModel):
    """Base of the rows that callers see, of their tables, and of the HTTP answers made of them.

    All times are aware and in UTC, JSON is decoded. `vars(row)` are the values by column.
    """

    metadata = MetaData()
    model_config = SQLModelConfig(
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
        json_schema_serialization_defaults_required=True,
        json_schema_extra=_as_answered,
    )

    @classmethod
    def trusted(cls, values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Self:
        """Return the row of a database's values without checking them, which takes a quarter of the time."""
        row: Self = cls.__new__(cls)
        object.__setattr__(row, "__dict__", dict(values))
        return row

    def changed(self, **values: Any) -> Self:
        """Return a copy with other values in some fields."""
        return self.trusted(vars(self) | values)

    def plain(self) -> Self:
        """Return the row as a database would give it back: tuples as lists, NumPy numbers as numbers."""
        return self.changed(**{n: plain(v) for n, v in vars(self).items() if isinstance(v, Mapping | list | tuple)})


def plain(value: Any) -> Any:
    """Return a JSON value as a database would give it back."""
    return from_json(to_json(value))
