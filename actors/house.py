"""The running house on one machine: Ray in place, the nine agents, and the loop that moves them through time."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ray

from actors.installation import Installation
from actors.supervisor import NAMESPACE, start_agents

THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKIO_WORKER_THREADS": "2",
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True)
class RayPlan:
    """How Ray is started in place.

    Parameters
    ----------
    num_cpus: logical CPUs
    object_store_mb: size of the object store, MB
    dashboard_port: port of Ray's own dashboard, None for none
    """

    num_cpus: int = 8
    object_store_mb: int = 256
    dashboard_port: int | None = 8265


@contextmanager
def ray_in_place(plan: RayPlan) -> Iterator[str]:
    """Start Ray on the loopback interface and stop all of it at the end; yields the address of its dashboard."""
    os.environ.update(THREADS)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_DEDUP_LOGS", "0")
    os.environ.setdefault("RAY_SERVE_LOG_TO_STDERR", "0")
    context = ray.init(
        num_cpus=plan.num_cpus,
        namespace=NAMESPACE,
        include_dashboard=plan.dashboard_port is not None,
        dashboard_port=plan.dashboard_port,
        object_store_memory=plan.object_store_mb * 2**20,
        log_to_driver=False,
        logging_level=logging.ERROR,
        _node_ip_address="127.0.0.1",
    )
    try:
        yield f"http://{context.dashboard_url}" if plan.dashboard_port is not None else ""
    finally:
        ray.shutdown()


class House:
    """The agents of one installation, moved by the process that made them.

    Parameters
    ----------
    installation: what the agents are told
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._agents: dict[str, Any] = start_agents(installation)

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
        """Go on from `start`, `speed` simulated seconds a second, until `end` (None: for ever); returns the end reached."""
        moment, began, origin = start, time.monotonic(), start
        while end is None or moment <= end:
            wait = (moment - origin) / timedelta(seconds=speed) - (time.monotonic() - began)
            if wait > 0:
                time.sleep(wait)
            moment = self.advance(moment)
        return moment
