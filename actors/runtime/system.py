"""The running house: the nine agents, and the loop that moves them through time."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import ray

from actors.runtime.installation import Installation
from actors.runtime.supervisor import start_agents
from core.clock import Clock


class AgentSystem:
    """The agents of one installation, moved by the process that made them.

    Parameters
    ----------
    installation: what the agents are told
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._agents: dict[str, Any] = start_agents(installation)

    def close(self) -> None:
        """End the agents; the stores hold all that is known."""
        for handle in self._agents.values():
            ray.kill(handle)

    def advance(self, now: datetime) -> datetime:
        """Have the Scheduler do what is due at `now`; returns the next moment that has something."""
        following: datetime = ray.get(self._agents["scheduler"].advance.remote(now))
        return following

    def play(self, start: datetime, end: datetime, told: Callable[[datetime], None] = lambda moment: None) -> datetime:
        """Go through all moments after `start` up to `end` without waiting; returns the first moment after `end`."""
        moment = start
        while moment <= end:
            following = self.advance(moment)
            told(moment)
            moment = following
        return moment

    def live(self, start: datetime, end: datetime | None, speed: float) -> datetime:
        """Go on from `start` at `speed` simulated seconds a second until `end` (None: for ever)."""
        moment, began, origin = start, time.monotonic(), start
        while end is None or moment <= end:
            wait = (moment - origin) / timedelta(seconds=speed) - (time.monotonic() - began)
            if wait > 0:
                time.sleep(wait)
            moment = self.advance(moment)
        return moment

    def live_real(self, clock: Clock, start: datetime, end: datetime | None) -> None:
        """Do what is due whenever the real `clock` reaches it, until `end` (None: for ever)."""
        moment = start
        while end is None or moment <= end:
            wait = (moment - clock.now()) / timedelta(seconds=1)
            if wait > 0:
                time.sleep(min(wait, 60.0))
                continue
            moment = self.advance(clock.now())
