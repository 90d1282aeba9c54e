"""The console that commands print to; the library behind it is loaded with the first line printed."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@cache
def console(stderr: bool = False) -> "Console":
    """Return the console of the standard output, or of the standard error."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)
