"""The `groundswell` command: watches TikTok hashtags and predicts which ones will surge."""

import logging
import sys
from typing import Annotated

import typer

from cli.benchmarking.commands import app as benchmarking
from cli.data.commands import app as data
from cli.data.lake import app as lake
from cli.inspection.commands import app as inspection
from cli.learning.commands import app as learning
from cli.running.commands import app as running
from cli.shared.group import CONTEXT, CommandGroup
from cli.texts.commands import app as texts
from cli.texts.vocabulary import app as vocabulary
from core.errors import GroundswellError

app = typer.Typer(
    cls=CommandGroup,
    context_settings=CONTEXT,
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=__doc__,
)
for group in (running, data, learning, texts, inspection):
    app.add_typer(group)
for name, group in (("lake", lake), ("vocabulary", vocabulary), ("bench", benchmarking)):
    app.add_typer(group, name=name, cls=CommandGroup)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("groundswell"))
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the command itself; `help` above describes it."""


def main() -> None:
    """Entry point: exit code 0 done, 1 failed, 2 wrong use."""
    logging.getLogger("stamina").setLevel(logging.ERROR)
    try:
        app(standalone_mode=True)
    except GroundswellError as error:
        sys.stderr.write(f"groundswell: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
