"""Printed when the first days are over: the ten most likely surges, the champion's figures, the addresses."""

from rich.console import Console
from rich.table import Table

from core.windows import HOUR
from storage.lake.interface import Lake
from storage.records.interface import Records

SHOWN = ("precision_at_10", "pr_auc", "lift", "calibration_error", "lead_time_median_h", "false_surge_rate")


def print_results(out: Console, lake: Lake, records: Records, page: str) -> None:
    """Print the latest ranking, the latest figures of the champion, and where to look."""
    _print_ranking(out, lake, records)
    _print_figures(out, records)
    out.print(f"\ndashboard      {page}\nAPI docs       {page}/docs")
    out.print("Ctrl-C stops everything")


def _print_ranking(out: Console, lake: Lake, records: Records) -> None:
    done = records.last_slot("predict")
    if done is None:
        out.print("no predictions yet: the first ones come at the next full hour")
        return
    rows = lake.read("predictions", start=done.replace(microsecond=0) - HOUR, end=done)
    champion = rows.filter(rows["rank"].is_not_null()).sort("rank").head(10)
    table = Table(title=f"Most likely to surge, as of {done:%Y-%m-%d %H:%M} UTC", title_justify="left")
    for name in ("#", "hashtag", "probability", "80 % interval"):
        table.add_column(name)
    for row in champion.iter_rows(named=True):
        spread = f"{row['lower']:.0%} to {row['upper']:.0%}" if row["lower"] is not None else "–"
        table.add_row(str(row["rank"]), f"#{row['hashtag']}", f"{row['probability']:.0%}", spread)
    out.print(table)


def _print_figures(out: Console, records: Records) -> None:
    figures = {(row.model, row.name): row for row in records.kpis() if row.scope == "all" and row.value is not None}
    for name in SHOWN:
        row = figures.get(("champion", name))
        if row is None:
            continue
        base = figures.get(("last-24h-growth", name))
        beside = f"   (last-24h growth: {base.value:.3f})" if base is not None else ""
        interval = f" [{row.lower:.3f}, {row.upper:.3f}]" if row.lower is not None else ""
        out.print(f"{name:<24} {row.value:.3f}{interval}{beside}")
