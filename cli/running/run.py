"""`groundswell run`: everything on this machine, until Ctrl-C."""

import logging
import os
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import ray
from ray import serve
from ray.serve import RunTarget
from rich.console import Console

from actors.runtime.installation import InstallationConfig
from actors.runtime.local_ray import RayPlan, local_ray
from actors.runtime.orphan_reaper import start_orphan_reaper
from actors.runtime.system_clock import SystemClock
from actors.standin import StandinHost
from actors.system import AgentSystem
from cli.data.sweep import swept
from cli.running.banner import print_results
from cli.running.llm import host_beside
from cli.shared.installation import installation_of, only_one, prepare_home, require_port, some_port
from cli.shared.language_model import model_of
from cli.shared.progress import days_played
from cli.shared.signals import ignoring_signals, interruptible
from configs.cadence import load_cadence
from configs.settings import Settings, dashboard_token, ensembledata_token
from core.errors import UsageError
from core.schedule import next_moment
from pipelines.operations.older_stores import is_up_to_date
from serve.api.predict_route import PREFIX
from serve.api.security import require_token
from serve.hosting.deployment import ServeArgs, build, build_predictions
from sources.ensembledata.client import EnsembleData
from sources.ensembledata.requests import used_units
from sources.world.parameters import WorldParameters
from storage.lake.delta import DeltaLake
from storage.records.interface import Records
from storage.records.sql.records import SqlRecords

DEMO_TOKEN = "groundswell-demo"


def run_system(settings: Settings, out: Console, until_day: float | None = None) -> None:
    """Start Ray, the stand-in server, the agents and the pages; play the first days; run until stopped."""
    require_token(settings.serve.host, dashboard_token())
    home = prepare_home(settings.home)
    token = ensembledata_token() if settings.source.kind == "ensembledata" else DEMO_TOKEN
    if settings.source.kind == "ensembledata":
        clock = SystemClock()
        with closing(EnsembleData(settings.source.base_url, token, clock)) as client:
            client.call(used_units(clock.now().date()))
    with only_one(home), interruptible():
        require_port(settings.serve.port, "--port", settings.serve.host)
        records = SqlRecords(settings.records_url)
        remember_source(records, settings)
        records.put_value("agents", {}, SystemClock().now())
        plan = remembered_world(records, settings) if settings.source.kind == "standin" else None
        installation = _installation(settings, token, plan, records)
        lake = DeltaLake(
            settings.lake_root, installation.tables, buckets=installation.buckets, durable=installation.durable
        )
        for repaired in lake.recover():
            out.print(f"repaired: {repaired}")
        if not is_up_to_date(records):
            for name, count in swept(lake, records, SystemClock().now()).items():
                if count:
                    out.print(f"repaired: {count:,} {name}, which an older version stored in another way")
        reaper = start_orphan_reaper(os.getpid())
        try:
            _run(settings, installation, plan, lake, records, out, until_day)
        except KeyboardInterrupt:
            out.print("stopping")
        finally:
            with ignoring_signals():
                records.close()
                _stop_ray()
                reaper.terminate()
                reaper.wait()
    out.print("stopped; `make run` continues from here")


def remember_source(records: Records, settings: Settings) -> None:
    """Record the source of this home; UsageError when it had another one: simulated and real data never mix."""
    kind = settings.source.kind
    kept = records.value("source")
    if kept is None:
        simulated = kind == "standin"
        records.put_value("source", {"kind": kind, "simulated": simulated}, SystemClock().now())
    elif kept["kind"] != kind:
        raise UsageError(f"{settings.home} holds data of {kept['kind']}, not {kind}; choose another --home")


def remembered_world(records: Records, settings: Settings) -> WorldParameters:
    """Return the simulated world of this home, a new one at its first start; UsageError when the settings differ."""
    wanted = WorldParameters(
        seed=settings.world.seed,
        days=settings.world.days,
        hashtags=settings.world.hashtags,
        videos=settings.world.videos,
    )
    shown = {name: getattr(wanted, name) for name in ("seed", "days", "hashtags", "videos")}
    kept = records.value("world")
    if kept is None:
        records.put_value("world", shown, wanted.start)
    elif kept != shown:
        raise UsageError(f"{settings.home} holds the world {kept}; ask for that one or choose another --home")
    return wanted


