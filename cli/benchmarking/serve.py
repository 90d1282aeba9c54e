"""`groundswell bench serve`: the pages and the HTTP interface over a made installation."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.shared.console import console
from cli.shared.options import AsJson


def serve(
    hashtags: Annotated[int, typer.Option(help="Hashtags of the made installation", min=20)] = 2_000,
    days: Annotated[int, typer.Option(help="Days of the made installation", min=3)] = 60,
    clients: Annotated[int, typer.Option(help="Clients that ask at the same time", min=1)] = 64,
    seconds: Annotated[float, typer.Option(help="Length of each measurement", min=1)] = 10.0,
    folder: Annotated[Path, typer.Option(help="Where made installations are kept for the next run")] = Path(
        ".cache/bench-serve"
    ),
    write: Annotated[bool, typer.Option(help="Write the figures into docs/measurements/serve.md")] = False,
    as_json: AsJson = False,
) -> None:
    """Pages and lists over a large installation: one client, many clients, and bare uvicorn for comparison."""
    from benchmarks.serve import measure as benchmark
    from benchmarks.serve.installation import made_installation

    progress = typer.get_text_stream("stderr")

    def tell(line: str) -> None:
        print(line, file=progress, flush=True)

    made = made_installation(folder, hashtags, days, tell)
    plan = benchmark.ServePlan(clients, seconds)
    figures = benchmark.measure(made, plan, tell)
    if write:
        benchmark.write(figures, made, plan)
    if as_json:
        typer.echo(json.dumps(benchmark.as_json(figures)))
    else:
        console().print(benchmark.table(figures), markup=False)
