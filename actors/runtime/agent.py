"""What all agents share: their stores, their pulse, the shape of a job."""

import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psutil

from actors.runtime.handoff import Handoff
from actors.runtime.installation import InstallationConfig
from actors.runtime.logs import configure_logs, job_context, redactor
from core.errors import GroundswellError
from core.events import Event, EventKind
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords


@dataclass(frozen=True)
class JobCall:
    """One slot of one job, as the Scheduler requests it."""

    job: str
    slot: datetime
    now: datetime
    handoffs: Sequence[Handoff] = ()


@dataclass(frozen=True)
class JobReport:
    """The result of a job: small facts by value, tables as hand-offs."""

    summary: Mapping[str, Any] = field(default_factory=dict)
    handoffs: Sequence[Handoff] = ()


@dataclass(frozen=True)
class Pulse:
    """A sign of life: process id and start time, in seconds since the epoch."""

    pid: int
    started: float

    @property
    def owner(self) -> str:
        """Identifies the process that holds a job; the start time tells it from a later process with the same id."""
        return f"{self.pid}:{self.started:.2f}"


def alive(owner: str) -> bool:
    """Return whether the process that `Pulse.owner` named is still running on this machine."""
    pid, _, started = owner.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == started
    except (psutil.Error, ValueError):
        return False


class BaseAgent:
    """Base of the nine agents: opens the stores in its own process, logs its jobs and answers `ping`.

    `concurrency` is the number of calls that an agent handles at the same time.
    """

    name = "agent"
    concurrency = 1

    def __init__(self, installation: InstallationConfig) -> None:
        self.installation = installation
        self.redact = redactor(installation.secrets)
        if installation.logs is not None:
            configure_logs(self.name, installation.home, installation.logs, self.redact)
        self.log = logging.getLogger(f"groundswell.{self.name}")
        self.lake = DeltaLake(
            installation.lake_root, installation.tables, buckets=installation.buckets, durable=installation.durable
        )
        self.records = SqlRecords(installation.records_url, installation.durable)
        self.pulse = Pulse(os.getpid(), psutil.Process().create_time())
        clock = self.records.value("clock")
        now = datetime.fromisoformat(clock["now"]) if clock else installation.start
        self.emit(EventKind.AGENT_STARTED, now, {}, str(self.pulse.pid))
        self.log.info("started as process %d", self.pulse.pid)

    def ping(self) -> Pulse:
        """Return the pulse of this agent's process."""
        return self.pulse

    def run(self, call: JobCall) -> JobReport:
        """Do one job and log its end; a failure is logged with its traceback and raised again."""
        watch = Stopwatch()
        with job_context(call.job, call.slot, call.now):
            try:
                report = self.work(call)
            except GroundswellError as error:
                self.log.error("failed after %.3f s: %s", watch.seconds, error)
                raise
            except Exception:
                self.log.exception("failed after %.3f s", watch.seconds)
                raise
            facts = ", ".join(f"{name} {value}" for name, value in report.summary.items())
            self.log.info("done in %.3f s: %s", watch.seconds, facts)
        return report

    def work(self, call: JobCall) -> JobReport:
        """Do one job; the body of `run`, which every agent with jobs implements."""
        raise NotImplementedError(f"{self.name} has no job {call.job}")

    def emit(self, kind: EventKind, at: datetime, detail: Mapping[str, Any], subject: str = "") -> None:
        """Write one event to the event log, with the process id among its facts."""
        facts = {"pid": self.pulse.pid, **detail}
        self.records.put_events([Event(kind, self.name, at, subject, facts)])


class Stopwatch:
    """Measures the durations in events: seconds since it was created."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Elapsed seconds, rounded to the millisecond."""
        return round(time.monotonic() - self._start, 3)
