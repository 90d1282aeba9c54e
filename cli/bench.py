"""`groundswell bench`: what is fast, measured here; one command a benchmark."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson, out

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def world() -> None:
    """The simulated world and its stand-in server at the default size."""
    from benchmarks.world_speed import main

    main()


@app.command()
def predict(
    hashtags: Annotated[int, typer.Option(help="Hashtags scored at once", min=1)] = 10_000,
    requests: Annotated[int, typer.Option(help="Single hashtags asked for through Serve", min=2)] = 500,
    home: Annotated[Path | None, typer.Option(help="Use the champion of this installation")] = None,
    as_json: AsJson = False,
) -> None:
    """Scoring with the champion, intervals and explanations included, and one hashtag through Serve."""
    from benchmarks.predict_speed import measure, report

    measured = measure(hashtags, requests, home)
    if as_json:
        out.print_json(json.dumps(measured))
    else:
        report(measured)
