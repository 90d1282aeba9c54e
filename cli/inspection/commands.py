"""Options of the commands that inspect an installation: status, doctor, sql."""

import json
from typing import Annotated

import typer

from cli.shared.console import console
from cli.shared.options import AsJson, Home, SettingsFile, moment, settings_with
from core.errors import UsageError

app = typer.Typer()


@app.command()
def status(
    home: Home = None,
    settings: SettingsFile = None,
    job: Annotated[
        str | None, typer.Option(help="Show the last runs of this job instead, with errors and tracebacks")
    ] = None,
    slot: Annotated[str | None, typer.Option(help="With --job: only this slot, e.g. 2025-05-14T12:00")] = None,
    last: Annotated[int, typer.Option(help="With --job: number of runs shown", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """Show the state of an installation, or the last runs of one of its jobs."""
    from cli.inspection.status import installation_status, job_runs, run_lines

    chosen = settings_with(settings, home)
    if slot is not None and job is None:
        raise UsageError("--slot needs --job")
    if job is not None:
        runs = job_runs(chosen, job, moment(slot) if slot else None, last)
        if as_json:
            console().print_json(json.dumps(runs))
        for line in () if as_json else run_lines(runs):
            console().print(line, markup=False)
        return
    facts = installation_status(chosen)
    if as_json:
        console().print_json(json.dumps(facts, default=str))
        return
    for name, value in facts.items():
        console().print(f"{name:<16} {value}")


@app.command()
def doctor(home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Check what Groundswell needs on this machine, and say how to get what is missing."""
    from cli.inspection.doctor import examine

    findings = examine(settings_with(settings, home))
    if as_json:
        console().print_json(json.dumps([finding._asdict() for finding in findings]))
    else:
        for finding in findings:
            mark = "ok" if finding.fine else "missing" if finding.needed else "note"
            console().print(f"{mark:<8} {finding.what}: {finding.detail}")
    if any(finding.needed and not finding.fine for finding in findings):
        raise typer.Exit(1)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help='For example: "select hashtag, probability from predictions limit 5"')],
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Query the lake in SQL (DuckDB); each table of the lake is a view of the same name."""
    from cli.inspection.sql import ask_lake

    table = ask_lake(settings_with(settings, home), query)
    if as_json:
        console().print_json(json.dumps(table.to_dicts(), default=str))
        return
    import polars as pl

    with pl.Config(tbl_rows=100, tbl_cols=40, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
        console().print(str(table), markup=False)
    console().print(f"{table.height} row{'' if table.height == 1 else 's'}")
