"""The stores of an installation, opened from outside, and whether it is running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.shared.installation import only_one, require_home
from configs.settings import Settings
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords


def lake_of(settings: Settings) -> DeltaLake:
    """Return the lake of an installation; UsageError when there is none."""
    require_home(settings)
    return DeltaLake(settings.lake_root, tables(features_table(FEATURE_SET)), buckets=settings.stores.buckets)


def running(home: Path) -> int | None:
    """Return the id of the process that runs the installation in `home`; None when it is not running."""
    lock = home / "lock"
    pid = lock.read_text().strip() if lock.exists() else ""
    return int(pid) if pid.isdigit() and Path(f"/proc/{pid}").exists() else None


@contextmanager
def stopped_stores(settings: Settings) -> Iterator[tuple[DeltaLake, SqlRecords]]:
    """Yield the lake and the records of an installation that is not running; UsageError when it runs."""
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
