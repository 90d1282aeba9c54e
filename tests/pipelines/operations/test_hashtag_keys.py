"""Old spellings of one hashtag become one, in every table, and whatever stops the work in the middle."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from core.windows import HOUR
from pipelines.operations.hashtag_keys import merge_remembered, merge_spellings
from pipelines.polling.state import Arm, PanelMember, PollKind, PollState, Posting
from storage.lake.address import Address
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from storage.records.rows import NarrativeRow

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)
TABLES = tables(features_table(FEATURE_SET))
FYP, ODD, SLANTED = "fyp", "fyp\ufe0f", "\u202bfyp"
Row = dict[str, Any]


class StoppedError(Exception):
    """The process ended here."""


class StoppedLake(MemoryLake):
    """A lake whose process ends after some commits."""

    commits_left = 10_000

    def replace(self, table: str, frame: pl.DataFrame, start: datetime, end: datetime) -> Address:
        """See `Lake.replace`."""
        if self.commits_left == 0:
            raise StoppedError
        self.commits_left -= 1
        return super().replace(table, frame, start, end)


def put(lake: MemoryLake, name: str, rows: Sequence[Row]) -> None:
    frame = pl.DataFrame([dict.fromkeys(TABLES[name].schema) | row for row in rows], schema=TABLES[name].schema)
    lake.replace(name, frame, AT - 9 * DAY, AT + 9 * DAY)


def filled() -> StoppedLake:
    lake = StoppedLake(TABLES)
    reading = {"video_id": "1", "window": AT, "fetched_at": AT}
    put(
        lake,
        "video_snapshots",
        [
            reading | {"hashtag": FYP, "plays": 10},
            reading | {"hashtag": ODD, "plays": 12},
            reading | {"hashtag": SLANTED, "plays": 99, "fetched_at": AT - HOUR},
            reading | {"hashtag": ODD, "video_id": "2", "plays": 5},
            reading | {"hashtag": "bad\x00tag", "plays": 1},
            reading | {"hashtag": ODD, "window": AT + DAY, "fetched_at": AT + DAY, "plays": 20},
            reading | {"hashtag": "علی", "plays": 3},
            reading | {"hashtag": "علي", "plays": 4},
        ],
    )
    total = {"fetched_at": AT, "window": AT}
    put(
        lake,
        "hashtag_snapshots",
        [
            total | {"hashtag": FYP, "views_total": 1_000},
            total | {"hashtag": ODD, "views_total": 7, "fetched_at": AT + HOUR},
            total | {"hashtag": "i̇stanbul", "views_total": 50},
        ],
    )
    measured = {"window_end": AT, "window_length": 60, "emerging": False, "window": AT}
    put(
        lake,
        "hashtag_metrics",
        [measured | {"hashtag": tag, "volume": volume} for tag, volume in ((ODD, 9), (FYP, 4), ("straße", 2))],
    )
    video = {"endpoint": "x", "platform": "tiktok", "window": AT}
    put(
        lake,
        "videos",
        [
            video | {"video_id": "1", "hashtags": [ODD, "dance", FYP, "bad\x00tag"]},
            video | {"video_id": "2", "hashtags": ["dance"]},
        ],
    )
    theme = {
        "at": AT,
        "theme_label": "x",
        "label_source": "members",
        "centroid": [1.0],
        "keywords": [],
        "window": AT,
        "born_at": AT,
    }
    put(lake, "themes", [theme | {"cluster_id": "c", "size": 3, "members": [ODD, "straße", FYP]}])
    return lake


def contents(lake: MemoryLake) -> dict[str, list[Any]]:
    return {name: lake.read(name).rows() for name in TABLES}


def test_rows_of_one_hashtag_become_one_row_and_the_best_one_stays() -> None:
    lake = filled()
    changed = merge_spellings(lake, list(TABLES.values()))
    readings = lake.read("video_snapshots").select("hashtag", "video_id", "window", "plays").rows()
    assert readings == [
        (FYP, "1", AT, 12),
        (FYP, "1", AT + DAY, 20),
        (FYP, "2", AT, 5),
        ("علي", "1", AT, 4),
        ("علی", "1", AT, 3),
    ]
    totals = lake.read("hashtag_snapshots").select("hashtag", "views_total").rows()
    assert totals == [(FYP, 1_000), ("istanbul", 50)]
    metrics = lake.read("hashtag_metrics").select("hashtag", "volume").rows()
    assert metrics == [(FYP, 4), ("strasse", 2)]
    assert lake.read("videos")["hashtags"].to_list() == [[FYP, "dance"], ["dance"]]
    assert lake.read("themes").select("members", "size").row(0) == ([FYP, "strasse"], 2)
    assert {name: count for name, count in changed.items() if count} == {
        "video_snapshots": 5, "hashtag_snapshots": 2, "hashtag_metrics": 2, "videos": 1, "themes": 1
    }  # fmt: skip


def test_a_second_run_changes_nothing() -> None:
    lake = filled()
    merge_spellings(lake, list(TABLES.values()))
    versions = {name: lake.version(name) for name in TABLES}
    assert not any(merge_spellings(lake, list(TABLES.values())).values())
    assert {name: lake.version(name) for name in TABLES} == versions


@pytest.mark.parametrize("commits", range(6))
def test_stopped_anywhere_and_run_again_it_ends_the_same(commits: int) -> None:
    whole, lake = filled(), filled()
    merge_spellings(whole, list(TABLES.values()))
    lake.commits_left = commits
    with pytest.raises(StoppedError):
        merge_spellings(lake, list(TABLES.values()))
    lake.commits_left = 10_000
    merge_spellings(lake, list(TABLES.values()))
    assert contents(lake) == contents(whole)


def test_the_order_of_rows_makes_no_difference() -> None:
    lake, other = filled(), filled()
    rows = other.read("video_snapshots")
    other.replace("video_snapshots", rows.reverse(), AT - 9 * DAY, AT + 9 * DAY)
    for filled_lake in (lake, other):
        merge_spellings(filled_lake, list(TABLES.values()))
    assert contents(lake) == contents(other)


def test_what_the_records_hold_is_found_under_the_key() -> None:
    records = MemoryRecords()
    text = {"at": AT, "text": "it grew", "cites": ["m1"], "status": "template", "prompt_version": "t1"}
    rows = [NarrativeRow(narrative_id=name, hashtag=tag, **text) for name, tag in (("a", ODD), ("b", "dance"))]
    records.put_narratives(AT, rows)
    state = PollState(
        AT,
        postings={FYP: Posting(1.0, 2.0), ODD: Posting(0.5, 1.0), "bad\x00tag": Posting(9.0, 9.0)},
        arms={
            (PollKind.FEED, ODD, 0): Arm(1.0, 2.0, AT),
            (PollKind.FEED, FYP, 0): Arm(3.0, 4.0, AT - HOUR),
            (PollKind.SEARCH, "home decor", 1): Arm(5.0, 6.0, AT),
        },
        panel={ODD: PanelMember(AT, 2), FYP: PanelMember(AT - DAY)},
    )
    records.put_value("polls", {"slot": "s", "requests": [], "state": state.to_json()}, AT)
    changed = merge_remembered(records, "polls", AT)
    assert (changed["narratives"], changed["polled hashtags"]) == (1, 2)
    assert [row.narrative_id for row in records.narratives(hashtag=FYP)] == ["a"]
    saved = records.value("polls")
    assert saved is not None
    merged = PollState.from_json(saved["state"])
    assert merged.postings == {FYP: Posting(1.5, 3.0)}
    assert merged.panel == {FYP: PanelMember(AT - DAY)}
    assert merged.arms == {
        (PollKind.FEED, FYP, 0): Arm(4.0, 6.0, AT),
        (PollKind.SEARCH, "home decor", 1): Arm(5.0, 6.0, AT),
    }
    assert not any(merge_remembered(records, "polls", AT).values())
