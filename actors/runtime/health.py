"""What the pages show about the agents: which process each one runs as, and how far the first days are played."""

import time
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import ray

from actors.runtime.agent import Pulse
from actors.runtime.installation import InstallationConfig
from core.windows import DAY
from storage.records.interface import Records

PERIOD_S = 5.0
PACE_SPAN, LEAST_SPAN = timedelta(days=2), timedelta(hours=3)


class Pace:
    """How fast simulated days go by, from the last of them."""

    def __init__(self) -> None:
        self._passed: deque[tuple[datetime, float]] = deque()

    def day_s(self, now: datetime, at: float) -> float | None:
        """Return the seconds that a simulated day takes, from up to two days before `now`; None in the first hours.

        Parameters
        ----------
        at: seconds on a clock that never goes back
        """
        self._passed.append((now, at))
        while now - self._passed[0][0] > PACE_SPAN:
            self._passed.popleft()
        first, began = self._passed[0]
        return (at - began) / ((now - first) / DAY) if now - first >= LEAST_SPAN else None


class HealthMonitor:
    """Writes the values `agents` and `progress` of the records.

    Parameters
    ----------
    records: the store they are written to
    agents: handles of the other agents by name
    own: pulse of the Scheduler, which pings the others
    """

    def __init__(self, records: Records, agents: Mapping[str, Any], own: Pulse) -> None:
        self._records = records
        self._agents = agents
        self._own = own
        self._pinged_at = -PERIOD_S
        self._pace = Pace()

    def note(self, now: datetime, installation: InstallationConfig, seconds: float) -> None:
        """Record the progress of the history, and every 5 s the agents' pulses."""
        history = installation.history_ends - installation.start
        done = min(now, installation.history_ends) - installation.start
        phase = "history" if now < installation.history_ends else "live"
        day_s = self._pace.day_s(now, time.monotonic())
        progress = {
            "phase": phase,
            "done_days": done / DAY,
            "total_days": history / DAY,
            "now": now.isoformat(),
            "cycle_s": seconds,
            "day_s": day_s,
            "left_s": (history - done) / DAY * day_s if day_s is not None else None,
        }
        self._records.put_value("progress", progress, now)
        if time.monotonic() - self._pinged_at >= PERIOD_S:
            self._pinged_at = time.monotonic()
            self._records.put_value("agents", self._pulses(), now)

    def _pulses(self) -> dict[str, Any]:
        refs = {name: agent.ping.remote() for name, agent in self._agents.items()}
        ready, _ = ray.wait(list(refs.values()), num_returns=len(refs), timeout=2.0)
        pulses: dict[str, Pulse | None] = {name: ray.get(ref) if ref in ready else None for name, ref in refs.items()}
        return merge(self._records.value("agents") or {}, pulses | {"scheduler": self._own})


def merge(before: dict[str, Any], pulses: dict[str, Pulse | None]) -> dict[str, Any]:
    """Return the agents' rows; a new process under the same name is a restart, an agent without a pulse `silent`."""
    rows: dict[str, Any] = {}
    for name, pulse in pulses.items():
        old = before.get(name, {})
        if pulse is None:
            rows[name] = {"pid": old.get("pid"), "restarts": old.get("restarts", 0), "state": "silent"}
        else:
            again = old.get("pid") not in (None, pulse.pid)
            rows[name] = {"pid": pulse.pid, "restarts": old.get("restarts", 0) + again, "state": "alive"}
    return rows
