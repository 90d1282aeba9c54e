from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import SourceError
from core.events import EventKind
from core.schedule import Job
from pipelines.job_runner import JobRunner, one_line
from storage.records.memory import MemoryRecords

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
JOBS = (
    Job("ingest", "ingestion", HOUR, missed="skip"),
    Job("measure", "metric", HOUR, missed="catch_up", after="ingest"),
    Job("predict", "prediction", HOUR, missed="skip", after="measure"),
)


class Desk:
    """Does jobs by noting them; fails those it was told to, as often as it was told to."""

    def __init__(self, failing: dict[tuple[str, datetime], int] | None = None) -> None:
        self.done: list[tuple[str, datetime]] = []
        self.failing = failing or {}

    def __call__(self, job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        if self.failing.get((job.name, slot), 0) > 0:
            self.failing[job.name, slot] -= 1
            raise SourceError("the server is down: try later")
        self.done.append((job.name, slot))
        return {"rows": 1}


def runner(
    records: MemoryRecords, desk: Desk, owner: str = "me", living: frozenset[str] = frozenset({"me"})
) -> JobRunner:
    return JobRunner(records, JOBS, START, desk, owner, living.__contains__)


def test_jobs_run_in_order_and_each_slot_once() -> None:
    records, desk = MemoryRecords(), Desk()
    machine = runner(records, desk)
    machine.run(START + HOUR)
    machine.run(START + HOUR)
    runner(records, desk).run(START + HOUR)
    assert desk.done == [(name, START + HOUR) for name in ("ingest", "measure", "predict")]


def test_after_a_pause_what_was_missed_is_caught_up_or_skipped() -> None:
    records, desk = MemoryRecords(), Desk()
    runner(records, desk).run(START + 3 * HOUR)
    assert [slot for name, slot in desk.done if name == "measure"] == [START + n * HOUR for n in (1, 2, 3)]
    assert [slot for name, slot in desk.done if name == "ingest"] == [START + 3 * HOUR]
    skipped = records.events(kind=EventKind.JOB_SKIPPED)
    assert {row.detail["job"] for row in skipped} == {"ingest", "predict"}


def test_a_failure_is_tried_again_then_told_and_stops_what_follows() -> None:
    records = MemoryRecords()
    desk = Desk({("ingest", START + HOUR): 3, ("ingest", START + 2 * HOUR): 2})
    machine = runner(records, desk)
    told = machine.run(START + HOUR)
    assert [event.kind for event in told] == [EventKind.JOB_FAILED, EventKind.JOB_SKIPPED, EventKind.JOB_SKIPPED]
    assert told[0].detail["error"] == "the server is down: try later"
    assert not desk.done
    machine.run(START + 2 * HOUR)
    assert desk.done[0] == ("ingest", START + 2 * HOUR)


def test_a_slot_of_a_dead_owner_is_taken_again_and_of_a_living_one_left() -> None:
    records, desk = MemoryRecords(), Desk()
    slot = START + HOUR
    records.claim("ingest", slot, "other", lambda owner: True, slot)
    runner(records, desk, living=frozenset({"me", "other"})).run(slot)
    assert ("ingest", slot) not in desk.done
    runner(records, desk).run(slot)
    assert ("ingest", slot) in desk.done


def test_a_strange_error_is_one_line() -> None:
    assert one_line(ValueError("first\nlast")) == "ValueError: last"
    assert one_line(SourceError("wrong token")) == "wrong token"
