"""`groundswell replay`: the agents over a recording, on a virtual clock."""

import os
import shutil
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from actors.runtime.installation import InstallationConfig
from actors.runtime.local_ray import RayPlan, local_ray
from actors.runtime.orphan_reaper import start_orphan_reaper
from actors.system import AgentSystem
from cli.shared.installation import installation_of, prepare_home
from cli.shared.progress import days_played
from cli.shared.signals import ignoring_signals, interruptible
from configs.settings import Settings
from core.errors import GroundswellError, UsageError
from core.windows import HOUR, window_end
from pipelines.recordings.replay_feed import ReplayFeed
from pipelines.recordings.replay_output import write_outputs
from sources.recordings.loading import Recording, load_recording
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords

REPLAY_KEY = b"groundswell replay: the same pseudonyms in every run"[:32]
MARK = "made-by-groundswell-replay"
REPORTED = ("predict", "narrate", "alert", "summarise")


@dataclass(frozen=True)
class ReplayPlan:
    """What is replayed, and which part of it is reported.

    Parameters
    ----------
    recordings: folders of recordings, combined
    start, end: windows in (start, end] are reported
    out: folder for the results
    warmup: time before `start` in which only metrics, features and models are made; of what lies before that, only
        the readings are used
    """

    recordings: tuple[Path, ...]
    start: datetime
    end: datetime
    out: Path
    warmup: timedelta


def replay_recording(settings: Settings, plan: ReplayPlan, out: Console) -> dict[str, Any]:
    """Replay, and write tables, figures and a report into `plan.out`; returns rows by table and the seconds it took."""
    began = time.monotonic()
    if plan.end <= plan.start:
        raise UsageError(f"--to {plan.end:%Y-%m-%d %H:%M} must lie after --from {plan.start:%Y-%m-%d %H:%M}")
    recording = load_recording(plan.recordings)
    begin = _first_moment(recording, plan)
    store = settings.home
    _fresh(store)
    prepare_home(store, REPLAY_KEY)
    (store / MARK).touch()
    installation = _installation(settings, plan, begin)
    lake = DeltaLake(installation.lake_root, installation.tables, buckets=installation.buckets, durable=False)
    records = SqlRecords(installation.records_url)
    names = " and ".join(path.resolve().name for path in plan.recordings)
    records.put_value("source", {"kind": "recording", "simulated": False, "recording": names}, begin)
    with interruptible():
        reaper = start_orphan_reaper(os.getpid())
        try:
            readings = ReplayFeed(recording, REPLAY_KEY).fill(lake, begin)
            out.print(f"{names}: {readings:,} readings before {begin:%Y-%m-%d %H:%M} are loaded first")
            with local_ray(RayPlan(settings.ray.num_cpus, settings.ray.object_store_mb, None)):
                system = AgentSystem(installation)
                with days_played(out, begin, plan.end) as on_moment:
                    system.play(begin, plan.end, on_moment)
        except KeyboardInterrupt:
            raise GroundswellError("the replay was stopped; start it again to have its results") from None
        finally:
            with ignoring_signals():
                reaper.terminate()
                reaper.wait()
    rows = write_outputs(lake, records, plan.out, plan.start, plan.end, names)
    records.close()
    seconds = round(time.monotonic() - began, 1)
    for name, count in rows.items():
        out.print(f"{name:<18} {count:,}")
    out.print(f"report             {plan.out / 'report.md'}   ({seconds:.0f} s)")
    return {"rows": rows, "seconds": seconds, "out": str(plan.out)}


def _installation(settings: Settings, plan: ReplayPlan, begin: datetime) -> InstallationConfig:
    """Return the agents' configuration; jobs whose results are reported begin at `plan.start`."""
    installation = installation_of(
        settings.model_copy(update={"stores": settings.stores.model_copy(update={"durable": False})}),
        source="recording",
        recordings=tuple(path.resolve() for path in plan.recordings),
        virtual=True,
        start=begin,
        history_ends=plan.end,
    )
    quiet = tuple(replace(job, begins=plan.start) if job.name in REPORTED else job for job in installation.jobs)
    return replace(installation, jobs=quiet)


def _first_moment(recording: Recording, plan: ReplayPlan) -> datetime:
    first, last = recording.first, recording.last
    if plan.start >= last or plan.end <= first:
        raise UsageError(
            f"the recording runs from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}; choose --from and --to inside it"
        )
    warm = max(plan.start - plan.warmup, window_end(first, HOUR) - HOUR)
    return min(warm, plan.start)


def _fresh(store: Path) -> None:
    if not store.exists():
        return
    if not (store / MARK).exists():
        raise UsageError(f"{store} exists and no replay made it; choose another --out")
    shutil.rmtree(store)
