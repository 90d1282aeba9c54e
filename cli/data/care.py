"""`groundswell rebuild` and `forget`: work on the stores of an installation that is not running."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from actors.runtime.installation import PSEUDONYM_KEY
from cli.running.installation import only_one, require_home
from configs.cadence import load_cadence
from configs.quality import load_quality
from configs.settings import Settings
from core.errors import UsageError
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from pipelines.metrics.metrics import MomentumRule
from pipelines.metrics.rebuild import raw_span, rebuild_fetched, rebuild_measured
from pipelines.normalise.privacy import pseudonym
from pipelines.operations.forget import erase, remember_forgotten
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords


def rebuild(settings: Settings, tell: Callable[[str], None]) -> dict[str, Any]:
    """Make every table that comes from raw pages anew; return the range rebuilt and the rows of each table."""
    with _stores(settings) as (lake, _):
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


def forget(settings: Settings, videos: list[str], creators: list[str]) -> dict[str, int]:
    """Erase videos and creators everywhere, and keep them out; return the rows changed by table.

    A creator is named as the source names one: the platform's user id, or a recording's creator id or handle.
    """
    if not videos and not creators:
        raise UsageError("name what to forget: --video ID or --creator ID")
    with _stores(settings) as (lake, records):
        key = (settings.home / PSEUDONYM_KEY).read_bytes()
        hashes = [pseudonym(key, creator.removeprefix("@")) for creator in creators]
        now = datetime.now(UTC)
        remember_forgotten(records, key, videos, hashes, now)
        changed = erase(lake, videos, hashes)
        lake.vacuum(timedelta(0), now)
    return changed


@contextmanager
def _stores(settings: Settings) -> Iterator[tuple[DeltaLake, SqlRecords]]:
    require_home(settings)
    with only_one(settings.home.resolve()):
        records = SqlRecords(settings.records_url)
        stores = settings.stores
        try:
            yield (
                DeltaLake(settings.lake_root, tables(features_table(FEATURE_SET)), stores.buckets, stores.durable),
                records,
            )
        finally:
            records.close()


def _each_day(tell: Callable[[str], None], at: datetime) -> None:
    if at.hour == at.minute == 0:
        tell(f"metrics and features to {at:%Y-%m-%d %H:%M}")
