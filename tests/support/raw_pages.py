"""Rows of table `raw` from answers of EnsembleData, as ingestion keeps them."""

from datetime import UTC, datetime
from typing import Any

import orjson
import polars as pl

from core.tables import RAW
from core.windows import window_end
from pipelines.normalise.raw import keep, pack

NOW = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)


KEY = b"test key"


def raw(data: Any, request_id: str = "r1", at: datetime = NOW, name: str = "dance") -> dict[str, Any]:
    return {
        "request_id": request_id,
        "endpoint": "/tt/hashtag/recent-posts",
        "params": orjson.dumps({"name": name}).decode(),
        "purpose": "tracking",
        "status": 200,
        "body": pack(keep(data, KEY).body),
        "error": None,
        "units_charged": 1,
        "fetched_at": at,
        "window": window_end(at),
    }


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RAW.schema)
