"""`groundswell lake sweep`: brings the stores of an installation that is not running to the rules of today."""

from datetime import UTC, datetime, timedelta

from cli.shared.stores import stopped_stores
from configs.settings import Settings
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from pipelines.ingestion.ingest import PLAN_KEY
from pipelines.operations.older_stores import bring_up_to_date
from storage.lake.interface import Lake
from storage.records.interface import Records


def sweep(settings: Settings) -> dict[str, int]:
    """Go over everything that is stored, delete the files of older versions, and return what was changed."""
    with stopped_stores(settings) as (lake, records):
        now = datetime.now(UTC)
        counted = swept(lake, records, now)
        lake.vacuum(timedelta(0), now)
    return counted


def swept(lake: Lake, records: Records, now: datetime) -> dict[str, int]:
    """Bring stores to the rules of today; return what was changed, by what it was."""
    declared = tables(features_table(FEATURE_SET)).values()
    return bring_up_to_date(lake, records, list(declared), PLAN_KEY, now)
