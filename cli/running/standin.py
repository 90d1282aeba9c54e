"""`groundswell standin`: the stand-in EnsembleData server alone."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from actors.runtime.system_clock import SystemClock
from cli.shared.installation import require_port
from cli.shared.signals import interruptible
from core.clock import Clock
from core.errors import UsageError
from sources.recordings.loading import load_recording
from sources.standin.account import Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.fault_injector import FAULTS, FaultInjector
from sources.standin.recorded_backend import RecordingBackend
from sources.standin.server import StandinServer
from sources.world.parameters import WorldParameters
from sources.world.world import World


@dataclass(frozen=True)
class StandinPlan:
    """What is served.

    Parameters
    ----------
    port: to listen on, loopback only
    recordings: folders of recordings to serve instead of a simulated world
    at: time of the server's clock, for recordings
    seed, days: of the simulated world
    units_per_day: units that the demo token may spend per day
    print_tags: print this many active hashtags and serve nothing
    faults: faults to inject, with the share of requests they hit
    """

    port: int
    recordings: tuple[Path, ...]
    at: datetime | None
    seed: int
    days: int
    units_per_day: int
    print_tags: int | None
    faults: FaultInjector | None = None


def serve_standin(plan: StandinPlan, out: Console) -> None:
    """Serve until stopped, or print active hashtags."""
    backend, clock = _recording(plan) if plan.recordings else _world(plan)
    if plan.print_tags is not None:
        for tag in backend.busy_tags(clock.now(), plan.print_tags):
            out.print(tag)
        return
    require_port(plan.port, "--port")
    app = build_app(backend, Account(units_per_day=plan.units_per_day), clock, plan.faults)
    server = StandinServer(app, "127.0.0.1", plan.port)
    with interruptible():
        server.start()
        out.print(
            f"EnsembleData stand-in on http://127.0.0.1:{plan.port}/apis   token groundswell-demo   Ctrl-C stops it"
        )
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            out.print("stopped")
        finally:
            server.stop()


def list_faults(out: Console) -> None:
    """Print every fault and its effect."""
    for name, meaning in FAULTS.items():
        out.print(f"{name:<20} {meaning}")


def _recording(plan: StandinPlan) -> tuple[RecordingBackend, Clock]:
    recording = load_recording(plan.recordings)
    backend = RecordingBackend(recording.videos, recording.video_snapshots, recording.hashtag_snapshots)
    return backend, SettableClock(plan.at or recording.last)


def _world(plan: StandinPlan) -> tuple[World, Clock]:
    if plan.at is not None:
        raise UsageError("--at sets the clock of a recording; the simulated world alone runs on the real clock")
    middle = SystemClock().now() - timedelta(days=plan.days / 2)
    start = datetime(middle.year, middle.month, middle.day, tzinfo=UTC)
    return World(WorldParameters(seed=plan.seed, days=plan.days, start=start)), SystemClock()
