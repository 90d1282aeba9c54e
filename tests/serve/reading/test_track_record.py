from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from core.tables import OUTCOMES, PREDICTIONS
from core.windows import MICROSECOND
from serve.reading.track_record import Ledger, with_first_calls
from storage.memory.lake import MemoryLake
from tests.serve.small_lake import TABLES

DAY0 = datetime(2025, 5, 1, tzinfo=UTC)


def said(tag: str, at: datetime, model: str = "m", probability: float = 0.5, rank: int | None = 1) -> dict[str, object]:
    return {
        "hashtag": tag, "at": at, "model_id": model, "probability": probability, "rank": rank,
        "alerted": False, "feature_set": "v1", "window": at,
    }  # fmt: skip


def became(tag: str, at: datetime, viral: bool) -> dict[str, object]:
    surged = at + timedelta(hours=9) if viral else None
    return {"hashtag": tag, "at": at, "growth_24h": 0.5, "viral": viral, "surged_at": surged, "window": at,
            "resolved_at": at + timedelta(hours=25)}  # fmt: skip


def write(lake: MemoryLake, name: str, rows: list[dict[str, object]]) -> None:
    table = {"predictions": PREDICTIONS, "outcomes": OUTCOMES}[name]
    for at in sorted({row["window"] for row in rows}):  # type: ignore[type-var]
        mine = pl.DataFrame([row for row in rows if row["window"] == at], schema_overrides=dict(table.schema))
        frame = mine.select(mine[c] if c in mine.columns else pl.lit(None, t).alias(c) for c, t in table.schema.items())
        lake.replace(name, frame, at - MICROSECOND, at)  # type: ignore[operator,arg-type]


@pytest.fixture
def lake() -> MemoryLake:
    return MemoryLake(TABLES)


def test_a_first_call_follows_a_day_of_silence() -> None:
    hours = [0, 1, 24, 49, 50]
    calls = pl.DataFrame([said("a", DAY0 + timedelta(hours=h)) for h in hours]).drop("window")
    marked = with_first_calls(calls).sort("at")
    assert marked["first_call"].to_list() == [True, False, False, True, False]


def test_reading_day_by_day_gives_what_reading_at_once_gives(lake: MemoryLake) -> None:
    grown = Ledger(lake)
    for day in range(12):
        for hour in (3, 15):
            at = DAY0 + timedelta(days=day, hours=hour)
            write(
                lake,
                "predictions",
                [said(tag, at, probability=p, rank=r) for tag, p, r in (("a", 0.9, 1), ("b", 0.2, 12))],
            )
            grown.update(at, ())
        if day >= 2:
            past = DAY0 + timedelta(days=day - 2)
            for hour in (3, 15):
                at = past + timedelta(hours=hour)
                write(lake, "outcomes", [became("a", at, day % 2 == 0), became("b", at, False)])
    now = DAY0 + timedelta(days=12)
    once, many = Ledger(lake).update(now, ()), grown.update(now, ())
    assert many.calls.equals(once.calls)
    totals = [record.bins.group_by("bin").agg(pl.col("n", "hits").sum()).sort("bin") for record in (once, many)]
    assert totals[0].equals(totals[1])
    assert once.calls.height == 24
    assert totals[0]["n"].to_list() == [20, 20]


def test_an_outcome_that_comes_late_is_still_taken(lake: MemoryLake) -> None:
    write(lake, "predictions", [said("a", DAY0 + timedelta(hours=5))])
    ledger = Ledger(lake)
    assert ledger.update(DAY0 + timedelta(days=8), ()).calls["viral"].to_list() == [None]
    write(lake, "outcomes", [became("a", DAY0 + timedelta(hours=5), True)])
    assert ledger.update(DAY0 + timedelta(days=8, hours=1), ()).calls["viral"].to_list() == [True]


def test_nothing_said_is_an_empty_record(lake: MemoryLake) -> None:
    record = Ledger(lake).update(DAY0, ())
    assert record.calls.is_empty()
    assert record.bins.is_empty()
