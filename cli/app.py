"""The `groundswell` command: a thin layer of options over the pieces; mistakes are one line, never a traceback."""

import json
import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.benchmarking.bench import app as bench
from cli.data.keeping import app as keeping
from cli.data.lake import app as lake
from cli.learning.backtest_command import backtest
from cli.options import AsJson, Home, Recordings, SettingsFile, duration, moment, out, settings_with
from cli.texts.vocabulary import app as vocabulary
from core.errors import GroundswellError, UsageError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(bench, name="bench")
app.add_typer(lake, name="lake")
app.add_typer(vocabulary, name="vocabulary")
app.add_typer(keeping)
app.command()(backtest)


@app.command()
def run(
    home: Home = None,
    settings: SettingsFile = None,
    source: Annotated[
        str | None, typer.Option(help="standin (a simulated world) or ensembledata (the real API)")
    ] = None,
    speed: Annotated[
        float | None, typer.Option(help="Simulated seconds a second after the first days; 1 is real time")
    ] = None,
    days: Annotated[int | None, typer.Option("--history-days", help="Simulated days played first")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the dashboard")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the simulated world")] = None,
    units: Annotated[
        int | None, typer.Option("--units-per-day", help="EnsembleData units that may be spent a UTC day")
    ] = None,
    until_day: Annotated[float | None, typer.Option(help="Stop after this many days of the installation")] = None,
) -> None:
    """Run the whole system with its dashboard until Ctrl-C; a second start continues."""
    from cli.running.run import run_system

    chosen = settings_with(settings, home, speed=speed, history_days=days)
    chosen = chosen.model_copy(
        update={
            "source": _section(chosen.source, kind=source, units_per_day=units),
            "serve": _section(chosen.serve, port=port),
            "world": _section(chosen.world, seed=seed),
        }
    )
    run_system(chosen, out, until_day)


def _section(section: Any, **changes: Any) -> Any:
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        return type(section).model_validate(section.model_dump() | given)
    except ValueError as error:
        raise UsageError(f"{', '.join(given)}: {error.errors()[0]['msg']}") from None  # type: ignore[attr-defined]


