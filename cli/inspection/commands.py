"""Options of the commands that inspect an installation: status, doctor, sql."""

import json
from typing import Annotated

import typer

from cli.shared.options import AsJson, Home, SettingsFile, out, settings_with

app = typer.Typer()


@app.command()
def status(home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Show the state of an installation: its clock, agents, failed jobs and tables."""
    from cli.inspection.status import installation_status

    facts = installation_status(settings_with(settings, home))
    if as_json:
        out.print_json(json.dumps(facts, default=str))
        return
    for name, value in facts.items():
        out.print(f"{name:<16} {value}")


@app.command()
def doctor(home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Check what Groundswell needs on this machine, and say how to get what is missing."""
    from cli.inspection.doctor import examine

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
        out.print_json(json.dumps(table.to_dicts(), default=str))
        return
    import polars as pl

    with pl.Config(tbl_rows=100, tbl_cols=40, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
        out.print(str(table), markup=False)
    out.print(f"{table.height} row{'' if table.height == 1 else 's'}")
