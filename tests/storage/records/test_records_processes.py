"""What holds between processes: migrations, claims and units, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from core.errors import StorageError
from storage.records.sql import migrate
from storage.records.sql.database import Database
from storage.records.sql.records import SqlRecords
from storage.records.stored import StoredRecord

NOBODY = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/records.db"
    address: str = request.getfixturevalue("postgres_url")
    database = Database(address)
    with database.writing() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.close()
    return address


def run_at_once(program: str, *arguments: list[str]) -> list[list[str]]:
    """Run the program in one process for each list of arguments; return the words each printed."""
    started = [
        subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE, text=True)
        for words in arguments
    ]
    printed = [process.communicate(timeout=60)[0].split() for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return printed


def test_the_migrated_database_is_what_the_classes_declare(url: str) -> None:
    records = SqlRecords(url)
    with records._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, StoredRecord.metadata) == []
    records.close()


def test_the_head_is_the_newest_script() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parents[1] / "migrations"))
    assert scripts.get_heads() == [migrate.HEAD]


OPEN = """
import sys
from storage.records.sql.records import SqlRecords
records = SqlRecords(sys.argv[1])
print("alembic" in sys.modules)
"""


def test_of_processes_that_start_at_once_one_migrates_and_later_ones_need_not(url: str) -> None:
    run_at_once(OPEN, [url], [url])
    assert run_at_once(OPEN, [url]) == [["False"]]
    assert f"schema {migrate.HEAD}" in SqlRecords(url).check()


def test_a_schema_from_the_future_is_one_clear_line(url: str) -> None:
    records = SqlRecords(url)
    with records._database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    records.close()
    with pytest.raises(StorageError, match=r"has schema 9999, which is newer than .*; upgrade groundswell$"):
        SqlRecords(url)


RACE = """
import sys
from datetime import UTC, datetime, timedelta
from storage.records.sql.records import SqlRecords
records = SqlRecords(sys.argv[1])
now = datetime(2025, 5, 14, tzinfo=UTC)
for number in range(30):
    if records.claim("ingest", now + timedelta(hours=number), sys.argv[2], lambda owner: True, now):
        print(f"slot-{number}")
    name = f"{sys.argv[2]}-{number}"
    if records.reserve(name, now.date(), 3, 100, "discovery", "ingestion", "/tt/hashtag/posts", now):
        print("reserved")
"""


def test_two_processes_claim_each_slot_once_and_never_pass_the_cap(url: str) -> None:
    SqlRecords(url).close()
    first, second = run_at_once(RACE, [url, "first"], [url, "second"])
    words = sorted(first + second)
    assert words[:33] == ["reserved"] * 33
    assert words[33:] == sorted(f"slot-{number}" for number in range(30))


def test_sqlite_survives_a_power_cut_by_its_settings(tmp_path: Path) -> None:
    records = SqlRecords(f"sqlite:///{tmp_path}/deep/records.db")
    with records._database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    assert settings == ["wal", 2, 30_000]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("nonsense", r"^'nonsense' is no database URL; write sqlite:///"),
        ("mysql://host/name", r"^mysql databases are not supported; use sqlite:/// or postgresql://$"),
        ("sqlite://", r"^the database URL names no file"),
        ("postgresql+none://host/name", r"^no driver for postgresql\+none"),
        (NOBODY, r"^can't use the database postgresql\+psycopg://nobody@127\.0\.0\.1:1/none: .*refused"),
    ],
)
def test_a_wrong_address_is_one_clear_line(address: str, line: str) -> None:
    with pytest.raises(StorageError, match=line) as caught:
        SqlRecords(address)
    assert "\n" not in str(caught.value)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(StorageError) as caught:
        SqlRecords("postgresql://nobody:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(os.urandom(5000))
    with pytest.raises(StorageError, match="file is not a database"):
        SqlRecords(f"sqlite:///{tmp_path}/records.db")
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="can't make the folder"):
        SqlRecords(f"sqlite:///{tmp_path}/file/records.db")
