"""Options of the commands over the data of an installation or recording, other than `lake`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.shared.console import console
from cli.shared.options import AsJson, Home, SettingsFile, duration, moment, settings_with
from core.errors import UsageError

app = typer.Typer()


@app.command()
def budget(
    home: Home = None,
    settings: SettingsFile = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Number of days shown, including today")] = 7,
    as_json: AsJson = False,
) -> None:
    """Show the EnsembleData units spent by day, purpose and endpoint, and those left for the rest of today."""
    from cli.data.budget import budget_sheet, curve_lines, spent_table

    sheet = budget_sheet(settings_with(settings, home), days)
    if as_json:
        console().print_json(json.dumps(sheet))
        return
    console().print(f"{sheet['now'][:16].replace('T', ' ')} UTC: {sheet['used']} of {sheet['cap']} units used today")
    if sheet["sleeps_until_midnight"]:
        console().print("EnsembleData says the day's units are used up: polling resumes at midnight UTC")
    console().print(spent_table(sheet))
    if sheet["hours_left"]:
        console().print("The rest of today, units an hour:")
    for line in curve_lines(sheet):
        console().print(line, markup=False)


@app.command()
def rebuild(
    source: Annotated[str, typer.Option("--from", help="Source of the rebuild: raw")],
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild snapshots, metrics and features from the raw pages of a stopped installation."""
    from cli.data.rebuild import rebuild as rebuild_tables

    if source != "raw":
        raise UsageError(f"tables are rebuilt from raw pages: write --from raw, not {source!r}")
    tell = (lambda line: None) if as_json else console().print
    done = rebuild_tables(settings_with(settings, home), tell)
    if as_json:
        console().print_json(json.dumps(done))
        return
    for table, rows in done["rows"].items():
        console().print(f"{table:<20} {rows:>12,} rows")


@app.command()
def forget(
    video: Annotated[list[str] | None, typer.Option(help="Id of a video to erase; can be repeated")] = None,
    creator: Annotated[list[str] | None, typer.Option(help="User id of a creator to erase; can be repeated")] = None,
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Erase videos and creators from every table and file of a stopped installation, and never store them again."""
    from cli.data.forget import forget as forget_everywhere

    changed = forget_everywhere(settings_with(settings, home), video or [], creator or [])
    if as_json:
        console().print_json(json.dumps(changed))
        return
    for table, rows in changed.items():
        console().print(f"{table:<20} {rows:>8,} rows changed or deleted")
    if not any(changed.values()):
        console().print("nothing of it was stored here; it will never be stored from now on")


@app.command()
def metrics(
    start: Annotated[str, typer.Option("--from", help="Start of the first window, e.g. 2025-05-14")],
    end: Annotated[str, typer.Option("--to", help="End of the last window")],
    to: Annotated[Path, typer.Option("--out", help="Parquet file to write the rows to")],
    recording: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of a recording; can be repeated [default: the lake of --home]"),
    ] = None,
    window: Annotated[str, typer.Option(help="Length of a window: a multiple of 15m")] = "1h",
    home: Home = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Compute every metric of every hashtag and window of a recording, or of an installation's lake."""
    from cli.data.metrics import MetricsPlan, measure
    from pipelines.metrics.parts import WindowRange

    plan = MetricsPlan(tuple(recording or ()), WindowRange(moment(start), moment(end), duration(window)), to)
    rows = measure(settings_with(settings, home), plan, console(stderr=as_json))
    if as_json:
        console().print_json(json.dumps({"rows": rows, "out": str(to)}))


@app.command()
def normalize(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Answers, posts or tables of posts: a file, a folder, or - for the standard input. JSON in any "
            "arrangement, CSV or Parquet; plain, gz, bz2, xz, zst or zip",
            show_default=False,
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Folder to write the recording to")] = None,
    fetched_at: Annotated[
        str | None,
        typer.Option(help="Fetch time of readings that have none [default: the file's modification time]"),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="Column of a table, as plays=view_count; can be repeated"),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(help="Installation whose secret key hashes the creators [default: a key kept in --out]"),
    ] = None,
    shapes: Annotated[bool, typer.Option("--shapes", help="Print the shapes that are recognised, and exit")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn raw answers, posts or tables into a recording, and count the posts accepted, repeated and set aside.

    Exit code 0: everything was accepted or repeats what was. 3: a part was set aside. 1: nothing was accepted.
    """
    from cli.data.normalize import NormalizePlan, require_some
    from cli.data.normalize import normalize as run_normalize
    from pipelines.normalise.kinds import shapes_table
    from pipelines.recordings.row_tables import require_columns

    if shapes:
        typer.echo(shapes_table())
        return
    if file is None or to is None:
        raise UsageError("name what to normalise and where to: groundswell normalize FILE --out FOLDER")
    plan = NormalizePlan(file, to, moment(fetched_at) if fetched_at else None, home, require_columns(mapping or []))
    counts = run_normalize(plan, console(stderr=as_json))
    if as_json:
        console().print_json(json.dumps(counts))
    require_some(counts, plan)
    if counts["quarantined"]:
        raise typer.Exit(3)
