"""The data dictionary as a page, written from the declaration of the tables."""

from collections.abc import Iterable

import polars as pl

from core.tables import UTC_TIME, Table

_NAMES: tuple[tuple[pl.DataType, str], ...] = (
    (pl.String(), "text"),
    (pl.Int64(), "int64"),
    (pl.Float64(), "float64"),
    (pl.Boolean(), "true or false"),
    (pl.Binary(), "bytes"),
    (UTC_TIME, "time (UTC)"),
    (pl.List(pl.String()), "list of text"),
    (pl.List(pl.Float32()), "list of float32"),
)


def type_name(dtype: pl.DataType) -> str:
    """Return a column type in words; raise KeyError for a type that no table uses."""
    for declared, name in _NAMES:
        if declared == dtype:
            return name
    raise KeyError(f"no word for {dtype}")


def render(tables: Iterable[Table]) -> str:
    """Return the dictionary as Markdown: one section per table, one row per field."""
    parts = [
        "# Data dictionary\n",
        "Written from the declaration in `core/tables.py`; a test keeps it true. Mandatory fields are never null.",
        "Unknown is null, never 0. Every table also has `window`: the end of the window that owns the row, a fetch",
        "window of 15 minutes for what is fetched, the hour for what is computed.\n",
    ]
    for table in tables:
        parts.append(
            f"## {table.name}\n\n{table.meaning.capitalize()}. Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
        )
        parts.append("| field | type | | meaning |\n|---|---|---|---|")
        for name, field in table.fields.items():
            mark = "mandatory" if field.mandatory else "optional"
            parts.append(f"| `{name}` | {type_name(field.dtype)} | {mark} | {field.meaning} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"
