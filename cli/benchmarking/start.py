"""`groundswell bench start`: the first minutes of a fresh installation."""

import json
from typing import Annotated

import typer

from cli.shared.options import AsJson


def start(
    days: Annotated[int, typer.Option(help="Simulated days played first", min=2)] = 14,
    units: Annotated[int, typer.Option(help="EnsembleData units a day", min=1)] = 300,
    rounds: Annotated[int, typer.Option(help="Fresh starts, one after the other", min=1)] = 1,
    setup: Annotated[
        bool,
        typer.Option("--setup/--no-setup", help="Set up a fresh clone of the commit, or run this checkout as it is"),
    ] = True,
    keep: Annotated[bool, typer.Option(help="Keep the clones and installations")] = False,
    write: Annotated[bool, typer.Option(help="Write the figures into docs/measurements/start.md")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure a fresh start: set-up, page, first trained call, each day, memory, and the cost of doing nothing."""
    from dataclasses import asdict

    from benchmarks.start import report
    from benchmarks.start.measure import StartPlan, measure

    progress = typer.get_text_stream("stderr")
    plan = StartPlan(days, units, setup, keep)
    recorded = report.recorded_ratio()
    measured = [measure(plan, lambda line: print(line, file=progress, flush=True)) for _ in range(rounds)]
    if write:
        report.write(measured, plan)
    if as_json:
        typer.echo(json.dumps([{**asdict(row), "ratio": row.ratio} for row in measured]))
        return
    typer.echo(report.table(measured))
    typer.echo(f"\n{report.comparison(measured, recorded)}")
