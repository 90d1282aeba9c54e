"""Groups of commands whose help needs neither Rich nor Pydantic, so that it is there at once."""

from typing import Any

from typer.core import TyperGroup

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 120}
"""Settings of the command itself; its groups and commands inherit them."""


class CommandGroup(TyperGroup):
    """A group whose help shows the whole first paragraph of each command."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help` as a flag that is off: Typer loads Pydantic to convert the value of a flag that has none."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the names of the commands and what they do."""
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        rows = [(name, " ".join(_first_paragraph(command.help))) for name, command in commands if not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_paragraph(text: str | None) -> list[str]:
    return (text or "").strip().partition("\n\n")[0].split()
