"""`groundswell bench`: what is fast, measured here; one command a benchmark."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import moment, out

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def world() -> None:
    """The simulated world and its stand-in server at the default size."""
    from benchmarks.world_speed import main

    main()


@app.command()
def models(
    recording: Annotated[Path, typer.Option(help="Folder of a recording")],
    until: Annotated[str, typer.Option(help="Nothing read from then on is looked at, e.g. 2025-03-01")],
    folds: Annotated[int, typer.Option(min=1, help="Periods, one after the other")] = 5,
    days: Annotated[int, typer.Option(min=1, help="Days of a period")] = 60,
    kind: Annotated[list[str] | None, typer.Option(help="Kind of model; several are compared")] = None,
) -> None:
    """Kinds of models on time-ordered folds that end before a moment."""
    from benchmarks.model_folds import compare

    compare(recording, moment(until), folds, days, tuple(kind or ("xgboost", "logistic")), out)
