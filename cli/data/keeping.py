"""Commands that look after what is kept and what is spent."""

import json
from typing import Annotated

import typer

from cli.options import AsJson, Home, SettingsFile, out, settings_with
from core.errors import UsageError

app = typer.Typer()


@app.command()
def budget(
    home: Home = None,
    settings: SettingsFile = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days shown, today included")] = 7,
    as_json: AsJson = False,
) -> None:
    """Show where EnsembleData units went, by day, purpose and endpoint, and what is left for the rest of today."""
    from cli.data.budget import budget_sheet, curve_lines, spent_table

    sheet = budget_sheet(settings_with(settings, home), days)
    if as_json:
        out.print_json(json.dumps(sheet))
        return
    out.print(f"{sheet['now'][:16].replace('T', ' ')} UTC: {sheet['used']} of {sheet['cap']} units used today")
    if sheet["sleeps_until_midnight"]:
        out.print("EnsembleData says the day's units are used up: polling resumes at midnight UTC")
    out.print(spent_table(sheet))
    if sheet["hours_left"]:
        out.print("The rest of today, units an hour:")
    for line in curve_lines(sheet):
        out.print(line, markup=False)


@app.command()
def rebuild(
    source: Annotated[str, typer.Option("--from", help="What to rebuild from: raw")],
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Make snapshots, metrics and features anew from the raw pages, while the installation is stopped."""
    from cli.data.care import rebuild as rebuild_tables

    if source != "raw":
        raise UsageError(f"tables are rebuilt from raw pages: write --from raw, not {source!r}")
    tell = (lambda line: None) if as_json else out.print
    done = rebuild_tables(settings_with(settings, home), tell)
    if as_json:
        out.print_json(json.dumps(done))
        return
    for table, rows in done["rows"].items():
        out.print(f"{table:<20} {rows:>12,} rows")


@app.command()
def forget(
    video: Annotated[list[str] | None, typer.Option(help="Id of a video")] = None,
    creator: Annotated[list[str] | None, typer.Option(help="The platform's user id of a creator")] = None,
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Erase videos and creators from every table and file, and keep them out, while the installation is stopped."""
    from cli.data.care import forget as forget_everywhere

    changed = forget_everywhere(settings_with(settings, home), video or [], creator or [])
    if as_json:
        out.print_json(json.dumps(changed))
        return
    for table, rows in changed.items():
        out.print(f"{table:<20} {rows:>8,} rows changed or deleted")
    if not any(changed.values()):
        out.print("nothing of it was kept here; it will be kept out from now on")
