"""`groundswell sql`: queries over the lake in SQL."""

import re

import duckdb
import polars as pl

from cli.shared.stores import lake_of
from configs.settings import Settings
from core.errors import UsageError

RESERVED = re.compile(r'(?<!")\b(at|window)\b(?!")', re.IGNORECASE)


def ask_lake(settings: Settings, query: str) -> pl.DataFrame:
    """Return the result of `query` over the lake's tables; UsageError with DuckDB's message when the query fails."""
    lake = lake_of(settings)
    with duckdb.connect() as connection:
        for row in lake.statistics():
            if row.version >= 0:
                files = ", ".join(f"'{path.replace(chr(39), chr(39) * 2)}'" for path in lake.paths(row.table))
                connection.execute(f'create view "{row.table}" as select * from read_parquet([{files}])')
        try:
            return pl.DataFrame(connection.sql(query).to_arrow_table())
        except duckdb.Error as error:
            hint = ' (columns named "at" and "window" need their quotes)' if RESERVED.search(query) else ""
            raise UsageError(f"the query failed: {str(error).splitlines()[0]}{hint}") from None
