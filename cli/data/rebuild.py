"""`groundswell rebuild`: rebuilds the tables of an installation that is not running from its raw pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cli.shared.stores import stopped_stores
from configs.cadence import load_cadence
from configs.quality import load_quality
from configs.settings import Settings
from core.errors import UsageError
from pipelines.metrics.metrics import MomentumRule
from pipelines.metrics.rebuild import raw_span, rebuild_fetched, rebuild_measured


def rebuild(settings: Settings, tell: Callable[[str], None]) -> dict[str, Any]:
    """Rebuild every table that is derived from raw pages; return the rebuilt range and the rows of each table."""
    with stopped_stores(settings) as (lake, _):
        span = raw_span(lake)
        if span is None:
            raise UsageError(f"no raw pages in {settings.lake_root}: there is nothing to rebuild from")
        start, end = span
        limits = load_quality(settings.quality)
        rebuild_fetched(lake, start, end, limits, lambda at: tell(f"fetched tables to {at:%Y-%m-%d %H:%M}"))
        rule = MomentumRule(*settings.learning.momentum_weights)
        every = next(job.every for job in load_cadence(settings.cadence) if job.agent == "metric")
        rebuild_measured(lake, start, end, every, rule, lambda at: _each_day(tell, at))
        rows = {row.table: row.rows for row in lake.statistics() if row.version >= 0}
    return {"from": start.isoformat(), "to": end.isoformat(), "rows": rows}


def _each_day(tell: Callable[[str], None], at: datetime) -> None:
    if at.hour == at.minute == 0:
        tell(f"metrics and features to {at:%Y-%m-%d %H:%M}")