def _installation(
    settings: Settings, token: str, world: WorldParameters | None, records: Records
) -> InstallationConfig:
    if world is not None:  # what is simulated can be made again: it need not survive a power cut
        passing = settings.stores.model_copy(update={"durable": False})
        return installation_of(
            settings.model_copy(update={"stores": passing}),
            source="standin",
            base_url=f"http://127.0.0.1:{some_port()}/apis",
            token=token,
            virtual=True,
            start=world.start,
            history_ends=world.start + settings.history,
            model=model_of(settings),
        )
    now = SystemClock().now()
    kept = records.value("start")
    start = datetime.fromisoformat(kept) if kept else now
    records.put_value("start", start.isoformat(), now)
    return installation_of(
        settings,
        source="ensembledata",
        base_url=settings.source.base_url,
        token=token,
        virtual=False,
        start=start,
        history_ends=start,
        model=model_of(settings),
    )


def _run(
    settings: Settings,
    installation: InstallationConfig,
    world: WorldParameters | None,
    lake: DeltaLake,
    records: Records,
    out: Console,
    until_day: float | None,
) -> None:
    out.print("starting Ray, the agents and the page (about half a minute)")
    ray_plan = RayPlan(settings.ray.num_cpus, settings.ray.object_store_mb, settings.ray.dashboard_port)
    with local_ray(ray_plan) as ray_dashboard:
        page = f"http://localhost:{settings.serve.port}"
        arguments = _serve_arguments(settings)
        _start_page(settings, arguments)
        out.print(f"dashboard      {page}")
        if ray_dashboard:
            out.print(f"Ray dashboard  {ray_dashboard}   (token: run `.venv/bin/ray get-auth-token`)")
        host_beside(settings, out)
        show_results = partial(print_results, out, lake, records, page)
        end = installation.start + timedelta(days=until_day) if until_day is not None else None
        if world is None:
            system = AgentSystem(installation)
            _start_predictions(arguments)
            show_results()
            system.live_real(SystemClock(), next_moment(installation.jobs, SystemClock().now()), end)
        else:
            standin = _start_standin(world, settings, installation)
            system = AgentSystem(installation)
            ray.get(standin.ready.remote())
            _start_predictions(arguments)
            _live_in(world, settings, installation, system, records, out, show_results, end)


def _start_standin(world: WorldParameters, settings: Settings, installation: InstallationConfig) -> Any:
    """Start the stand-in server; it lives as long as the handle that is returned."""
    return ray.remote(StandinHost).options(name="standin", num_cpus=0, max_restarts=-1).remote(
        world,
        int(installation.base_url.removesuffix("/apis").rsplit(":", 1)[1]),
        settings.source.units_per_day,
        installation.start,
    )  # fmt: skip


def _live_in(
    world: WorldParameters,
    settings: Settings,
    installation: InstallationConfig,
    system: AgentSystem,
    records: Records,
    out: Console,
    show_results: Callable[[], None],
    end: datetime | None,
) -> None:
    """Play the first days of the simulated world, then go on in time lapse until `end`."""
    clock = records.value("clock")
    begin = datetime.fromisoformat(clock["now"]) if clock else installation.start
    last = min(installation.history_ends, end or installation.history_ends)
    with days_played(out, begin, last) as on_moment:
        following = system.play(begin, last, on_moment)
    show_results()
    world_ends = world.start + timedelta(days=world.days)
    system.live(following, min(end, world_ends) if end else world_ends, settings.speed)
    if end is None:
        out.print(f"the simulated world ends here ({world_ends:%Y-%m-%d}); the page stays until Ctrl-C")
        while True:
            time.sleep(3600)


def _start_page(settings: Settings, arguments: ServeArgs) -> None:
    logging.getLogger("ray.serve").setLevel(logging.ERROR)
    serve.start(
        http_options={"host": settings.serve.host, "port": settings.serve.port}, logging_config={"log_level": "ERROR"}
    )
    serve.run(build(arguments), name="dashboard", route_prefix="/", blocking=False)


def _start_predictions(arguments: ServeArgs) -> None:
    """Deploy what answers POST /v1/predict without waiting for it."""
    target = RunTarget(build_predictions(arguments), name="predictions", route_prefix=PREFIX)
    serve.run_many([target], wait_for_applications_running=False)


def _serve_arguments(settings: Settings) -> ServeArgs:
    return ServeArgs(
        lake_root=settings.lake_root,
        records_url=settings.records_url,
        token=dashboard_token(),
        buckets=settings.stores.buckets,
        units_cap=settings.source.units_per_day,
        job_agents={job.name: job.agent for job in load_cadence(settings.cadence)},
        models_root=str(settings.home.resolve() / "models"),
    )


def _stop_ray() -> None:
    if ray.is_initialized():
        serve.shutdown()
        ray.shutdown()
