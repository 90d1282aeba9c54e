import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
from fastapi.testclient import TestClient

from core.tables import PREDICTIONS
from models.interface import Contribution
from pipelines.predictions.reasons import moved_by
from serve.api import rows
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.lake.delta import DeltaLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES

MOVED = [Contribution("novelty", 0.8, 0.7), Contribution("velocity", 0.4, -0.2)]
STORED = "For #beachday, what speaks for it is its size."


def at_hour(hour: int) -> pl.DataFrame:
    """Predictions of one hour: a ranked hashtag and an unranked one."""
    at = NOW - timedelta(hours=hour)
    parts = [{"feature": part.feature, "value": part.value, "contribution": part.contribution} for part in MOVED]
    common = dict.fromkeys(PREDICTIONS.schema) | {
        "at": at, "window": at, "model_id": "m", "probability": 0.3, "alerted": False, "feature_set": "v2",
        "contributions": json.dumps(parts),
    }  # fmt: skip
    tags = [common | {"hashtag": "beachday", "rank": 1, "moved_by": STORED}, common | {"hashtag": "quiet"}]
    return pl.DataFrame(tags, schema=PREDICTIONS.schema)


def test_a_lake_from_before_the_column_is_read_and_lists_run_no_rule(tmp_path: Path) -> None:
    fields = {name: field for name, field in PREDICTIONS.fields.items() if name != "moved_by"}
    older = DeltaLake(tmp_path, {**TABLES, "predictions": replace(PREDICTIONS, fields=fields)})
    hour = timedelta(hours=1)
    older.replace("predictions", at_hour(2).drop("moved_by"), NOW - 3 * hour, NOW - 2 * hour)
    lake = DeltaLake(tmp_path, TABLES)
    assert lake.read("predictions")["moved_by"].to_list() == [None, None]
    lake.replace("predictions", at_hour(1), NOW - 2 * hour, NOW - hour)

    with TestClient(build_api(Reader(lake, MemoryRecords(), wall=lambda: NOW))) as client:
        rows.sentence.cache_clear()
        listed = client.get("/v1/predictions").json()["items"]
        assert [(item["hashtag"], item["moved_by"]) for item in listed] == [("beachday", STORED), ("quiet", None)]
        past = client.get("/v1/predictions", params={"at": (NOW - 2 * hour).isoformat()}).json()["items"]
        assert [item["moved_by"] for item in past] == [None, None]
        led = client.get("/v1/hashtags/beachday").json()["predictions"]
        assert [item["moved_by"] for item in led] == [None, STORED]
        assert client.get("/").status_code == client.get("/hashtags/quiet").status_code == 200
        assert rows.sentence.cache_info().misses == 0
        for _ in range(2):
            quiet = client.get("/v1/hashtags/quiet").json()["predictions"]
            assert [item["moved_by"] for item in quiet] == [None, moved_by("quiet", NOW - hour, MOVED)]
        assert rows.sentence.cache_info().misses == 1
