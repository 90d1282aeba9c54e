"""Commands that look after what is kept and what is spent."""

import json
from typing import Annotated

import typer

from cli.options import AsJson, Home, SettingsFile, out, settings_with

app = typer.Typer()


@app.command()
def budget(
    home: Home = None,
    settings: SettingsFile = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days shown, today included")] = 7,
    as_json: AsJson = False,
) -> None:
    """Show where EnsembleData units went, by day, purpose and endpoint, and what is left for the rest of today."""
    from cli.budget import budget_sheet, curve_lines, spent_table

    sheet = budget_sheet(settings_with(settings, home), days)
    if as_json:
        out.print_json(json.dumps(sheet))
        return
    out.print(f"{sheet['now'][:16].replace('T', ' ')} UTC: {sheet['used']} of {sheet['cap']} units used today")
    if sheet["sleeps_until_midnight"]:
        out.print("EnsembleData says the day's units are used up: polling resumes at midnight UTC")
    out.print(spent_table(sheet))
    if sheet["hours_left"]:
        out.print("The rest of today, units an hour:")
    for line in curve_lines(sheet):
        out.print(line, markup=False)
