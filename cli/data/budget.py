"""`groundswell budget`: the units spent, and those that the daily curve leaves for the rest of the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from cli.shared.installation import require_home
from configs.settings import Settings
from core.windows import HOUR
from pipelines.ingestion.gate import CLOSED_DAY
from pipelines.polling.curve import DailyCurve
from storage.records.sql.records import SqlRecords


def budget_sheet(settings: Settings, days: int) -> dict[str, Any]:
    """Return the units of the last `days` UTC days by endpoint and purpose, and today's remaining hours."""
    require_home(settings)
    records = SqlRecords(settings.records_url)
    try:
        clock = records.value("clock")
        now = datetime.fromisoformat(clock["now"]) if clock else datetime.now(UTC)
        cap, used = settings.source.units_per_day, records.used(now.date())
        closed = records.value(CLOSED_DAY) == now.date().isoformat()
        dates = [(now - timedelta(days=back)).date() for back in range(days)]
        spent = [{"day": day.isoformat(), **row._asdict()} for day in dates for row in records.budget(day)]
    finally:
        records.close()
    return {
        "now": now.isoformat(),
        "cap": cap,
        "used": used,
        "left": 0 if closed else max(0, cap - used),
        "sleeps_until_midnight": closed,
        "spent": spent,
        "hours_left": [] if closed else _hours_left(settings, now, used),
    }


def _hours_left(settings: Settings, now: datetime, used: int) -> list[dict[str, Any]]:
    """Return the units that the curve gives each remaining hour of the day, after what is already used."""
    source = settings.source
    curve, cap = DailyCurve(source.busiest_hour, source.daily_swing), source.units_per_day
    hour, hours = now.replace(minute=0, second=0, microsecond=0), []
    while hour.date() == now.date():
        by_then = curve.due(hour, HOUR, cap)
        hours.append({"hour": hour.isoformat(), "units": max(0, by_then - used)})
        used, hour = max(used, by_then), hour + HOUR
    return hours


def spent_table(sheet: dict[str, Any]) -> Table:
    """Return the ledger as a table."""
    table = Table(box=None, pad_edge=False)
    for name in ("day", "purpose", "endpoint"):
        table.add_column(name)
    for name in ("requests", "units", "in doubt"):
        table.add_column(name, justify="right")
    for row in sheet["spent"]:
        figures = (str(row[name]) for name in ("requests", "units", "in_doubt"))
        table.add_row(row["day"], row["purpose"], row["endpoint"] or "–", *figures)
    return table


def curve_lines(sheet: dict[str, Any]) -> list[str]:
    """Return the rest of the day, one line per hour."""
    most = max((row["units"] for row in sheet["hours_left"]), default=1) or 1
    return [
        f"{row['hour'][11:16]}  {row['units']:>5}  {'█' * round(30 * row['units'] / most)}"
        for row in sheet["hours_left"]
    ]
