"""Runs the jobs that the cadence table makes due: each slot is completed once, even if a process dies in between."""

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.errors import GroundswellError
from core.events import Event, EventKind
from core.schedule import Job
from pipelines.operations.trailing import TrailingJobs
from storage.records.interface import Records
from storage.records.rows import JobRow

BEGUN_LIMIT = 5
FAILURES_COUNT_FOR = timedelta(days=1)
TRACEBACK_HEAD = "Traceback (most recent call last):"
_TASK = re.compile(r"(ray\.exceptions\.RayTaskError(\(\w+\))?: )?ray::")
_MARKS = re.compile(r"\s+[~^]+$")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Dispatch = Callable[[Job, datetime, datetime], Mapping[str, Any]]


class JobRunner:
    """Works through the due slots in order of time, then of the table.

    A job that runs beside the others has its own thread, and so has each lane of jobs that trail; their events come
    with a later run. A slot of a trailing job that had begun when its runner died is done by the next runner.

    Parameters
    ----------
    records: the store that holds one row per job and slot
    jobs: the cadence table
    start: slots at or before it are never due
    dispatch: runs a job for (job, slot, now) and returns its summary, or raises; called from several threads when
        jobs run beside the others
    owner: name of this process in the rows, as `alive` understands it
    alive: returns whether an owner is still running; rows of dead owners are claimed again
    redact: removes secrets from the text of a failure
    """

    def __init__(
        self,
        records: Records,
        jobs: Sequence[Job],
        start: datetime,
        dispatch: Dispatch,
        owner: str,
        alive: Callable[[str], bool],
        redact: Callable[[str], str] = lambda text: text,
    ) -> None:
        self._records = records
        self._jobs = tuple(jobs)
        self._dispatch = dispatch
        self._owner = owner
        self._alive = alive
        self._redact = redact
        self._done = {job.name: records.last_slot(job.name) or job.begins or start for job in self._jobs}
        beside = sum(job.beside for job in self._jobs)
        self._threads = ThreadPoolExecutor(beside, "beside") if beside else None
        self._beside: dict[str, Future[Event | None]] = {}
        self._trailing = TrailingJobs()
        self._failed: set[tuple[str, datetime]] = set()
        self._begun = {
            (row.job, row.slot)
            for job in self._jobs
            if job.trails
            for row in records.jobs(job=job.name, limit=BEGUN_LIMIT)
            if row.status == "running"
        }

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the trailing jobs, and for those beside the others; return whether all have ended."""
        self._trailing.wait()
        return not wait(self._beside.values(), timeout_s).not_done

    def wait_trailing(self) -> None:
        """Wait for the trailing jobs."""
        self._trailing.wait()

    def run(self, now: datetime) -> list[Event]:
        """Run every job that is due at `now`; return the JOB_* events since the last run, which are also recorded."""
        order = {job.name: place for place, job in enumerate(self._jobs)}
        due = sorted(
            (
                (slot, order[job.name], job, wanted)
                for job in self._jobs
                for slot, wanted in job.due(self._done[job.name], now)
            ),
            key=lambda row: row[:2],
        )
        self._failed -= {entry for entry in list(self._failed) if entry[1] < now - FAILURES_COUNT_FOR}
        events = self._ended()
        for slot, _, job, wanted in due:
            event: Event | None = None
            if not wanted and (job.name, slot) not in self._begun:
                event = self._skip(job, slot, now, "missed")
                self._records.put_events([event])
            elif job.name in self._beside:
                event = self._skip(job, slot, now, "the previous run is still running")
                self._records.put_events([event])
            elif self._threads is not None and job.beside:
                ready = self._trailing.waiter(job.after, slot)
                self._beside[job.name] = self._threads.submit(self._after, ready, job, slot, now)
            elif job.trails and (job.after, slot) not in self._failed:
                claimed = self._claim(job, slot, now)
                if claimed is not None:
                    work = partial(self._process, job, slot, now, claimed)
                    self._trailing.submit(job.trails, job.name, slot, work, job.after, job.awaits)
            else:
                self._trailing.wait(job.awaits)
                event = self._process(job, slot, now)
            if event is not None:
                events.append(event)
            self._done[job.name] = slot
        return events

    def _ended(self) -> list[Event]:
        """Return the events of the jobs in other threads that ended since the last run."""
        ended = [name for name, future in self._beside.items() if future.done()]
        outcomes = [self._beside.pop(name).result() for name in ended]
        return [*self._trailing.ended(), *(event for event in outcomes if event is not None)]

    def _after(self, ready: Callable[[], None], job: Job, slot: datetime, now: datetime) -> Event | None:
        ready()
        return self._process(job, slot, now)

    def _process(self, job: Job, slot: datetime, now: datetime, claimed: JobRow | None = None) -> Event | None:
        """Do one slot, unless the job it follows failed; record and return the event that ends it."""
        if job.after is not None and (job.after, slot) in self._failed:
            event: Event | None = self._skip(job, slot, now, f"{job.after} failed")
            self._failed.add((job.name, slot))
        else:
            event = self._attempt(job, slot, now, claimed)
            if event is not None and event.kind is EventKind.JOB_FAILED:
                self._failed.add((job.name, slot))
        if event is not None:
            self._records.put_events([event])
        return event

    def _skip(self, job: Job, slot: datetime, now: datetime, reason: str) -> Event:
        self._records.skip(job.name, slot, reason, now)
        return self._event(EventKind.JOB_SKIPPED, job, slot, now, reason=reason)

    def _claim(self, job: Job, slot: datetime, now: datetime) -> JobRow | None:
        return self._records.claim(job.name, slot, self._owner, self._alive, now)

    def _attempt(self, job: Job, slot: datetime, now: datetime, claimed: JobRow | None = None) -> Event | None:
        problem = "not tried"
        for _ in range(job.attempts):
            row, claimed = claimed or self._claim(job, slot, now), None
            if row is None:
                return None
            start = self._event(EventKind.JOB_START, job, slot, now, attempt=row.attempts)
            self._records.put_events([start])
            try:
                summary = self._dispatch(job, slot, now)
            except Exception as error:
                problem, whole = self._redact(one_line(error)), whole_traceback(error)
                self._records.fail(job.name, slot, problem, now, self._redact(whole) if whole else None)
            else:
                self._records.complete(job.name, slot, dict(summary), now)
                return self._event(EventKind.JOB_DONE, job, slot, now, attempt=row.attempts)
        return self._event(EventKind.JOB_FAILED, job, slot, now, error=problem)

    def _event(self, kind: EventKind, job: Job, slot: datetime, now: datetime, **detail: Any) -> Event:
        attempt = detail.get("attempt", "")
        return Event(
            kind,
            "scheduler",
            now,
            f"{job.name}@{slot.isoformat()}#{attempt}",
            {"job": job.name, "slot": slot.isoformat(), **detail},
        )


def one_line(error: BaseException) -> str:
    """Return an error in one line: the message of our own errors, type and last line of any other."""
    cause = getattr(error, "cause", None) or error
    if isinstance(cause, GroundswellError):
        return str(cause)
    lines = str(cause).strip().splitlines() or [""]
    return f"{type(cause).__name__}: {lines[-1]}"[:500]


def whole_traceback(error: BaseException) -> str | None:
    """Return the Python traceback of an unexpected error; None for a GroundswellError, whose message says enough.

    An error that Ray brings from another process holds it in its text, where a line about the task replaces the first.
    """
    if isinstance(getattr(error, "cause", None) or error, GroundswellError):
        return None
    if not hasattr(error, "cause"):
        return "".join(traceback.format_exception(error))
    kept: list[str] = []
    for line in _COLOUR.sub("", str(error)).strip().splitlines():
        if _TASK.match(line):
            kept.append(TRACEBACK_HEAD)
        elif not _MARKS.match(line) or kept[-1].startswith("    "):  # marks under a line that Ray left out
            kept.append(line)
    return "\n".join(kept) + "\n"
