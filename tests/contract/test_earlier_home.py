"""A home that version 0.1 wrote opens: records, lake, models and pages; its files lie in tests/golden/home-0.1."""

import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest
from deltalake import DeltaTable
from fastapi.testclient import TestClient

from core.events import Event, EventKind
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from models.registry.store import load
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.lake.delta import DeltaLake
from storage.records.interface import Records
from storage.records.sql.records import SqlRecords

GOLDEN = Path(__file__).parents[1] / "golden" / "home-0.1"
ENDED = datetime(2026, 1, 6, 6, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ALL = 10_000
TABLES = tables(features_table(FEATURE_SET))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home as it was left."""
    folder = tmp_path_factory.mktemp("home")
    with tarfile.open(GOLDEN / "home.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def stored(home: Path) -> dict[str, int]:
    """Number of rows of each table of the records, before the migration."""
    connection = sqlite3.connect(home / "records.db")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    connection.close()
    return counts


@pytest.fixture(scope="module")
def records(home: Path, stored: dict[str, int]) -> Iterator[SqlRecords]:
    """Its records, brought to the newest schema."""
    opened = SqlRecords(f"sqlite:///{home}/records.db")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecords]:
    """Empty records of today."""
    opened = SqlRecords(f"sqlite:///{tmp_path_factory.mktemp('records')}/records.db", durable=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lake(home: Path) -> DeltaLake:
    """Its lake, opened with the tables of today."""
    return DeltaLake(str(home / "lake"), TABLES, buckets=2)


READERS: dict[str, Callable[[Records], Sequence[Any]]] = {
    "jobs": lambda records: records.jobs(limit=ALL),
    "events": lambda records: records.events(limit=ALL),
    "models": lambda records: records.models(ALL),
    "kpis": lambda records: [row for at in times_of_kpis(records) for row in records.kpis(at)],
    "narratives": lambda records: records.narratives(limit=ALL),
    "risks": lambda records: records.risks(limit=ALL),
    "counterfactuals": lambda records: records.counterfactuals(limit=ALL),
    "collisions": lambda records: records.collisions(limit=ALL),
    "alerts": lambda records: records.alerts(limit=ALL),
    "backlog": lambda records: records.backlog(),
    "changes": lambda records: records.changes(ALL),
    "prompts": lambda records: records.prompts(),
    "prompt_uses": lambda records: records.prompt_uses(),
    "prompt_answers": lambda records: records.prompt_answers("narrative", limit=ALL),
    "feedback": lambda records: records.feedback(limit=ALL),
}


def times_of_kpis(records: Records) -> list[datetime]:
    newest = records.kpis()[0]
    return sorted({row.computed_at for row in records.kpi_history(newest.name, newest.scope, newest.model)})


def write_sets(put: Callable[[datetime, Sequence[Any]], None], rows: Sequence[Any]) -> None:
    for at, group in groupby(rows, key=lambda row: row.at):
        put(at, list(group))


def write(records: Records, table: str, rows: Sequence[Any]) -> None:
    """Write rows, read before by `READERS`, as the agents do."""
    oldest_first = rows[::-1]
    match table:
        case "jobs":
            for row in rows:
                write_job(records, row)
        case "events":
            kinds = {str(kind): kind for kind in EventKind}
            records.put_events([Event(kinds[row.kind], row.agent, row.at, row.subject, row.detail) for row in rows])
        case "kpis":
            for at, group in groupby(rows, key=lambda row: row.computed_at):
                records.put_kpis(at, list(group))
        case "narratives" | "risks" | "counterfactuals" | "collisions":
            write_sets(getattr(records, f"put_{table}"), rows)
        case "prompt_answers":
            records.put_prompt_answers(oldest_first, LONG_AGO)
        case "alerts":
            assert all(map(records.raise_alert, oldest_first))
        case "backlog":
            assert all(map(records.add_backlog, rows))
        case _:
            put = {
                "models": records.add_model,
                "changes": records.add_change,
                "prompts": records.add_prompt,
                "prompt_uses": records.put_prompt_use,
                "feedback": records.add_feedback,
            }[table]
            for row in oldest_first:
                put(row)


def write_job(records: Records, row: Any) -> None:
    for _ in range(row.attempts):
        records.claim(row.job, row.slot, row.owner, lambda owner: False, row.started_at)
    match row.status:
        case "completed":
            records.complete(row.job, row.slot, row.result, row.finished_at)
        case "failed":
            records.fail(row.job, row.slot, row.error, row.finished_at, row.traceback)
        case "skipped":
            records.skip(row.job, row.slot, row.error, row.finished_at)


@pytest.mark.parametrize("table", READERS)
def test_every_row_is_read_and_can_be_written_again(
    table: str, records: SqlRecords, stored: dict[str, int], empty: SqlRecords
) -> None:
    rows = READERS[table](records)
    assert len(rows) == stored[table] > 0
    write(empty, table, rows)
    assert list(READERS[table](empty)) == list(rows)


def test_the_ledger_the_aliases_and_the_values_are_read(records: SqlRecords) -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC).date() for day in (5, 6)]
    assert sum(map(records.used, days)) == sum(row.units for day in days for row in records.budget(day)) == 290
    assert (records.alias("champion"), records.alias("previous")) == tuple(row.model_id for row in records.models())
    assert records.value("clock") == {"now": ENDED.isoformat(), "virtual": True}
    assert all(row.traceback is None for row in records.jobs(limit=ALL))


def test_records_go_on_where_they_ended(records: SqlRecords) -> None:
    last = records.last_slot("ingest")
    assert last == ENDED
    assert records.claim("ingest", last, "other", lambda owner: False, ENDED) is None
    newest = records.events(limit=ALL)[-1].seq
    records.put_events([Event(EventKind.METRIC_DONE, "metric", ENDED, "later", {})])
    assert [row.seq > newest for row in records.events(after=newest)] == [True]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_lake_has_the_columns_of_today(name: str, lake: DeltaLake, home: Path) -> None:
    frame = lake.read(name)
    assert dict(frame.schema) == dict(TABLES[name].schema)
    folder = home / "lake" / name
    if not folder.exists():
        assert frame.is_empty()
        return
    before = DeltaTable(str(folder))
    assert frame.height == pl.DataFrame(before.to_pyarrow_table(columns=["window"])).height > 0
    added = set(frame.columns) - {field.name for field in before.schema().fields}
    assert all(frame[column].null_count() == frame.height for column in added)


def test_the_champion_scores_as_it_did(home: Path, lake: DeltaLake, records: SqlRecords) -> None:
    features = lake.read("features", start=ENDED.replace(hour=5), end=ENDED).sort("hashtag")
    champion = records.alias("champion")
    assert champion is not None
    model, card = load(home / "models", champion)
    assert card.kind == "blend"
    expected = pl.DataFrame(json.loads((GOLDEN / "predictions.json").read_text(encoding="utf-8")))
    scored = features.select("hashtag").hstack(model.predict(features)).head(expected.height)
    assert scored["hashtag"].to_list() == expected["hashtag"].to_list()
    for column in expected.columns[1:]:
        assert scored[column].to_list() == pytest.approx(expected[column].to_list(), rel=1e-6)


def test_pages_and_lists_are_answered_over_it(lake: DeltaLake, records: SqlRecords) -> None:
    reader = Reader(lake, records, wall=lambda: ENDED, units_cap=240, job_agents={})
    with TestClient(build_api(reader)) as client:
        predictions = client.get("/v1/predictions").json()
        assert predictions["total"] > 0
        tag = predictions["items"][0]["hashtag"]
        for path in ("/", f"/hashtags/{tag}", "/words", "/themes"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "Groundswell" in answer.text
        assert f"/hashtags/{quote(tag)}" in client.get("/").text
        assert client.get(f"/v1/hashtags/{tag}").json()["metrics"]
        assert client.get("/v1/status").json()["champion"] == records.alias("champion")
