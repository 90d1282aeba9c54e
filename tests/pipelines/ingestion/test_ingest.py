from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.clock import VirtualClock
from core.errors import SourceError, UnitsExhausted
from core.tables import FETCHED, PREDICTIONS
from core.windows import HOUR, window_end
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import PLAN_KEY, Ingest
from pipelines.normalise.tables import NORMALISED_TABLES
from pipelines.polling.plan import Planner
from sources.ensembledata.client import Page
from sources.ensembledata.requests import Request
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.awemes import aweme
from tests.support.paper_source import T0, Paper

KEY = b"test key"
SEEDS = [f"word{n}" for n in range(8)]
TABLES = {table.name: table for table in (*FETCHED, PREDICTIONS)}


class IngestionSystem:
    """Stores that survive, around an ingestion that can be started anew."""

    def __init__(self, units: int = 288, start: datetime = T0) -> None:
        self.lake = MemoryLake(TABLES)
        self.records = MemoryRecords()
        self.clock = VirtualClock(start)
        self.paper = Paper(self.clock)
        self.units = units
        self.start()

    def start(self) -> None:
        gate = LedgerGate(self.records, self.units, ["discovery", "tracking", "sampling", "follow_up"])
        planner = Planner(SEEDS, self.units, HOUR)
        self.ingest = Ingest(self.paper, self.lake, self.records, gate, planner, KEY)

    def run(self, moment: datetime) -> Any:
        self.clock.set(moment)
        return self.ingest.run(moment, moment)

    def tables(self) -> dict[str, Any]:
        return {name: self.lake.read(name).to_dicts() for name in ("raw", *(table.name for table in NORMALISED_TABLES))}


def test_a_slot_asks_within_its_units_and_fills_the_tables() -> None:
    system = IngestionSystem()
    result = system.run(T0)
    assert result.units == len(system.paper.calls) == 24
    assert system.records.used(T0.date()) == 24
    assert result.counts["requests"] == 24
    assert result.counts["failed"] == 0
    assert system.lake.read("raw").height == 24
    for table in NORMALISED_TABLES:
        assert result.frames[table.name].equals(system.lake.read(table.name))
        assert result.addresses[table.name].end == window_end(T0)
    assert result.counts["new_videos"] == system.lake.read("videos").height


@pytest.mark.parametrize("start", [T0, T0 - timedelta(minutes=13)], ids=["inside a window", "at its end"])
def test_the_next_slots_follow_what_was_found(start: datetime) -> None:
    system = IngestionSystem(start=start)
    for nth in range(4):
        system.run(start + nth * HOUR)
    purposes = set(system.lake.read("raw")["purpose"])
    assert {"discovery", "tracking"} <= purposes
    tags = set(system.lake.read("hashtag_snapshots")["hashtag"])
    assert "fyp" in tags


def test_running_a_slot_again_asks_nothing_and_changes_nothing() -> None:
    system = IngestionSystem()
    system.run(T0)
    system.run(T0 + HOUR)
    tables, calls, used = system.tables(), len(system.paper.calls), system.records.used(T0.date())
    system.start()
    again = system.ingest.run(T0 + HOUR, T0 + HOUR)
    assert len(system.paper.calls) == calls
    assert system.tables() == tables
    assert system.records.used(T0.date()) == used
    assert again.units == 0
    for name, frame in again.frames.items():
        assert frame.equals(system.lake.read(name, start=window_end(T0), end=window_end(T0 + HOUR)))


@pytest.mark.parametrize("after", range(0, 25, 3))
def test_a_run_that_breaks_anywhere_is_made_whole_by_the_next(after: int) -> None:
    whole, broken = IngestionSystem(), IngestionSystem()
    for system in (whole, broken):
        system.run(T0)
    whole.run(T0 + HOUR)
    seen = len(broken.paper.calls)

    def lost(nth: int, _: Request) -> Page | None:
        if nth > seen + after:
            raise SourceError("EnsembleData can't be reached")
        return None

    broken.paper.trouble = lost
    if len(whole.paper.calls) - seen > after:
        with pytest.raises(SourceError):
            broken.run(T0 + HOUR)
    broken.paper.trouble = lambda _, __: None
    broken.start()
    broken.run(T0 + HOUR)
    assert broken.tables() == whole.tables()
    assert broken.records.used(T0.date()) == whole.records.used(T0.date())


def test_pages_of_a_slot_that_was_given_up_reach_the_tables_later() -> None:
    system = IngestionSystem()

    def rebuild(*_: object) -> Any:
        raise KeyboardInterrupt

    system.ingest._rebuild = rebuild  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        system.run(T0)
    assert system.lake.read("raw").height
    assert system.lake.read("videos").is_empty()
    system.start()
    system.run(T0 + HOUR)
    assert system.lake.read("videos", end=window_end(T0)).height


