"""The Scheduler: moves the clock, runs what is due, and hands tables on without reading them."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import httpx
import ray

from actors.runtime.agent import BaseAgent, JobCall, JobReport, alive
from actors.runtime.handles import AgentHandles
from actors.runtime.handoff import Handoff
from actors.runtime.health import HealthMonitor
from actors.runtime.installation import InstallationConfig
from actors.runtime.logs import job_context
from core.events import EventKind
from core.schedule import Job, next_moment
from pipelines.operations.job_runner import JobRunner, one_line, whole_traceback


class SchedulerAgent(BaseAgent):
    """Actor shell over `JobRunner`."""

    name = "scheduler"

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._agents = AgentHandles(sorted({job.agent for job in installation.jobs}))
        self._runner = JobRunner(
            self.records, installation.jobs, installation.start, self._dispatch, self.pulse.owner, alive, self.redact
        )
        self._waiting: dict[str, list[Handoff]] = {job.name: [] for job in installation.jobs}
        self._handing = Lock()
        self._health = HealthMonitor(self.records, self._agents, self.pulse)
        self._clock_setter: httpx.Client | None = None
        if installation.virtual and installation.source == "standin":
            self._clock_setter = httpx.Client(
                base_url=installation.base_url.removesuffix("/apis"),
                trust_env=False,
                limits=httpx.Limits(max_keepalive_connections=0),
            )

    def register(self, agents: Mapping[str, Any]) -> None:
        """Take the handles of the other agents."""
        self._agents.register(agents)

    def advance(self, now: datetime) -> datetime:
        """Run what is due at `now`; returns the next moment at which something is due."""
        began = time.monotonic()
        if self._clock_setter is not None:
            self._clock_setter.post("/_standin/clock", json={"now": now.isoformat()}).raise_for_status()
        self.records.put_value("clock", {"now": now.isoformat(), "virtual": self.installation.virtual}, now)
        self._run(now)
        self._health.note(now, self.installation, time.monotonic() - began)
        return next_moment(self.installation.jobs, now)

    def finish(self, now: datetime) -> None:
        """Wait for the trailing jobs of `now`, those that a restart left undone among them, and report failures."""
        self._run(now)
        self._runner.wait_trailing()
        self._run(now)

    def _run(self, now: datetime) -> None:
        for event in self._runner.run(now):
            if event.kind is EventKind.JOB_FAILED:
                failed = event.detail
                slot = datetime.fromisoformat(failed["slot"])
                ray.get(self._agents["notification"].failure.remote(failed["job"], slot, failed["error"], now))

    def _dispatch(self, job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        with self._handing:
            handoffs = tuple(handoff for handoff in self._waiting[job.name] if handoff.address.end <= slot)
        call = JobCall(job.name, slot, now, handoffs)
        with job_context(job.name, slot, now):
            try:
                report: JobReport = ray.get(self._agents[job.agent].run.remote(call))
            except Exception as error:
                self.log.error("%s failed: %s", job.agent, one_line(error), extra={"traceback": whole_traceback(error)})
                raise
        with self._handing:
            self._keep(job.name, slot)
            for follower in self.installation.jobs:
                if follower.after == job.name:
                    self._keep(follower.name, slot - timedelta(days=1))
                    self._waiting[follower.name] += report.handoffs
        return report.summary

    def _keep(self, job: str, after: datetime) -> None:
        self._waiting[job] = [handoff for handoff in self._waiting[job] if handoff.address.end > after]
