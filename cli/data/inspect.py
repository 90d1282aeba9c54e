"""`groundswell status`, `doctor` and `sql`: looking at an installation from outside, running or not."""

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from cli.running.installation import LEAST_FREE_MB, port_free, require_home
from cli.running.language_model import model_of, why_not_hosted
from configs.settings import Settings
from core.errors import GroundswellError, UsageError
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from serve.hosting.vendor import HINT, is_present
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords

RESERVED = re.compile(r'(?<!")\b(at|window)\b(?!")', re.IGNORECASE)


class Finding(NamedTuple):
    """One thing the doctor looked at: is it fine, is it needed to run at all, and what to do."""

    what: str
    fine: bool
    needed: bool
    detail: str


def lake_of(settings: Settings) -> DeltaLake:
    """The lake of an installation; UsageError when there is none."""
    require_home(settings)
    return DeltaLake(settings.lake_root, tables(features_table(FEATURE_SET)), buckets=settings.stores.buckets)


def installation_status(settings: Settings) -> dict[str, Any]:
    """Facts about the installation in the settings' home; UsageError when there is none."""
    lake = lake_of(settings)
    records = SqlRecords(settings.records_url)
    clock, progress, agents = (records.value(name) or {} for name in ("clock", "progress", "agents"))
    now = datetime.fromisoformat(clock["now"]) if clock else datetime.now(UTC)
    failed = [row for row in records.jobs(limit=500) if row.status == "failed"]
    facts: dict[str, Any] = {
        "home": str(settings.home.resolve()),
        "running": f"yes, process {pid}" if (pid := running(settings.home)) else "no",
        "clock": f"{now:%Y-%m-%d %H:%M} UTC{' (virtual)' if clock.get('virtual') else ''}",
        "source": (records.value("source") or {}).get("kind", "none yet"),
        "progress": f"{progress.get('done_days', 0):.1f} of {progress.get('total_days', 0):.0f} days"
        if progress
        else "–",
        "champion": records.alias("champion") or "none yet",
        "units today": f"{records.used(now.date())} of {settings.source.units_per_day}",
        "failed jobs": len(failed),
        "agents": ", ".join(f"{name} {row['pid']} ({row['restarts']} restarts)" for name, row in agents.items())
        or "none",
    }
    for row in lake.statistics():
        if row.version >= 0:
            facts[row.table] = (
                f"{row.rows:,} rows, {row.files} files, {row.size / 1e6:.1f} MB, to {row.last:%Y-%m-%d %H:%M}"
            )
    records.close()
    return facts


def running(home: Path) -> int | None:
    """The process that runs the installation in `home`, None when nobody does."""
    lock = home / "lock"
    pid = lock.read_text().strip() if lock.exists() else ""
    return int(pid) if pid.isdigit() and Path(f"/proc/{pid}").exists() else None


def ask_lake(settings: Settings, query: str) -> pl.DataFrame:
    """The answer of DuckDB to `query` over the lake's tables; UsageError with DuckDB's own words when it can't."""
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


def examine(settings: Settings) -> list[Finding]:
    """Look at everything an installation or its tests may need."""
    return [
        Finding(
            "Python", sys.version_info[:2] == (3, 11), True, f"{sys.version.split()[0]}; Groundswell is made for 3.11"
        ),
        *(_package(name) for name in ("ray", "polars", "deltalake", "duckdb", "xgboost-cpu", "scikit-learn")),
        _disk(settings.home),
        _answers("records", lambda: _records(settings)),
        Finding("page scripts", is_present(), False, "present" if is_present() else HINT),
        _language_model(settings),
        _port(settings.serve.port),
        _token(),
        _program("chromium", "browser tests: apt-get install chromium"),
        _program("initdb", "PostgreSQL tests: apt-get install postgresql", *Path("/usr/lib/postgresql").glob("*/bin")),
    ]


def _records(settings: Settings) -> str:
    if not settings.stores.records and not settings.home.exists():
        return "none yet: made by the first run"
    records = SqlRecords(settings.records_url)
    try:
        return records.check()
    finally:
        records.close()


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, False, True, "not installed: run `make run`, or pip install -r requirements.lock")


def _disk(home: Path) -> Finding:
    place = next(path for path in (home.resolve(), *home.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free // 2**20
    return Finding("disk", free >= LEAST_FREE_MB, True, f"{free:,} MB free at {place}; {LEAST_FREE_MB} are needed")


def _port(port: int) -> Finding:
    free = port_free(port)
    return Finding(
        "port", free, False, f"{port} is {'free' if free else 'taken: stop what listens there or use --port'}"
    )


def _language_model(settings: Settings) -> Finding:
    model = model_of(settings)
    why = why_not_hosted(settings)
    if model is None:
        return Finding("language model", False, False, f"none, texts come from templates; {why}")
    if settings.language_model.address:
        problem = model.problem()
        return Finding("language model", not problem, False, problem or f"{model.name} answers at {model.address}")
    return Finding("language model", True, False, f"{model.name} is set up; the next run hosts it")


def _token() -> Finding:
    there = bool(os.environ.get("ENSEMBLEDATA_TOKEN"))
    hint = "ENSEMBLEDATA_TOKEN is not set: only the stand-in can be used"
    return Finding("EnsembleData token", there, False, "set" if there else hint)


def _answers(what: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, True, ask())
    except GroundswellError as error:
        return Finding(what, False, True, str(error))


def _program(name: str, hint: str, *folders: Path) -> Finding:
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)]))
    return Finding(name, path is not None, False, path or f"not found; {hint}")
