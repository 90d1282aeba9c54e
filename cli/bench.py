"""`groundswell bench`: what is fast, measured here; one command a benchmark."""

import typer

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def world() -> None:
    """The simulated world and its stand-in server at the default size."""
    from benchmarks.world_speed import main

    main()
