"""Labels against the slow reference, and the rules of the threshold one by one."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.labels.labels import Views, outcomes, threshold
from core.windows import HOUR
from tests.support.paths import SHARED_DATA
from tests.support.reference_labels import labels_at
from tests.support.requirements import require_data
from tests.support.worlds import T0, World, random_world


def labels(world: World, anchors: list[datetime]) -> list[dict[str, object]]:
    return outcomes(Views.of(world.hashtag_snapshots, world.video_snapshots), anchors).to_dicts()


def assert_equal(got: list[dict[str, object]], want: list[dict[str, object]]) -> None:
    want = sorted(want, key=lambda row: (row["hashtag"], row["at"]))
    assert len(got) == len(want)
    for mine, theirs in zip(got, want, strict=True):
        assert mine == theirs | {"growth_24h": pytest.approx(theirs["growth_24h"], rel=1e-9)}


@given(seed=st.integers(0, 10**6), plays=st.sampled_from([1, 1000]))
@settings(max_examples=12, deadline=None)
def test_random_worlds_give_what_the_reference_gives(seed: int, plays: int) -> None:
    small = random_world(seed, hours=60, tags=25, videos=60, readings=250)
    readings = [r | {"plays": None if r["plays"] is None else r["plays"] * plays} for r in small.readings]
    world = World(readings, small.totals, small.videos)
    anchors = [T0 + hours * HOUR for hours in (0, 6, 11, 24, 36)]
    want = [row for at in anchors for row in labels_at(world.readings, world.totals, at)]
    assert_equal(labels(world, anchors), want)


def test_a_slice_of_recorded_totals() -> None:
    path = SHARED_DATA / "hashtag-views" / "hashtag_snapshots.parquet"
    require_data(path)
    start = datetime(2025, 7, 1, tzinfo=UTC)
    rows = pl.read_parquet(path).filter(pl.col("fetched_at").is_between(start, start + 72 * HOUR, closed="right"))
    totals = rows.to_dicts()
    anchors = [start + hours * HOUR for hours in (12, 24, 30, 48)]
    got = labels(World([], totals, []), anchors)
    assert sum(bool(row["viral"]) for row in got) > 20
    assert_equal(got, [row for at in anchors for row in labels_at([], totals, at)])


def total(tag: str, hours: float, views: int) -> dict[str, object]:
    return {"hashtag": tag, "fetched_at": T0 + hours * HOUR, "views_total": views}


def test_a_total_not_read_within_six_hours_leaves_the_hashtag_unlabelled() -> None:
    world = World([], [total("a", -6, 1), total("a", 24, 2), total("b", -5.9, 1), total("b", 18.1, 30_001)], [])
    rows = labels(world, [T0])
    assert [(row["hashtag"], row["growth_24h"]) for row in rows] == [("b", 3.0)]


def test_of_ties_at_the_threshold_all_are_viral_and_no_growth_is_not() -> None:
    flat = [total(f"flat{n}", hours, 5) for n in range(30) for hours in (0, 24)]
    tied = [row for n in range(3) for row in (total(f"up{n}", 0, 10_000), total(f"up{n}", 24, 11_000))]
    rows = labels(World([], flat + tied, []), [T0])
    assert [row["hashtag"] for row in rows if row["viral"]] == ["up0", "up1", "up2"]
    assert not any(row["viral"] for row in labels(World([], flat, []), [T0]))


def test_the_surge_is_the_first_reading_at_the_threshold() -> None:
    steps = [(0, 10_000), (3, 10_500), (7, 12_000), (9, 11_000), (24, 12_000)]
    rows = labels(World([], [total("a", hours, views) for hours, views in steps], []), [T0])
    assert rows[0]["surged_at"] == T0 + 7 * HOUR
    assert rows[0]["growth_24h"] == pytest.approx(0.2)


def test_the_videos_known_at_the_anchor_are_those_compared() -> None:
    counters = {"hashtag": "a", "likes": None, "comments": None, "shares": None, "saves": None}
    plays = [("old", -48, 20_000), ("old", 5, 30_000), ("new", 2, 900_000), ("old", 23, None)]
    readings = [counters | {"video_id": v, "fetched_at": T0 + h * HOUR, "plays": p} for v, h, p in plays]
    rows = labels(World(readings, [], []), [T0])
    assert [row["growth_24h"] for row in rows] == [0.5]
    assert rows[0]["surged_at"] == T0 + 5 * HOUR


@given(n=st.integers(1, 200))
def test_the_threshold_is_the_growth_of_place_five_percent(n: int) -> None:
    growth = np.random.default_rng(n).permutation(n).astype(float)
    assert threshold(growth) == n - max(1, int(0.05 * n + 0.5))


def test_nothing_to_label_is_an_empty_frame() -> None:
    assert outcomes(Views.of(World([], [], []).hashtag_snapshots, World([], [], []).video_snapshots), [T0]).is_empty()
