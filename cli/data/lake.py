"""Show what the lake holds, and maintain it by hand."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from cli.shared.console import console
from cli.shared.options import AsJson, Home, SettingsFile, duration, settings_with
from core.errors import UsageError

if TYPE_CHECKING:
    from configs.settings import Settings

app = typer.Typer(invoke_without_command=True, help=__doc__)
MIB = 2**20


@app.callback()
def show(context: typer.Context, home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Show sizes, versions, small files and pinned versions of every table."""
    context.obj = settings_with(settings, home)
    if context.invoked_subcommand is not None:
        return
    facts = _facts(context.obj)
    if as_json:
        console().print_json(data=facts, default=str)
    else:
        _print(facts)


@app.command()
def compact(context: typer.Context) -> None:
    """Merge the small files of every closed day, and of every closed month."""
    lake = _lake(context.obj)
    before = {table.table: table.files for table in lake.statistics()}
    lake.compact(datetime.now(UTC).date())
    for table in lake.statistics():
        if table.files != before[table.table]:
            console().print(f"{table.table:<20} {before[table.table]:,} files are {table.files:,} now")


@app.command()
def vacuum(
    context: typer.Context,
    keep: str = typer.Option("7d", help="Age up to which table versions stay readable; pinned versions always do"),
) -> None:
    """Delete files that no readable version needs."""
    lake = _lake(context.obj)
    lake.vacuum(duration(keep), datetime.now(UTC))
    console().print(f"done; versions younger than {keep} and pinned ones can be read")


@app.command()
def rebucket(
    context: typer.Context,
    buckets: int | None = typer.Option(None, help="Number of buckets [default: stores.buckets]", min=1, max=256),
) -> None:
    """Rewrite the snapshot tables with another number of buckets, while the installation is stopped."""
    from cli.shared.stores import running
    from storage.lake.delta_rebucket import rebucket as spread
    from storage.lake.delta_rebucket import stored_buckets
    from storage.lake.table_location import TableLocation

    settings: Settings = context.obj
    if running(settings.home):
        raise UsageError("groundswell is running here; stop it first")
    wanted = buckets or settings.stores.buckets
    for name, table in _tables().items():
        place = TableLocation(f"{settings.lake_root}/{name}")
        now = stored_buckets(place) if table.bucketed else None
        if now is not None and now != wanted:
            rows = spread(table, place, wanted, lambda day, rows: console().print(f"  {day:<10} {rows:,} rows"))
            console().print(f"{name:<20} {rows:,} rows: {now} buckets are {wanted} now")
    if wanted != settings.stores.buckets:
        console().print(f"set stores.buckets to {wanted} in the settings file before the next start")


@app.command()
def sweep(context: typer.Context, as_json: AsJson = False) -> None:
    """Erase what older versions kept of people, and merge spellings of hashtags, while the installation is stopped."""
    from cli.data.sweep import sweep as sweep_stores

    counted = sweep_stores(context.obj)
    if as_json:
        console().print_json(data=counted)
        return
    for name, count in counted.items():
        console().print(f"{name:<34} {count:>10,}")
    if not any(counted.values()):
        console().print("nothing to erase or to merge")


def _tables() -> dict[str, Any]:
    from core.features import FEATURE_SET
    from core.features.sets import features_table
    from core.tables import tables

    return tables(features_table(FEATURE_SET))


def _lake(settings: "Settings") -> Any:
    from cli.shared.stores import lake_of

    return lake_of(settings)


def _facts(settings: "Settings") -> dict[str, Any]:
    lake = _lake(settings)
    tables = [
        {
            "table": table.table, "version": table.version, "rows": table.rows, "files": table.files,
            "small_files": table.small, "bytes": table.size, "first": table.first, "last": table.last,
            "pinned": lake.pins(table.table),
        }
        for table in lake.statistics()
    ]  # fmt: skip
    return {"lake": settings.lake_root, "buckets": settings.stores.buckets, "tables": tables}


def _print(facts: dict[str, Any]) -> None:
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False)
    for heading, right in (
        ("table", 0),
        ("version", 1),
        ("rows", 1),
        ("files", 1),
        ("small", 1),
        ("MiB", 1),
        ("last", 0),
    ):
        grid.add_column(heading, justify="right" if right else "left", no_wrap=True)
    for table in facts["tables"]:
        last = "–" if table["last"] is None else f"{table['last']:%Y-%m-%d %H:%M}"
        grid.add_row(
            table["table"], "–" if table["version"] < 0 else str(table["version"]), f"{table['rows']:,}",
            f"{table['files']:,}", f"{table['small_files']:,}", f"{table['bytes'] / MIB:.1f}", last,
        )  # fmt: skip
    console().print(grid)
    total = sum(table["bytes"] for table in facts["tables"]) / MIB
    pins = sorted({name for table in facts["tables"] for name in table["pinned"]})
    console().print(f"\n{facts['lake']}: {total:.1f} MiB in {facts['buckets']} buckets; small files are under 1 MiB")
    if pins:
        console().print(f"pinned for training sets: {', '.join(pins)}")
