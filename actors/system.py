"""The running system: starts the nine agents, and moves them through time."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import ray

from actors.evaluation import EvaluationAgent
from actors.governance import GovernanceAgent
from actors.improvement import ImprovementAgent
from actors.ingestion import IngestionAgent
from actors.metric import MetricAgent
from actors.notification import NotificationAgent
from actors.prediction import PredictionAgent
from actors.runtime.agent import BaseAgent
from actors.runtime.installation import InstallationConfig
from actors.runtime.local_ray import NAMESPACE
from actors.scheduler import SchedulerAgent
from actors.semantic.agent import SemanticAgent
from core.clock import Clock

AGENT_CLASSES: tuple[type[BaseAgent], ...] = (
    GovernanceAgent,
    NotificationAgent,
    IngestionAgent,
    MetricAgent,
    SemanticAgent,
    PredictionAgent,
    EvaluationAgent,
    ImprovementAgent,
    SchedulerAgent,
)
"""In the order in which they start: Governance first, because others look it up when they start."""


def start_agents(installation: InstallationConfig) -> dict[str, Any]:
    """Start all agents as named actors that Ray restarts for ever, and wait until each has opened its stores.

    Returns their handles by name.
    """
    options = {"namespace": NAMESPACE, "num_cpus": 0, "max_restarts": -1, "max_task_retries": -1}
    handles = {
        agent.name: ray.remote(agent)
        .options(name=agent.name, max_concurrency=agent.concurrency, **options)
        .remote(installation)
        for agent in AGENT_CLASSES
    }
    ray.get([handle.ping.remote() for handle in handles.values()])
    others = {name: handle for name, handle in handles.items() if name != SchedulerAgent.name}
    ray.get(handles[SchedulerAgent.name].register.remote(others))
    return handles


class AgentSystem:
    """The agents of one installation, driven by the process that created them."""

    def __init__(self, installation: InstallationConfig) -> None:
        self._agents = start_agents(installation)

    def close(self) -> None:
        """End the agents; their whole state is in the stores."""
        for handle in self._agents.values():
            ray.kill(handle)

    def advance(self, now: datetime) -> datetime:
        """Have the Scheduler run what is due at `now`; returns the next moment at which something is due."""
        following: datetime = ray.get(self._agents["scheduler"].advance.remote(now))
        return following

    def finish(self, now: datetime) -> None:
        """Wait until every job of `now` has ended, those too that trail behind the others."""
        ray.get(self._agents["scheduler"].finish.remote(now))

    def play(
        self, start: datetime, end: datetime, on_moment: Callable[[datetime], None] = lambda moment: None
    ) -> datetime:
        """Go through all moments after `start` up to `end` without waiting; returns the first moment after `end`.

        Parameters
        ----------
        on_moment: called with each moment once it is done
        """
        moment = last = start
        while moment <= end:
            following = self.advance(moment)
            on_moment(moment)
            last, moment = moment, following
        self.finish(last)
        return moment

    def live(self, start: datetime, end: datetime | None, speed: float) -> datetime:
        """Go on from `start` at `speed` simulated seconds per second until `end` (None: for ever)."""
        moment, began, origin = start, time.monotonic(), start
        while end is None or moment <= end:
            wait = (moment - origin) / timedelta(seconds=speed) - (time.monotonic() - began)
            if wait > 0:
                time.sleep(wait)
            following = self.advance(moment)
            self.finish(moment)
            moment = following
        return moment

    def live_real(self, clock: Clock, start: datetime, end: datetime | None) -> None:
        """Run what is due whenever the real `clock` reaches it, until `end` (None: for ever)."""
        moment = start
        while end is None or moment <= end:
            wait = (moment - clock.now()) / timedelta(seconds=1)
            if wait > 0:
                time.sleep(min(wait, 60.0))
                continue
            now = clock.now()
            moment = self.advance(now)
            self.finish(now)
