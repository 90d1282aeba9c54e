"""`groundswell doctor`: what is missing on this machine, and how to get it."""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cli.shared.installation import LEAST_FREE_MB, port_free
from cli.shared.language_model import model_of, why_not_hosted
from configs.settings import Settings
from core.errors import GroundswellError
from serve.hosting.vendor import HINT, is_present
from storage.records.sql.records import SqlRecords


class Finding(NamedTuple):
    """One check: whether it passed, whether Groundswell needs it to run at all, and what to do."""

    what: str
    fine: bool
    needed: bool
    detail: str


def examine(settings: Settings) -> list[Finding]:
    """Check everything that an installation or its tests may need."""
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