def test_a_second_poll_in_a_window_adds_to_the_first() -> None:
    system = IngestionSystem()
    system.run(T0)
    first = set(system.lake.read("videos")["video_id"])
    system.run(T0 + timedelta(minutes=1))
    videos = system.lake.read("videos")
    assert first <= set(videos["video_id"])
    assert set(videos["window"]) == {window_end(T0)}


def test_a_video_is_written_once_in_its_first_window() -> None:
    system = IngestionSystem()
    system.paper._data = lambda request: [aweme(1, ["a"])]  # type: ignore[method-assign]
    system.run(T0)
    system.start()
    result = system.run(T0 + HOUR)
    assert result.counts["new_videos"] == 0
    assert result.frames["videos"].is_empty()
    assert system.lake.read("videos")["window"].to_list() == [window_end(T0)]
    assert system.lake.read("video_snapshots").height == 2


def test_ranges_of_following_runs_join() -> None:
    system = IngestionSystem()
    first, second = system.run(T0), system.run(T0 + 2 * HOUR)
    assert second.addresses["videos"].start == first.addresses["videos"].end


def test_a_failed_request_is_kept_as_failed_and_not_asked_again() -> None:
    system = IngestionSystem()
    system.paper.trouble = lambda nth, request: (
        system.paper.page(request, None, 463, "463: bad user") if nth == 2 else None
    )
    result = system.run(T0)
    assert result.counts["failed"] == 1
    raw = system.lake.read("raw")
    failed = raw.filter(raw["error"].is_not_null())
    assert failed.select("status", "body", "error").rows() == [(463, None, "463: bad user")]
    system.ingest.run(T0, T0)
    assert len(system.paper.calls) == 24


def test_an_answer_that_never_came_leaves_its_estimate_reserved() -> None:
    system = IngestionSystem(24)
    system.paper.trouble = lambda _, request: replace(
        system.paper.page(request, None, 0, "no answer (ReadTimeout)"), units_charged=None
    )
    result = system.run(T0)
    assert result.units == 0
    assert system.records.used(T0.date()) == result.counts["failed"] == 4


def test_used_up_units_end_the_day_quietly() -> None:
    system = IngestionSystem()

    def full(nth: int, _: Request) -> Page | None:
        if nth > 4:
            raise UnitsExhausted("used up")
        return None

    system.paper.trouble = full
    result = system.run(T0)
    assert result.counts["units_exhausted"] == 1
    calls = len(system.paper.calls)
    assert system.run(T0 + HOUR).counts["requests"] == 0
    assert len(system.paper.calls) == calls
    system.paper.trouble = lambda _, __: None
    assert system.run(T0 + timedelta(days=1)).counts["requests"] > 0


def test_the_sleep_until_midnight_is_an_event() -> None:
    system = IngestionSystem()
    system.paper.trouble = lambda *_: (_ for _ in ()).throw(UnitsExhausted("used up: polling resumes at midnight UTC"))
    system.run(T0)
    (event,) = system.records.events(kind="GATE_REFUSED")
    assert event.detail["reason"] == "used up: polling resumes at midnight UTC"


def test_units_spent_elsewhere_are_not_spent_again() -> None:
    system = IngestionSystem(48)
    system.paper.account = {"tiktok": 40, "instagram": 6}
    system.run(T0 + 13 * HOUR)
    assert len(system.paper.calls) == 2
    spent = {row.purpose: row.units for row in system.records.budget(T0.date())}
    assert spent == {"elsewhere": 46, "discovery": 2}


def test_a_refusal_is_an_event() -> None:
    system = IngestionSystem()
    gate = LedgerGate(system.records, 288, ["tracking"])
    system.ingest = Ingest(system.paper, system.lake, system.records, gate, Planner(["a", "b"], 24, HOUR), KEY)
    result = system.run(T0)
    assert system.paper.calls == []
    assert result.counts["refused"] == 4
    events = system.records.events(kind="GATE_REFUSED")
    assert [event.detail["rule"] for event in events] == ["purpose"] * 4


def test_the_plan_of_a_slot_is_written_before_the_first_call() -> None:
    system = IngestionSystem()

    def stop(_: int, __: Request) -> Page | None:
        assert system.records.value(PLAN_KEY)["slot"] == T0.isoformat()  # type: ignore[index]
        raise SourceError("stop")

    system.paper.trouble = stop
    with pytest.raises(SourceError):
        system.run(T0)
