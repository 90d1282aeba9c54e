"""Options of `groundswell ground`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.shared.console import console
from cli.shared.options import AsJson

app = typer.Typer()


@app.command()
def ground(
    evidence: Annotated[Path, typer.Option(help='Evidence (JSON): {"metrics": [...], "entities"?, "drivers"?}')],
    narratives: Annotated[Path, typer.Option(help='Texts, one JSON a line: {"id", "text", "cites"}')],
    as_json: AsJson = False,
) -> None:
    """Hold texts against their evidence; exit code 1 when one is rejected. With --json a line of JSON for each."""
    from cli.texts.ground import judge, printable, report, require_texts

    judged = list(judge(evidence, narratives))
    if as_json:
        for result in judged:
            typer.echo(printable(json.dumps(result.to_json(), ensure_ascii=False)))
    else:
        report(judged, lambda line: console().print(printable(line), markup=False))
    require_texts(judged, narratives)
    if any(result.violations for result in judged):
        raise typer.Exit(1)
