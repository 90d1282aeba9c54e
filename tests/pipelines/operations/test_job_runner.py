from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

from core.errors import SourceError
from core.events import EventKind
from core.schedule import Job
from core.windows import HOUR
from pipelines.operations.job_runner import JobRunner, one_line, whole_traceback
from storage.memory.records import MemoryRecords

START = datetime(2026, 1, 5, tzinfo=UTC)
JOBS = (
    Job("ingest", "ingestion", HOUR, missed="skip"),
    Job("measure", "metric", HOUR, missed="catch_up", after="ingest"),
    Job("predict", "prediction", HOUR, missed="skip", after="measure"),
)


class Dispatcher:
    """Does jobs by recording them; fails each job in `failing` that many times."""

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
    records: MemoryRecords, dispatch: Dispatcher, owner: str = "me", living: frozenset[str] = frozenset({"me"})
) -> JobRunner:
    return JobRunner(records, JOBS, START, dispatch, owner, living.__contains__)


def test_jobs_run_in_order_and_each_slot_once() -> None:
    records, dispatch = MemoryRecords(), Dispatcher()
    machine = runner(records, dispatch)
    machine.run(START + HOUR)
    machine.run(START + HOUR)
    runner(records, dispatch).run(START + HOUR)
    assert dispatch.done == [(name, START + HOUR) for name in ("ingest", "measure", "predict")]


def test_after_a_pause_what_was_missed_is_caught_up_or_skipped() -> None:
    records, dispatch = MemoryRecords(), Dispatcher()
    runner(records, dispatch).run(START + 3 * HOUR)
    assert [slot for name, slot in dispatch.done if name == "measure"] == [START + n * HOUR for n in (1, 2, 3)]
    assert [slot for name, slot in dispatch.done if name == "ingest"] == [START + 3 * HOUR]
    skipped = records.events(kind=EventKind.JOB_SKIPPED)
    assert {row.detail["job"] for row in skipped} == {"ingest", "predict"}


def test_a_failure_is_tried_again_then_told_and_stops_what_follows() -> None:
    records = MemoryRecords()
    dispatch = Dispatcher({("ingest", START + HOUR): 3, ("ingest", START + 2 * HOUR): 2})
    machine = runner(records, dispatch)
    events = machine.run(START + HOUR)
    assert [event.kind for event in events] == [EventKind.JOB_FAILED, EventKind.JOB_SKIPPED, EventKind.JOB_SKIPPED]
    assert events[0].detail["error"] == "the server is down: try later"
    assert not dispatch.done
    machine.run(START + 2 * HOUR)
    assert dispatch.done[0] == ("ingest", START + 2 * HOUR)


def test_a_slot_of_a_dead_owner_is_taken_again_and_of_a_living_one_left() -> None:
    records, dispatch = MemoryRecords(), Dispatcher()
    slot = START + HOUR
    records.claim("ingest", slot, "other", lambda owner: True, slot)
    runner(records, dispatch, living=frozenset({"me", "other"})).run(slot)
    assert ("ingest", slot) not in dispatch.done
    runner(records, dispatch).run(slot)
    assert ("ingest", slot) in dispatch.done


def test_a_strange_error_is_one_line() -> None:
    assert one_line(ValueError("first\nlast")) == "ValueError: last"
    assert one_line(SourceError("wrong token")) == "wrong token"


