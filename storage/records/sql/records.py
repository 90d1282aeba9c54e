"""The records in a SQL database."""

from typing import Any

from sqlalchemy import text

from storage.records.sql.database import Database
from storage.records.sql.events import SqlEvents
from storage.records.sql.improvement import SqlImprovement
from storage.records.sql.jobs import SqlJobs
from storage.records.sql.migrate import HEAD, migrate
from storage.records.sql.models import SqlModels
from storage.records.sql.prompts import SqlPrompts
from storage.records.sql.texts import SqlTexts
from storage.records.sql.units import SqlUnits


class SqlRecords(SqlJobs, SqlEvents, SqlUnits, SqlModels, SqlTexts, SqlPrompts, SqlImprovement):
    """`storage.records.interface.Records` on SQLite or PostgreSQL, brought to the newest schema when opened.

    Safe for threads and for many processes; pickled, it opens the same database elsewhere.

    Parameters
    ----------
    url: sqlite:///path/to/file, or postgresql://user:password@host/name

    Examples
    --------
    >>> import tempfile
    >>> from datetime import UTC, datetime
    >>> records = SqlRecords(f"sqlite:///{tempfile.mkdtemp()}/records.db")
    >>> records.put_value("clock", "2025-05-14", datetime(2025, 5, 14, tzinfo=UTC))
    >>> records.value("clock")
    '2025-05-14'
    >>> records.close()
    """

    def __init__(self, url: str, durable: bool = True) -> None:
        database = Database(url, durable)
        super().__init__(database)
        self._arguments = (url, durable)
        migrate(database)

    def __reduce__(self) -> tuple[Any, ...]:
        return SqlRecords, self._arguments

    def close(self) -> None:
        """See `Records.close`."""
        self._database.close()

    def check(self) -> str:
        """See `Records.check`."""
        query = "SELECT sqlite_version()" if self._database.sqlite else "SHOW server_version"
        with self._database.reading() as connection:
            version = connection.execute(text(query)).scalar_one()
        kind = "SQLite" if self._database.sqlite else "PostgreSQL"
        return f"{kind} {version} at {self._database.name}, schema {HEAD}"
