"""One SQL database, SQLite or PostgreSQL: connections, transactions, and failures in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, select, text
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from core.errors import StorageError
from storage.records.json_text import from_json, to_json
from storage.records.stored import StoredRecord

R = TypeVar("R", bound=StoredRecord)
BUSY_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10


class Database:
    """A database by URL: `sqlite:///path/to/file` or `postgresql://user:password@host/name`.

    On SQLite all writers queue for one lock, and readers never wait (WAL). On PostgreSQL writers that name the same
    `lock` queue for it.

    Parameters
    ----------
    durable: whether a commit survives a power cut; only SQLite can do without, for data that can be made again
    """

    def __init__(self, url: str, durable: bool = True) -> None:
        self.url = _url(url)
        self.name = self.url.render_as_string(hide_password=True)
        self.engine = _engine(self.url, "FULL" if durable else "OFF")

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that reads."""
        with self._errors(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, lock: str | None = None) -> Iterator[Connection]:
        """Open a transaction that writes; those that name the same `lock` run one after another, in all processes."""
        with self._errors(), self.engine.connect() as connection:
            connection.execution_options(groundswell_writes=True)
            with connection.begin():
                if lock is not None and not self.sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:lock, 0))"), {"lock": lock})
                yield connection

    def rows(self, kind: type[R], query: Select[Any]) -> list[R]:
        """Return the rows that a query for the columns of `kind` finds."""
        with self.reading() as connection:
            return rows_of(kind, connection, query)

    def first(self, kind: type[R], query: Select[Any]) -> R | None:
        """Return the first row that a query finds, None when it finds none."""
        return next(iter(self.rows(kind, query.limit(1))), None)

    def put(self, table: Table, row: StoredRecord) -> bool:
        """Insert a row; False when one with its key exists already."""
        statement = self.insert(table).values(**vars(row)).on_conflict_do_nothing().returning(*table.primary_key)
        with self.writing() as connection:
            return connection.execute(statement).first() is not None

    def insert(self, table: Table) -> SqliteInsert | PostgresInsert:
        """Return an insert that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
        return sqlite_insert(table) if self.sqlite else postgres_insert(table)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StorageError(f"can't use the database {self.name}: {_cause(error)}") from error


def columns(table: Table, kind: type[StoredRecord]) -> Select[Any]:
    """Return a query for those columns of a table that a kind of row has."""
    return select(*(table.c[name] for name in kind.model_fields))


def rows_of(kind: type[R], connection: Connection, query: Select[Any]) -> list[R]:
    """Return the rows that a query finds on a connection."""
    result = connection.execute(query)
    names = tuple(result.keys())
    return [kind.trusted(zip(names, values, strict=True)) for values in result]


def _url(text_url: str) -> URL:
    try:
        url = make_url(text_url)
    except ArgumentError:
        raise StorageError(
            f"{text_url!r} is no database URL; write sqlite:///path/to/file or postgresql://user:password@host/name"
        ) from None
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StorageError(f"{url.get_backend_name()} databases are not supported; use sqlite:/// or postgresql://")
    return url


def _engine(url: URL, synchronous: str) -> Engine:
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and not url.database:
        raise StorageError("the database URL names no file; write sqlite:///path/to/file")
    try:
        if is_sqlite:
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            json_serializer=to_json,
            json_deserializer=from_json,
            pool_pre_ping=not is_sqlite,
            connect_args={"timeout": BUSY_TIMEOUT_S} if is_sqlite else {"connect_timeout": CONNECT_TIMEOUT_S},
        )
    except NoSuchModuleError:
        raise StorageError(f"no driver for {url.drivername}; use sqlite:/// or postgresql://") from None
    except OSError as error:
        raise StorageError(f"can't make the folder of {url.database}: {error.strerror}") from error
    if is_sqlite:
        event.listen(engine, "connect", lambda connection, _record: _prepare_sqlite(connection, synchronous))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, synchronous: str) -> None:
    """Leave transactions to this module; with `synchronous` FULL a commit survives a power cut."""
    connection.isolation_level = None
    timeout = f"busy_timeout={BUSY_TIMEOUT_S * 1000}"
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", timeout, "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: in SQLite a transaction that has read can't wait for it later."""
    writes = connection.get_execution_options().get("groundswell_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _cause(error: SQLAlchemyError) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    lines = str(original).strip().splitlines() or [type(error).__name__]
    return " ".join(lines[0].split())
