"""SIGKILL at seeded points inside jobs: the tables end as if nothing had happened."""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from actors.runtime.installation import InstallationConfig
from core.events import EventKind
from storage.records.sql.records import SqlRecords
from tests.actors.small_system import TABLES, WORLD, contents, play, small_installation, stores, system_of

pytestmark = [
    pytest.mark.ray,
    pytest.mark.slow,
    pytest.mark.usefixtures("ray_cluster"),
    pytest.mark.timeout(1300),
]
HOURS = 12
POINTS = 20
TARGETS = {
    "ingest": ("ingestion", "governance", "scheduler"),
    "measure": ("metric", "scheduler"),
    "predict": ("prediction",),
    "narrate": ("semantic",),
}


@dataclass
class Point:
    """Kill `agent` so many seconds after `job` of hour `hour` was seen running."""

    hour: int
    job: str
    agent: str
    delay_s: float
    hit: bool = False
    done: bool = False


def seeded_points(seed: int) -> list[Point]:
    chance = random.Random(seed)
    jobs = [(hour, job) for hour in range(2, HOURS + 1) for job in TARGETS]
    chosen = sorted(chance.sample(jobs, POINTS))
    return [Point(hour, job, chance.choice(TARGETS[job]), chance.uniform(0.0, 0.06)) for hour, job in chosen]


class Killer(threading.Thread):
    """Watches the job rows and kills agents; a point is hit when its job was still running after the kill."""

    def __init__(self, installation: InstallationConfig, points: list[Point]) -> None:
        super().__init__(daemon=True)
        self.points = points
        self.stopped = threading.Event()
        self._records = SqlRecords(installation.records_url)

    def run(self) -> None:
        while not self.stopped.is_set():
            for point in self.points:
                if not point.done and self._running(point):
                    time.sleep(point.delay_s)
                    os.kill(self._pid(point.agent), signal.SIGKILL)
                    point.hit, point.done = self._running(point), True
            time.sleep(0.001)
        self._records.close()

    def _running(self, point: Point) -> bool:
        slot = WORLD.start.replace(hour=0).timestamp() + point.hour * 3600
        rows = self._records.jobs(job=point.job, limit=1)
        return bool(rows) and rows[0].slot.timestamp() == slot and rows[0].status == "running"

    def _pid(self, agent: str) -> int:
        events = self._records.events(kind=EventKind.AGENT_STARTED, agent=agent, limit=1000)
        return int(events[-1].detail["pid"])


def test_tables_after_twenty_kills_equal_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    calm, beaten = small_installation(tmp_path / "calm"), small_installation(tmp_path / "beaten")
    with system_of(calm) as system:
        play(system, WORLD.start, HOURS)
    killer = Killer(beaten, seeded_points(seed=20))
    with system_of(beaten) as system:
        killer.start()
        play(system, WORLD.start, HOURS)
        killer.stopped.set()
        killer.join()
    assert all(point.done for point in killer.points), [point for point in killer.points if not point.done]
    hits = sum(point.hit for point in killer.points)
    assert hits >= POINTS // 2, f"only {hits} of {POINTS} kills met a running job"
    expected, actual = contents(calm), contents(beaten)
    for name in TABLES:
        assert actual[name].equals(expected[name]), f"{name} differs"
    _, quiet = stores(calm)
    _, loud = stores(beaten)
    for job in ("ingest", "measure", "predict", "narrate", "alert"):
        left, right = (records.jobs(job=job, limit=100) for records in (quiet, loud))
        assert [row.slot for row in left] == [row.slot for row in right]
        assert {row.status for row in right} == {"completed"}
    assert quiet.used(WORLD.start.date()) == loud.used(WORLD.start.date())
