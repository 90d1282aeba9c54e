"""A complete system over a small simulated world, for tests that run it and kill its agents."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import ray

from actors.runtime.installation import InstallationConfig
from actors.standin import StandinHost
from actors.system import AgentSystem
from cli.shared.installation import installation_of, prepare_home, some_port
from configs.settings import Settings, SourceSettings, StoreSettings
from core.windows import HOUR
from sources.world.parameters import WorldParameters
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords

WORLD = WorldParameters(seed=3, days=8, hashtags=120, videos=6_000, creators=2_000, sounds=300)
KEY = b"the same pseudonyms in each run!"
TABLES = (
    "raw",
    "videos",
    "video_snapshots",
    "hashtag_snapshots",
    "creator_snapshots",
    "sound_snapshots",
    "hashtag_metrics",
    "features",
    "clusters",
    "themes",
    "predictions",
    "outcomes",
)


def small_installation(home: Path) -> InstallationConfig:
    """An installation on the small world, with its own stand-in port."""
    settings = Settings(
        home=prepare_home(home, KEY),
        source=SourceSettings(units_per_day=240, seeds=("dance", "recipe", "gym")),
        stores=StoreSettings(durable=True),
    )
    installation = installation_of(
        settings,
        source="standin",
        base_url=f"http://127.0.0.1:{some_port()}/apis",
        token="groundswell-demo",
        virtual=True,
        start=WORLD.start,
        history_ends=WORLD.start + timedelta(days=3),
    )
    return replace(installation, alert_threshold=0.2, embedder="none")


@contextmanager
def system_of(installation: InstallationConfig) -> Iterator[AgentSystem]:
    """The stand-in server and the agents, stopped at the end of the block."""
    port = int(installation.base_url.removesuffix("/apis").rsplit(":", 1)[1])
    standin = ray.remote(StandinHost).options(num_cpus=0).remote(WORLD, port, 1500, WORLD.start)
    ray.get(standin.ready.remote())
    system = AgentSystem(installation)
    try:
        yield system
    finally:
        system.close()
        ray.kill(standin)
        _until_closed(port)


def play(system: AgentSystem, start: datetime, hours: int) -> None:
    """Advance hour by hour."""
    for hour in range(1, hours + 1):
        system.advance(start + hour * HOUR)
    system.finish(start + hours * HOUR)


def stores(installation: InstallationConfig) -> tuple[DeltaLake, SqlRecords]:
    """The stores, opened from outside the system."""
    lake = DeltaLake(installation.lake_root, installation.tables, buckets=installation.buckets)
    return lake, SqlRecords(installation.records_url)


def contents(installation: InstallationConfig) -> dict[str, pl.DataFrame]:
    """All tables of the lake."""
    lake, records = stores(installation)
    records.close()
    return {name: lake.read(name) for name in TABLES}


def _until_closed(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
