"""The Scheduler: moves the clock, runs what is due, hands tables on without looking into them."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import httpx
import ray

from actors.runtime.agent import Agent, JobCall, JobReport, alive
from actors.runtime.handoff import Handoff
from actors.runtime.health import Health
from actors.runtime.installation import Installation
from actors.runtime.roster import AgentHandles
from core.events import EventKind
from core.schedule import Job, next_moment
from pipelines.operations.job_runner import JobRunner


class Scheduler(Agent):
    """Actor shell over `JobRunner`."""

    name = "scheduler"

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self._agents = AgentHandles(sorted({job.agent for job in installation.jobs}))
        self._runner = JobRunner(
            self.records, installation.jobs, installation.start, self._dispatch, self.pulse.owner, alive
        )
        self._waiting: dict[str, list[Handoff]] = {job.name: [] for job in installation.jobs}
        self._handing = Lock()
        self._health = Health(self.records, self._agents, self.pulse)

    def meet(self, agents: Mapping[str, Any]) -> None:
        """Be told the handles of the other agents."""
        self._agents.meet(agents)

    def advance(self, now: datetime) -> datetime:
        """Do what is due at `now`; returns the next moment at which something is."""
        began = time.monotonic()
        if self.installation.virtual and self.installation.source == "standin":
            httpx.post(
                f"{self.installation.base_url.removesuffix('/apis')}/_standin/clock", json={"now": now.isoformat()}
            ).raise_for_status()
        self.records.put_value("clock", {"now": now.isoformat(), "virtual": self.installation.virtual}, now)
        for event in self._runner.run(now):
            if event.kind is EventKind.JOB_FAILED:
                told = event.detail
                slot = datetime.fromisoformat(told["slot"])
                ray.get(self._agents["notification"].failure.remote(told["job"], slot, told["error"], now))
        self._health.note(now, self.installation, time.monotonic() - began)
        return next_moment(self.installation.jobs, now)

    def _dispatch(self, job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        call = JobCall(job.name, slot, now, tuple(self._waiting[job.name]))
        report: JobReport = ray.get(self._agents[job.agent].run.remote(call))
        with self._handing:
            self._keep(job.name, slot)
            for follower in self.installation.jobs:
                if follower.after == job.name:
                    self._keep(follower.name, slot - timedelta(days=1))
                    self._waiting[follower.name] += report.handoffs
        return report.summary

    def _keep(self, job: str, after: datetime) -> None:
        self._waiting[job] = [one for one in self._waiting[job] if one.address.end > after]
