"""`groundswell vocabulary`: list proposed names of themes, and accept or reject them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.shared.console import console
from cli.shared.options import AsJson, Home, SettingsFile, settings_with

if TYPE_CHECKING:
    from storage.records.sql.records import SqlRecords

app = typer.Typer(no_args_is_help=True, help=__doc__)
LabelText = Annotated[str, typer.Argument(help="The label as `list` shows it")]
SHOWN = 6


@app.command("list")
def show(home: Home = None, settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """List the names that wait for a decision, newest first, with hashtags of their themes."""
    from pipelines.themes.memory import proposals

    with _records(home, settings) as records:
        waiting = proposals(records)
    if as_json:
        console().print_json(json.dumps(waiting))
    for label, facts in () if as_json else waiting.items():
        console().print(f"{label:<42}{facts['source']:<9}{' '.join(facts['words'][:SHOWN])}", markup=False)
    if not waiting and not as_json:
        console().print("no name waits for a decision")


@app.command()
def accept(label: LabelText, home: Home = None, settings: SettingsFile = None) -> None:
    """Add a name to the vocabulary; from then on the hashtags of its theme point to it."""
    from pipelines.themes.memory import decide

    with _records(home, settings) as records:
        decide(records, label, True, datetime.now(UTC))
    console().print(f"{label!r} is in the vocabulary from the next clustering on", markup=False)


@app.command()
def reject(label: LabelText, home: Home = None, settings: SettingsFile = None) -> None:
    """Reject a name: no theme is shown under it again."""
    from pipelines.themes.memory import decide

    with _records(home, settings) as records:
        decide(records, label, False, datetime.now(UTC))
    console().print(f"{label!r} is blocked from the next clustering on", markup=False)


@contextmanager
def _records(home: Home, settings: SettingsFile) -> Iterator["SqlRecords"]:
    from cli.shared.installation import require_home
    from storage.records.sql.records import SqlRecords

    chosen = settings_with(settings, home)
    require_home(chosen)
    records = SqlRecords(chosen.records_url, chosen.stores.durable)
    try:
        yield records
    finally:
        records.close()
