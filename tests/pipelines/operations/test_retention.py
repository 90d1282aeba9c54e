from datetime import UTC, datetime

import polars as pl

from core.tables import HASHTAG_SNAPSHOTS, RAW
from core.windows import DAY
from pipelines.operations.retention import Retention, apply_retention
from storage.memory.lake import MemoryLake

NOW = datetime(2025, 5, 14, 3, tzinfo=UTC)
TABLES = {RAW.name: RAW, HASHTAG_SNAPSHOTS.name: HASHTAG_SNAPSHOTS}


def lake() -> MemoryLake:
    made, windows = MemoryLake(TABLES), [NOW - days * DAY for days in (0, 29, 31, 400)]
    common = {"fetched_at": NOW, "window": windows, "status": 200, "units_charged": 1}
    raw = pl.DataFrame([{**common, "window": at, "request_id": str(at)} for at in windows], schema=RAW.schema)
    raw = raw.with_columns(pl.lit("x").alias(name) for name in ("endpoint", "params", "purpose"))
    tags = pl.DataFrame([{**common, "window": at, "hashtag": "a"} for at in windows], schema=HASHTAG_SNAPSHOTS.schema)
    for name, frame in ((RAW.name, raw), (HASHTAG_SNAPSHOTS.name, tags)):
        made.replace(name, frame, NOW - 500 * DAY, NOW)
    return made


def test_raw_pages_go_after_a_month_and_the_rest_after_a_year() -> None:
    kept = lake()
    assert apply_retention(kept, Retention(), NOW) == {RAW.name: 2, HASHTAG_SNAPSHOTS.name: 1}
    assert sorted(kept.read(RAW.name)["window"]) == [NOW - 29 * DAY, NOW]
    assert kept.read(HASHTAG_SNAPSHOTS.name).height == 3
    assert apply_retention(kept, Retention(), NOW) == {}


def test_null_keeps_for_ever() -> None:
    assert apply_retention(lake(), Retention(None, None), NOW) == {}
