"""`groundswell bench surges`: an installation for each world, played one after the other."""

import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from actors.runtime.installation import InstallationConfig
from actors.runtime.local_ray import RayPlan, local_ray
from benchmarks.surges.run import Measured, run
from cli.shared.installation import installation_of, prepare_home
from configs.settings import Settings
from sources.world.parameters import WorldParameters
from storage.records.sql.records import SqlRecords

KEY = b"groundswell bench surges: equal every time"[:32]
LOGICAL_CPUS, OBJECT_STORE_MB = 2, 128


@dataclass(frozen=True)
class SurgesPlan:
    """Which worlds are played, for how many days, where the results go, and whether the installations are kept."""

    seeds: list[int]
    days: int
    to: Path
    keep: bool


def measure_surges(settings: Settings, plan: SurgesPlan) -> list[Measured]:
    """Play the worlds that have no result file yet; returns the figures of all."""
    plan.to.mkdir(parents=True, exist_ok=True)
    own = {"durable": False, "lake": "", "records": ""}
    quick = settings.model_copy(update={"stores": settings.stores.model_copy(update=own)})

    def installation_in(home: Path, world: WorldParameters) -> InstallationConfig:
        chosen = quick.model_copy(update={"home": home})
        prepare_home(home, KEY)
        SqlRecords(chosen.records_url).close()
        ends = world.start + timedelta(days=plan.days)
        installation = installation_of(chosen, source="standin", virtual=True, start=world.start, history_ends=ends)
        return replace(installation, logs=None)

    def report(seed: int, now: datetime) -> None:
        if now.hour == 0:
            sys.stderr.write(f"world {seed}: {now:%Y-%m-%d}\n")

    with local_ray(RayPlan(LOGICAL_CPUS, OBJECT_STORE_MB, None)):
        return run(plan.seeds, plan.to, installation_in, report, plan.keep)