class RemoteError(ValueError):
    """An error from another process as Ray raises it: its text is the remote traceback, its cause has none."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            "\x1b[36mray::MetricAgent.run()\x1b[39m (pid=7, ip=127.0.0.1, actor_id=0a)\n"
            "           ^^^^^^^^^^^^^\n"
            '  File "metric.py", line 3, in work\n'
            "    raise ValueError(name)\n"
            f"ValueError: {cause}"
        )
        self.cause = cause


def test_an_unexpected_failure_keeps_its_traceback_without_secrets() -> None:
    def fail(job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        raise ValueError("no answer with token s3cret")

    records = MemoryRecords()
    JobRunner(
        records, JOBS[:1], START, fail, "me", {"me"}.__contains__, lambda text: text.replace("s3cret", "***")
    ).run(START + HOUR)
    (row,) = records.jobs(job="ingest")
    assert row.error == "ValueError: no answer with token ***"
    assert row.traceback is not None
    assert row.traceback.startswith("Traceback (most recent call last):\n")
    assert row.traceback.endswith("ValueError: no answer with token ***\n")
    assert "in fail\n" in row.traceback
    assert "s3cret" not in row.traceback


def test_an_expected_failure_has_no_traceback() -> None:
    records = MemoryRecords()
    runner(records, Dispatcher({("ingest", START + HOUR): 3})).run(START + HOUR)
    (row,) = records.jobs(job="ingest")
    assert (row.status, row.error, row.traceback) == ("failed", "the server is down: try later", None)


def test_a_remote_traceback_is_kept_without_rays_framing() -> None:
    assert whole_traceback(RemoteError(ValueError("gym"))) == (
        "Traceback (most recent call last):\n"
        '  File "metric.py", line 3, in work\n'
        "    raise ValueError(name)\n"
        "ValueError: gym\n"
    )
    assert whole_traceback(RemoteError(SourceError("wrong token"))) is None


class Writing:
    """Does jobs, but stays at `write` until it is let go on."""

    def __init__(self) -> None:
        self.done: list[tuple[str, datetime]] = []
        self.go_on = Event()
        self.fails = False

    def __call__(self, job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        if job.name == "write":
            assert self.go_on.wait(20)
            if self.fails:
                raise SourceError("the model is gone: start it again")
        self.done.append((job.name, slot))
        return {"rows": 1}


BESIDE = (*JOBS, Job("write", "semantic", HOUR, missed="skip", attempts=1, after="predict", beside=True))


def beside(records: MemoryRecords, dispatch: Writing) -> JobRunner:
    return JobRunner(records, BESIDE, START, dispatch, "me", {"me"}.__contains__)


def test_nobody_waits_for_a_job_beside_the_others_and_its_slots_are_skipped_meanwhile() -> None:
    records, dispatch = MemoryRecords(), Writing()
    machine = beside(records, dispatch)
    for hour in (1, 2, 3):
        machine.run(START + hour * HOUR)
    assert [slot for name, slot in dispatch.done if name == "predict"] == [START + hour * HOUR for hour in (1, 2, 3)]
    assert not machine.wait(0)
    dispatch.go_on.set()
    assert machine.wait(20)
    machine.run(START + 4 * HOUR)
    machine.wait(20)
    states = {row.slot: (row.status, row.error) for row in records.jobs(job="write")}
    skipped = ("skipped", "the previous run is still running")
    assert [states[START + hour * HOUR][0] for hour in (1, 4)] == ["completed", "completed"]
    assert [states[START + hour * HOUR] for hour in (2, 3)] == [skipped, skipped]
    assert [slot for name, slot in dispatch.done if name == "write"] == [START + HOUR, START + 4 * HOUR]
    done = [row for row in records.events(kind=EventKind.JOB_DONE) if row.detail["job"] == "write"]
    assert len(done) == 2


def test_a_failure_beside_the_others_is_told_with_the_next_run() -> None:
    records, dispatch = MemoryRecords(), Writing()
    dispatch.fails = True
    machine = beside(records, dispatch)
    assert [event.kind for event in machine.run(START + HOUR)] == [EventKind.JOB_DONE] * 3
    dispatch.go_on.set()
    assert machine.wait(20)
    events = machine.run(START + 2 * HOUR)
    assert (events[0].kind, events[0].detail["job"], events[0].detail["error"]) == (
        EventKind.JOB_FAILED,
        "write",
        "the model is gone: start it again",
    )


def test_a_slot_whose_runner_died_beside_the_others_is_done_by_the_next_one() -> None:
    records, dispatch = MemoryRecords(), Writing()
    slot = START + HOUR
    records.claim("write", slot, "dead", lambda owner: True, slot)
    dispatch.go_on.set()
    machine = beside(records, dispatch)
    machine.run(slot)
    assert machine.wait(20)
    assert dispatch.done[-1] == ("write", slot)


TRAILING = (
    Job("ingest", "ingestion", HOUR, awaits=()),
    Job("measure", "metric", HOUR, after="ingest", awaits=("cluster",)),
    Job("narrate", "semantic", HOUR, after="measure", trails="texts"),
    Job("cluster", "semantic", HOUR, after="measure", trails="texts"),
    Job("evaluate", "evaluation", 24 * HOUR),
)


class Holding:
    """Does jobs, but stays at the first slot of the job `held` until it is let go on."""

    def __init__(self, held: str) -> None:
        self.begun: list[tuple[str, datetime]] = []
        self.ended: list[tuple[str, datetime]] = []
        self.held, self.go_on = held, Event()

    def __call__(self, job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        self.begun.append((job.name, slot))
        if job.name == self.held:
            assert self.go_on.wait(20)
        self.ended.append((job.name, slot))
        return {}


def in_a_thread(machine: JobRunner, now: datetime) -> Thread:
    thread = Thread(target=machine.run, args=(now,))
    thread.start()
    return thread


def test_the_next_moment_starts_while_a_trailing_job_runs_but_not_what_awaits_it() -> None:
    dispatch, first, second = Holding("narrate"), START + HOUR, START + 2 * HOUR
    machine = JobRunner(MemoryRecords(), TRAILING, START, dispatch, "me", {"me"}.__contains__)
    machine.run(first)
    thread = in_a_thread(machine, second)
    thread.join(0.5)
    assert ("ingest", second) in dispatch.ended
    assert ("measure", second) not in dispatch.begun  # it awaits the clustering, which comes after the narratives
    dispatch.go_on.set()
    thread.join(20)
    machine.wait_trailing()
    names = [entry for entry in dispatch.ended if entry[0] in {"narrate", "cluster"}]
    assert names == [(name, slot) for slot in (first, second) for name in ("narrate", "cluster")]
    assert dispatch.ended.index(("cluster", first)) < dispatch.ended.index(("measure", second))


def test_a_job_that_names_nothing_waits_for_all_trailing_jobs() -> None:
    dispatch, midnight = Holding("narrate"), START + 24 * HOUR
    machine = JobRunner(MemoryRecords(), TRAILING, midnight - HOUR, dispatch, "me", {"me"}.__contains__)
    thread = in_a_thread(machine, midnight)
    thread.join(0.5)
    assert dispatch.begun[-1] == ("narrate", midnight)
    dispatch.go_on.set()
    thread.join(20)
    assert dispatch.ended[-2:] == [("cluster", midnight), ("evaluate", midnight)]


def test_a_trailing_slot_whose_runner_died_is_done_by_the_next_one_in_a_later_moment() -> None:
    records, dispatch, slot = MemoryRecords(), Holding("nothing"), START + HOUR
    for name in ("ingest", "measure"):
        records.claim(name, slot, "dead", lambda owner: True, slot)
        records.complete(name, slot, {}, slot)
    records.claim("narrate", slot, "dead", lambda owner: True, slot)
    machine = JobRunner(records, TRAILING, START, dispatch, "me", {"me"}.__contains__)
    machine.run(slot + HOUR)
    machine.wait_trailing()
    assert [entry for entry in dispatch.ended if entry[0] == "narrate"] == [("narrate", slot), ("narrate", slot + HOUR)]


def test_what_follows_a_failed_job_is_skipped_in_the_trail_too() -> None:
    records = MemoryRecords()

    def fail(job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        if job.name == "narrate":
            raise SourceError("no prompt")
        return {}

    jobs = (*TRAILING, Job("write", "semantic", HOUR, after="narrate", trails="texts"))
    machine = JobRunner(records, jobs, START, fail, "me", {"me"}.__contains__)
    machine.run(START + HOUR)
    machine.wait_trailing()
    assert {row.job: row.status for row in records.jobs()} == {
        "ingest": "completed", "measure": "completed", "narrate": "failed", "cluster": "completed", "write": "skipped",
    }  # fmt: skip
    failed = [event for event in machine.run(START + HOUR) if event.kind is EventKind.JOB_FAILED]
    assert [event.detail["job"] for event in failed] == ["narrate"]


LANES = (
    Job("ingest", "ingestion", HOUR, awaits=()),
    Job("measure", "metric", HOUR, after="ingest", trails="scores", awaits=("cluster",)),
    Job("predict", "prediction", HOUR, after="measure", trails="scores", awaits=("cluster",)),
    Job("narrate", "semantic", HOUR, after="predict", trails="texts", awaits=()),
    Job("cluster", "semantic", HOUR, after="measure", trails="texts", awaits=()),
)


def test_lanes_overlap_but_no_job_starts_before_what_it_needs() -> None:
    dispatch, first, second = Holding("predict"), START + HOUR, START + 2 * HOUR
    machine = JobRunner(MemoryRecords(), LANES, START, dispatch, "me", {"me"}.__contains__)
    machine.run(first)
    thread = in_a_thread(machine, second)
    thread.join(0.5)
    assert dispatch.ended == [("ingest", first), ("measure", first), ("ingest", second)]
    assert dispatch.begun[-1] in {("predict", first), ("ingest", second)}
    dispatch.go_on.set()
    thread.join(20)
    machine.wait_trailing()
    place = {entry: number for number, entry in enumerate(dispatch.ended)}
    for slot in (first, second):
        assert place["predict", slot] < place["narrate", slot] < place["cluster", slot]
    assert place["cluster", first] < place["measure", second]
