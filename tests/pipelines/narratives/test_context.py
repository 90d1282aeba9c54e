from datetime import UTC, datetime
from typing import Any

import polars as pl

from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from core.windows import HOUR
from pipelines.narratives.context import shared_sounds, themes_of, with_context
from pipelines.narratives.evidence import Subject
from storage.memory.lake import MemoryLake

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
TABLES = tables(features_table(FEATURE_SET))


def put(lake: MemoryLake, table: str, window: datetime, rows: list[dict[str, Any]]) -> None:
    schema = TABLES[table].schema
    frame = pl.DataFrame([dict.fromkeys(schema) | {"window": window} | row for row in rows], schema=schema)
    lake.append(table, frame, window - HOUR, window)


def filled() -> MemoryLake:
    lake = MemoryLake(TABLES, buckets=2)
    posts = [("v1", "s1"), ("v2", "s1"), ("v3", "s2"), ("v4", "s3"), ("v5", "s3"), ("v6", None)]
    of = {"gym": ["v1", "v3", "v4"], "dance": ["v2", "v5"], "cats": ["v6"], "other": ["v3"]}
    read = {"endpoint": "x", "platform": "tiktok", "hashtags": []}
    put(lake, "videos", AT - HOUR, [{"video_id": name, "sound_id": sound} | read for name, sound in posts])
    seen = [{"hashtag": tag, "video_id": name, "fetched_at": AT - HOUR} for tag, names in of.items() for name in names]
    put(lake, "video_snapshots", AT - HOUR, seen)
    titles = [("s1", "A Song"), ("s2", "Another"), ("s3", None)]
    put(
        lake,
        "sound_snapshots",
        AT - HOUR,
        [{"sound_id": name, "title": title, "licensed": True, "fetched_at": AT - HOUR} for name, title in titles],
    )
    for moment, theme in ((AT - 3 * HOUR, "Old Name"), (AT - HOUR, "Home Gym")):
        put(lake, "clusters", moment, [{"hashtag": "gym", "at": moment, "cluster_id": "c1", "similarity": 0.9}])
        words = {"label_source": "vocabulary", "centroid": [1.0], "size": 1, "members": ["gym"], "keywords": []}
        put(
            lake,
            "themes",
            moment,
            [{"cluster_id": "c1", "at": moment, "theme_label": theme, "born_at": moment} | words],
        )
    return lake


def test_only_licensed_sounds_heard_with_another_leader_count() -> None:
    assert shared_sounds(filled(), ["gym", "dance", "cats"], AT) == {"gym": 1, "dance": 1}
    assert shared_sounds(filled(), ["gym", "other"], AT) == {"gym": 1, "other": 1}
    assert shared_sounds(filled(), ["gym"], AT) == {"gym": 0}


def test_what_is_older_than_a_day_or_not_known_yet_is_left_out() -> None:
    assert shared_sounds(filled(), ["gym", "dance"], AT + 30 * HOUR) == {}
    assert shared_sounds(filled(), ["gym", "dance"], AT - 2 * HOUR) == {}


def test_the_theme_is_that_of_the_newest_clustering() -> None:
    assert themes_of(filled(), ["gym", "dance"], AT) == {"gym": "Home Gym"}
    assert themes_of(filled(), ["gym"], AT - 2 * HOUR) == {"gym": "Old Name"}
    assert themes_of(filled(), ["gym"], AT + 48 * HOUR) == {}


def test_subjects_get_both() -> None:
    subjects = [Subject(tag, AT, {"probability": 0.5}) for tag in ("gym", "cats", "dance")]
    context = [(subject.theme, subject.shared_sounds) for subject in with_context(filled(), subjects, AT)]
    assert context == [("Home Gym", 1), ("", None), ("", 1)]
    assert with_context(filled(), [], AT) == []
