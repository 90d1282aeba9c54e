"""A process of ingestion killed at any line leaves what the next one makes whole."""

import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import polars as pl

from core.clock import VirtualClock
from core.tables import FETCHED, PREDICTIONS
from core.windows import HOUR
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import Ingest
from pipelines.normalise.tables import NORMALISED_TABLES
from pipelines.polling.plan import Planner
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords
from tests.support.paper_source import T0, Paper

TABLES = {table.name: table for table in (*FETCHED, PREDICTIONS)}
SLOT = T0 + HOUR
TRACED = ("pipelines/ingestion/", "storage/lake/", "storage/records/sql")


def lake_of(home: Path) -> DeltaLake:
    return DeltaLake(home / "lake", TABLES, 2)


def run_slot(home: Path, slot: Any, dies_at: int = 0) -> None:
    """Run one slot in this process; with `dies_at` kill it at that many lines of the code that keeps things."""
    records, clock = SqlRecords(f"sqlite:///{home}/records.db"), VirtualClock(slot)
    gate = LedgerGate(records, 288, ["discovery", "tracking", "sampling", "follow_up"])
    planner = Planner(["dance", "gym"], 288, HOUR)
    ingest = Ingest(Paper(clock), lake_of(home), records, gate, planner, b"key", concurrency=1)
    if dies_at:
        sys.settrace(_killer(dies_at))
    ingest.run(slot, slot)
    sys.settrace(None)
    if dies_at:
        os._exit(3)
    ingest.close()


def _killer(dies_at: int) -> Any:
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if event == "call":
            return trace if any(part in frame.f_code.co_filename for part in TRACED) else None
        lines += event == "line"
        if lines >= dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def tables(home: Path) -> dict[str, pl.DataFrame]:
    return {name: lake_of(home).read(name) for name in ("raw", *(table.name for table in NORMALISED_TABLES))}


def test_a_slot_killed_anywhere_is_made_whole_by_the_next(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["pipelines.ingestion.ingest", "storage.lake.delta", "storage.records.sql.records", "pytest"]
    )
    whole = tmp_path / "whole"
    whole.mkdir()
    run_slot(whole, T0)
    homes = {dies_at: tmp_path / str(dies_at) for dies_at in (700, 2010, 2600, 3500)}
    for home in homes.values():
        shutil.copytree(whole, home)
    children = [context.Process(target=run_slot, args=(home, SLOT, dies_at)) for dies_at, home in homes.items()]
    for child in children:
        child.start()
    run_slot(whole, SLOT)
    wanted = tables(whole)
    for child, home in zip(children, homes.values(), strict=True):
        child.join(60)
        assert child.exitcode == -signal.SIGKILL
        run_slot(home, SLOT)
        for name, frame in tables(home).items():
            assert frame.equals(wanted[name]), name
