from datetime import UTC, datetime

import polars as pl

from core.grounding.rules import grounded
from core.tables import HASHTAG_METRICS, THEMES, Table
from core.windows import DAY, HOUR
from pipelines.judgements.collisions import collision_rows, find_collisions, hourly_gains
from prompts.registry import load_prompt
from storage.memory.lake import MemoryLake

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)


def fitting(table: Table, rows: list[dict[str, object]]) -> pl.DataFrame:
    whole = [dict.fromkeys(table.schema) | row for row in rows]
    return pl.DataFrame(whole, schema=table.schema)


def metrics(at: datetime, gains: dict[str, float], source: str = "totals") -> pl.DataFrame:
    fixed = {"window_end": at, "window": at, "window_length": 60, "emerging": False, "v_source": source}
    return fitting(HASHTAG_METRICS, [{"hashtag": tag, "views_gained": gain, **fixed} for tag, gain in gains.items()])


def themed(at: datetime) -> pl.DataFrame:
    fixed = {"at": at, "window": at, "label_source": "vocabulary", "size": 3, "keywords": [], "born_at": at}
    theme = {"cluster_id": "c1", "theme_label": "Home Gym", "centroid": [1.0, 0.0], "members": ["a", "b", "c"]}
    two = {"cluster_id": "c2", "theme_label": "Gym Talk", "centroid": [0.8, 0.6], "members": ["d", "e", "f"]}
    return fitting(THEMES, [theme | fixed, two | fixed])


def test_collisions_come_from_the_lakes_themes_and_two_days_of_gains() -> None:
    lake = MemoryLake({table.name: table for table in (HASHTAG_METRICS, THEMES)})
    assert find_collisions(lake, AT) == []
    for hour, factor in ((0, 1.5), (5, 0.5)):
        today = {"a": 900 * factor, "b": 800 * factor, "c": 100, "d": 200, "e": 500, "f": 100}
        lake.replace("hashtag_metrics", metrics(AT - hour * HOUR, today), AT - (hour + 1) * HOUR, AT - hour * HOUR)
    yesterday = metrics(AT - DAY, {"a": 400, "b": 500, "c": 300, "d": 900, "e": 600, "f": 100})
    lake.replace("hashtag_metrics", yesterday, AT - DAY - HOUR, AT - DAY)
    lake.replace("themes", themed(AT - 3 * HOUR), AT - 4 * HOUR, AT - 3 * HOUR)
    assert find_collisions(lake, AT) == []
    lake.replace("themes", themed(AT - HOUR), AT - 2 * HOUR, AT - HOUR)
    collisions = find_collisions(lake, AT)
    (row,) = collision_rows(AT, collisions, load_prompt("collision_template"), grounded)
    assert (row.rising, row.falling, row.rising_label, row.status) == ("c1", "c2", "Home Gym", "template")
    assert row.text.startswith(
        "Hashtags around #a gained 50 % more views an hour in the last day than in the day before."
    )
    assert round(row.similarity, 6) == 0.8


def test_both_days_rest_on_one_source_and_on_hours_that_were_read() -> None:
    rows = [
        metrics(AT, {"a": 10, "b": 30}),
        metrics(AT - HOUR, {"a": 20}),
        metrics(AT, {"c": 5}, "plays"),
        metrics(AT - DAY, {"a": 5, "c": 7}),
        metrics(AT - DAY, {"b": 2}, "plays"),
        metrics(AT - DAY - HOUR, {"c": 1}, "plays"),
    ]
    gains = hourly_gains(pl.concat(rows), AT)
    assert sorted(gains.iter_rows()) == [("a", 15.0, 5.0), ("c", 5.0, 1.0)]
