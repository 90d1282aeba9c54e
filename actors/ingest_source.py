"""Where posts come from: polls of the EnsembleData API, or the feed of a recording."""

from datetime import datetime, timedelta
from typing import Protocol

from actors.runtime.gate_proxy import GateProxy
from actors.runtime.installation import InstallationConfig
from actors.runtime.system_clock import SystemClock
from core.clock import Clock, VirtualClock
from pipelines.ingestion.ingest import Ingest
from pipelines.ingestion.result import IngestResult
from pipelines.polling.curve import DailyCurve
from pipelines.polling.plan import Planner
from pipelines.recordings.replay_feed import Replay, ReplayFeed
from sources.ensembledata.client import EnsembleData
from sources.recordings.loading import load_recording
from storage.lake.interface import Lake
from storage.records.interface import Records

SCORES_BEHIND = timedelta(hours=2)
"""On a virtual clock the predictions of the last hour may still be in the making when the next hour is polled."""


class IngestSource(Protocol):
    """Writes the rows of a slot to the lake."""

    def run(self, slot: datetime, now: datetime) -> IngestResult:
        """Fetch the slot; running it again leaves the same tables."""
        ...


class _SlotClock:
    """The time of the current slot on a virtual clock; the machine's time on a real one."""

    def __init__(self, virtual: bool, start: datetime) -> None:
        self._clock: Clock = VirtualClock(start) if virtual else SystemClock()

    def now(self) -> datetime:
        return self._clock.now()

    def set(self, now: datetime) -> None:
        if isinstance(self._clock, VirtualClock):
            self._clock = VirtualClock(now)


class _Polling:
    """`Ingest` with its clock set to the slot's present first."""

    def __init__(self, clock: _SlotClock, ingest: Ingest) -> None:
        self._clock = clock
        self._ingest = ingest

    def run(self, slot: datetime, now: datetime) -> IngestResult:
        self._clock.set(now)
        return self._ingest.run(slot, now)


def ingest_source(installation: InstallationConfig, lake: Lake, records: Records, every: timedelta) -> IngestSource:
    """Return the source of an installation, which is polled once per `every`."""
    key = installation.pseudonym_key
    if installation.source == "recording":
        feed = ReplayFeed(load_recording(installation.recordings), key)
        return Replay(feed, lake, records, installation.start)
    clock = _SlotClock(installation.virtual, installation.start)
    client = EnsembleData(installation.base_url, installation.token, clock)
    curve = DailyCurve(installation.busiest_hour, installation.daily_swing)
    planner = Planner(installation.seeds, installation.units_per_day, every, curve)
    checks = installation.deletion_checks
    behind = SCORES_BEHIND if installation.virtual else timedelta(0)
    ingest = Ingest(
        client, lake, records, GateProxy(), planner, key,
        limits=installation.quality, deletion_checks=checks, behind=behind,
    )  # fmt: skip
    return _Polling(clock, ingest)