@app.command()
def replay(
    recording: Recordings,
    start: Annotated[str, typer.Option("--from", help="First moment, e.g. 2025-05-14")],
    end: Annotated[str, typer.Option("--to", help="Last moment")],
    to: Annotated[Path, typer.Option("--out", help="Folder for tables, figures and report")],
    warmup_days: Annotated[
        int, typer.Option(help="Days before --from that are played to learn from, not reported")
    ] = 14,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Run the same agents over a recording on the virtual clock."""
    from cli.running.replay import ReplayPlan, replay_recording

    plan = ReplayPlan(tuple(recording), moment(start), moment(end), to, timedelta(days=warmup_days))
    result = replay_recording(settings_with(settings, to / "store"), plan, Console(stderr=True) if as_json else out)
    if as_json:
        out.print_json(json.dumps(result))


@app.command()
def metrics(
    start: Annotated[str, typer.Option("--from", help="Start of the first window, e.g. 2025-05-14")],
    end: Annotated[str, typer.Option("--to", help="End of the last window")],
    to: Annotated[Path, typer.Option("--out", help="Parquet file for the rows")],
    recording: Annotated[
        list[Path] | None, typer.Option(help="Folder of a recording; several are united [default: the lake of --home]")
    ] = None,
    window: Annotated[str, typer.Option(help="Length of the windows: a multiple of 15m")] = "1h",
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Compute every metric of every hashtag and window of a recording, or of an installation's lake."""
    from cli.data.metrics import MetricsPlan, measure
    from pipelines.metrics.parts import WindowRange

    plan = MetricsPlan(tuple(recording or ()), WindowRange(moment(start), moment(end), duration(window)), to)
    rows = measure(settings_with(settings, home), plan, Console(stderr=True) if as_json else out)
    if as_json:
        out.print_json(json.dumps({"rows": rows, "out": str(to)}))


@app.command()
def normalize(
    file: Annotated[Path, typer.Argument(help="Raw answers or bare posts, one JSON a line, plain or .gz")],
    to: Annotated[Path, typer.Option("--out", help="Folder of the recording")],
    fetched_at: Annotated[
        str | None, typer.Option(help="When lines that tell no time were fetched [default: the file's own time]")
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(help="Installation whose secret hashes the creators [default: one kept in --out]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn raw answers into a recording, and count what was accepted, repeated and set aside."""
    from cli.data.normalize import NormalizePlan
    from cli.data.normalize import normalize as run_normalize

    plan = NormalizePlan(file, to, moment(fetched_at) if fetched_at else None, home)
    counts = run_normalize(plan, Console(stderr=True) if as_json else out)
    if as_json:
        out.print_json(json.dumps(counts))


@app.command()
def train(
    home: Home = None,
    settings: SettingsFile = None,
    trials: Annotated[int, typer.Option(help="Recipes to try; 0 trains with those known already", min=0)] = 20,
    folds: Annotated[int, typer.Option(help="Time-ordered folds that a trial is scored on", min=1)] = 3,
    concurrent: Annotated[int, typer.Option(help="Trials at one time", min=1)] = 2,
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of model to try; several times for several [default: the settings']")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Learn from what was known then [default: the present]")] = None,
    report: Annotated[Path | None, typer.Option(help="Where the HTML report goes")] = None,
    as_json: AsJson = False,
) -> None:
    """Search recipes, train, and let the best model challenge the champion; a killed search goes on."""
    from cli.learning.train import TrainPlan
    from cli.learning.train import train as run_training

    plan = TrainPlan(moment(at) if at else None, trials, folds, concurrent, tuple(kind or ()), report)
    result = run_training(settings_with(settings, home), plan, Console(stderr=True) if as_json else out)
    if as_json:
        out.print_json(json.dumps(result))
        return
    out.print(f"{result['status']}: {result['reason']}\nchampion {result['champion']}\nreport   {result['report']}")


@app.command()
def standin(
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8100,
    recording: Annotated[list[Path] | None, typer.Option(help="Serve a recording instead of a simulated world")] = None,
    at: Annotated[str | None, typer.Option(help="The clock's time (recordings)")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulated world")] = 7,
    days: Annotated[int, typer.Option(help="Days the simulated world lasts")] = 60,
    units: Annotated[int, typer.Option("--units-per-day", help="Daily cap of the demo token")] = 1500,
    print_tags: Annotated[int | None, typer.Option(help="Print this many busy hashtags and exit")] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="Something that goes wrong, name=share; `list` shows the names")
    ] = None,
) -> None:
    """Serve the EnsembleData stand-in alone; the token is groundswell-demo."""
    from cli.running.standin import StandinPlan, list_faults, serve_standin
    from sources.standin.fault_injector import read_faults

    if fault == ["list"]:
        list_faults(out)
        return
    when = moment(at) if at else None
    faults = read_faults(fault, seed) if fault else None
    serve_standin(StandinPlan(port, tuple(recording or ()), when, seed, days, units, print_tags, faults), out)


@app.command()
def llm(
    settings: SettingsFile = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
) -> None:
    """Host the language model alone, in OpenAI's shape at /llm/v1, until Ctrl-C."""
    from cli.running.language_model import host_alone

    chosen = settings_with(settings, None)
    host_alone(chosen.model_copy(update={"serve": _section(chosen.serve, port=port)}), out)


@app.command()
def status(home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Say how an installation is doing."""
    from cli.data.inspect import installation_status

    facts = installation_status(settings_with(settings, home))
    if as_json:
        out.print_json(json.dumps(facts, default=str))
        return
    for name, value in facts.items():
        out.print(f"{name:<16} {value}")


@app.command()
def doctor(home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Say what is missing here, and how to get it."""
    from cli.data.inspect import examine

    findings = examine(settings_with(settings, home))
    if as_json:
        out.print_json(json.dumps([finding._asdict() for finding in findings]))
    else:
        for finding in findings:
            mark = "ok" if finding.fine else "missing" if finding.needed else "note"
            out.print(f"{mark:<8} {finding.what}: {finding.detail}")
    if any(finding.needed and not finding.fine for finding in findings):
        raise typer.Exit(1)


@app.command()
def ground(
    evidence: Annotated[Path, typer.Option(help='Evidence (JSON): {"metrics": [...], "entities"?, "drivers"?}')],
    narratives: Annotated[Path, typer.Option(help='Texts, one JSON a line: {"id", "text", "cites"}')],
    as_json: AsJson = False,
) -> None:
    """Hold texts against their evidence; exit code 1 when one is rejected. With --json a line of JSON for each."""
    from cli.texts.ground import judge, report

    judged = list(judge(evidence, narratives))
    if as_json:
        for one in judged:
            typer.echo(json.dumps(one.to_json(), ensure_ascii=False))
    else:
        report(judged, lambda line: out.print(line, markup=False))
    if any(one.violations for one in judged):
        raise typer.Exit(1)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='For example: "select hashtag, probability from predictions limit 5"')],
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask the lake in SQL (DuckDB); every table of the lake is there by name."""
    from cli.data.inspect import ask_lake

    table = ask_lake(settings_with(settings, home), query)
    if as_json:
        out.print_json(json.dumps(table.to_dicts(), default=str))
        return
    import polars as pl

    with pl.Config(tbl_rows=100, tbl_cols=40, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
        out.print(str(table), markup=False)
    out.print(f"{table.height} row{'' if table.height == 1 else 's'}")


def main() -> None:
    """Entry point: exit code 0 done, 1 failed, 2 wrong use."""
    logging.getLogger("stamina").setLevel(logging.ERROR)
    try:
        app(standalone_mode=True)
    except GroundswellError as error:
        sys.stderr.write(f"groundswell: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
