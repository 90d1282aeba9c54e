"""Options of the commands that run the system: run, replay, standin, llm."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.shared.console import console
from cli.shared.options import AsJson, Home, Recordings, SettingsFile, moment, settings_with
from core.errors import UsageError

app = typer.Typer()
EarlierUnits = Annotated[int | None, typer.Option("--units-per-day", hidden=True)]
"""The name that `--units` had before; it still works."""


@app.command()
def run(
    home: Home = None,
    settings: SettingsFile = None,
    source: Annotated[
        str | None, typer.Option(help="Source of the posts: standin (a simulated world) or ensembledata (the real API)")
    ] = None,
    speed: Annotated[
        float | None, typer.Option(help="Simulated seconds per second after the first days; 1 is real time")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--history-days", help="Simulated days played first, without waiting")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port of the dashboard")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the simulated world")] = None,
    units: Annotated[int | None, typer.Option(help="Most EnsembleData units spent per UTC day")] = None,
    units_before: EarlierUnits = None,
    ray_dashboard: Annotated[
        int | None, typer.Option(help="Port of Ray's own dashboard, which is started only with this; usually 8265")
    ] = None,
    until_day: Annotated[float | None, typer.Option(help="Stop once the installation is this many days old")] = None,
) -> None:
    """Run the whole system with its dashboard until Ctrl-C; the next start continues where this one stopped."""
    from cli.running.run import run_system

    chosen = settings_with(settings, home, speed=speed, history_days=days)
    chosen = chosen.model_copy(
        update={
            "source": _section(chosen.source, kind=source, units_per_day=units if units is not None else units_before),
            "serve": _section(chosen.serve, port=port),
            "world": _section(chosen.world, seed=seed),
            "ray": _section(chosen.ray, dashboard_port=ray_dashboard),
        }
    )
    run_system(chosen, console(), until_day)


@app.command()
def replay(
    recording: Recordings,
    start: Annotated[str, typer.Option("--from", help="First moment, e.g. 2025-05-14")],
    end: Annotated[str, typer.Option("--to", help="Last moment")],
    to: Annotated[Path, typer.Option("--out", help="Folder for the tables, figures and report")],
    warmup_days: Annotated[
        int, typer.Option(help="Days before --from that are played for training and not reported")
    ] = 14,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Run the agents over a recording on a virtual clock."""
    from cli.running.replay import ReplayPlan, replay_recording

    plan = ReplayPlan(tuple(recording), moment(start), moment(end), to, timedelta(days=warmup_days))
    result = replay_recording(settings_with(settings, to / "store"), plan, console(stderr=as_json))
    if as_json:
        console().print_json(json.dumps(result))


@app.command()
def standin(
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8100,
    recording: Annotated[list[Path] | None, typer.Option(help="Serve a recording instead of a simulated world")] = None,
    at: Annotated[
        str | None,
        typer.Option(help="Time of the clock, with --recording [default: its end]"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulated world")] = 7,
    days: Annotated[int, typer.Option(help="Length of the simulated world in days")] = 60,
    units: Annotated[int, typer.Option(help="Units that the demo token may spend per day")] = 1500,
    units_before: EarlierUnits = None,
    print_tags: Annotated[int | None, typer.Option(help="Print this many active hashtags and exit")] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="Fault to inject, name=share; can be repeated; `list` shows the names"),
    ] = None,
) -> None:
    """Serve the EnsembleData stand-in server alone; its token is groundswell-demo."""
    from cli.running.standin import StandinPlan, list_faults, serve_standin
    from sources.standin.fault_injector import read_faults

    if fault == ["list"]:
        list_faults(console())
        return
    when = moment(at) if at else None
    faults = read_faults(fault, seed) if fault else None
    units = units if units_before is None else units_before
    serve_standin(StandinPlan(port, tuple(recording or ()), when, seed, days, units, print_tags, faults), console())


@app.command()
def llm(
    settings: SettingsFile = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
) -> None:
    """Host the language model alone, with an OpenAI-compatible API at /llm/v1, until Ctrl-C."""
    from cli.running.llm import host_alone

    chosen = settings_with(settings, None)
    host_alone(chosen.model_copy(update={"serve": _section(chosen.serve, port=port)}), console())


def _section(section: Any, **changes: Any) -> Any:
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        return type(section).model_validate(section.model_dump() | given)
    except ValueError as error:
        raise UsageError(f"{', '.join(given)}: {error.errors()[0]['msg']}") from None  # type: ignore[attr-defined]
