"""Brings a database to the newest schema, once, whichever process starts first."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from core.errors import StorageError
from storage.records.sql.database import Database

HEAD = "0004"
_SCRIPTS = Path(__file__).parents[1] / "migrations"


def migrate(database: Database) -> None:
    """Run the migrations that a database lacks. Where none is missing, this costs one query and no import of Alembic.

    Raises
    ------
    StorageError: when a newer version of the software wrote the database
    """
    with database.reading() as connection:
        if _revision(connection) == HEAD:
            return
    with database.writing("migrations") as connection:
        revision = _revision(connection)
        if revision == HEAD:
            return
        if revision is not None and not list((_SCRIPTS / "versions").glob(f"{revision}_*.py")):
            raise StorageError(
                f"the database {database.name} has schema {revision}, "
                "which is newer than this version of groundswell; upgrade groundswell"
            )
        _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, HEAD)
