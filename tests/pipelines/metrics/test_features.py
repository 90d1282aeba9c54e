"""Features at a moment: what they say, and that nothing after that moment changes them."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from core.features import FEATURE_SETS
from core.features.sets import describe
from core.labels.labels import Views, outcomes
from core.labels.rises import TotalReadings
from core.metrics.state import empty_state
from core.windows import DAY, HOUR
from pipelines.metrics.features import FEATURE_SET, FEATURES, advance_rises, features, load_rises
from pipelines.metrics.metrics import advance, load_state
from tests.support.paths import DOCS
from tests.support.worlds import T0, World, random_world


def features_at(world: World, hours: int, residuals: pl.DataFrame | None = None) -> pl.DataFrame:
    state, rises = empty_state(T0, HOUR), TotalReadings.none()
    for step in range(1, hours + 1):
        end = T0 + step * HOUR
        videos, totals, new = world.between(end - HOUR, end)
        metrics, state = advance(state, end, videos, totals, new)
        rises = advance_rises(rises, state, totals)
    return features(state, rises, metrics, residuals)


@given(seed=st.integers(0, 10**6), other=st.integers(0, 10**6), hours=st.integers(2, 30))
@settings(max_examples=6, deadline=None)
def test_changing_everything_fetched_later_changes_nothing(seed: int, other: int, hours: int) -> None:
    world, elsewhere = random_world(seed), random_world(other, tags=9)
    now = T0 + hours * HOUR
    changed = World(
        [r for r in world.readings if r["fetched_at"] <= now]
        + [r for r in elsewhere.readings if r["fetched_at"] > now],
        [r for r in world.totals if r["fetched_at"] <= now] + [r for r in elsewhere.totals if r["fetched_at"] > now],
        world.videos,
    )
    results = []
    for lake in (world.lake(), changed.lake()):
        state = load_state(lake, now - HOUR, HOUR)
        tables = ("video_snapshots", "hashtag_snapshots", "videos")
        metrics, state = advance(state, now, *(lake.read(table, start=now - HOUR) for table in tables))
        results.append((metrics, features(state, load_rises(lake, state), metrics)))
    assert_frame_equal(results[0][0], results[1][0], check_exact=True)
    assert_frame_equal(results[0][1], results[1][1], check_exact=True)


@given(seed=st.integers(0, 10**6), hours=st.integers(25, 38))
@settings(max_examples=6, deadline=None)
def test_past_growth_is_the_label_of_a_day_ago(seed: int, hours: int) -> None:
    world, now = random_world(seed), T0 + hours * HOUR
    past = World(
        *([r for r in rows if r["fetched_at"] <= now] for rows in (world.readings, world.totals)), world.videos
    )
    labels = outcomes(Views.of(past.hashtag_snapshots, past.video_snapshots), [now - DAY])
    growth = dict(labels.select("hashtag", "growth_24h").iter_rows())
    rows = features_at(world, hours)
    assert rows.height
    assert {tag: growth.get(tag) for tag in rows["hashtag"]} == dict(
        rows.select("hashtag", "growth_24h_past").iter_rows()
    )


def total(hours: float, views: int, tag: str = "a") -> dict[str, object]:
    return {"hashtag": tag, "fetched_at": T0 + hours * HOUR, "views_total": views}


def only(rows: pl.DataFrame) -> dict[str, float | None]:
    return rows.filter(pl.col("hashtag") == "a").to_dicts()[0]


def test_a_hashtag_known_by_totals() -> None:
    views = [20_000, 20_000, 21_000, 23_000, 23_000, 23_000, 29_000, 29_000]
    row = only(features_at(World([], [total(hour - 0.5, v) for hour, v in enumerate(views, 1)], []), 8))
    assert row["gained_1h"] == 0
    assert row["gained_3h"] == pytest.approx(6000 / 23_000)
    assert row["gained_6h"] == pytest.approx(9000 / 20_000)
    assert row["gained_12h"] is None
    assert row["hours_since_rise"] == pytest.approx(1.5)
    assert row["last_rise"] == pytest.approx(6000 / 23_000)
    assert row["hours_since_reading"] == pytest.approx(0.5)
    assert row["hours_since_detected"] == 7
    assert row["quiet_share_24h"] == pytest.approx(4 / 7)
    assert row["peak_share_24h"] == pytest.approx(6 / 9)
    assert row["velocity"] == -1
    assert row["velocity_lag_1h"] == 10
    assert (row["volume"], row["novelty"], row["videos_24h"]) == (None, None, None)
    assert row["from_totals"] == 1


def reading(video: str, hours: float, plays: int, likes: int | None) -> dict[str, object]:
    at = {"hashtag": "a", "video_id": video, "fetched_at": T0 + hours * HOUR}
    return at | {"plays": plays, "likes": likes, "comments": None, "shares": None, "saves": None}


def test_a_hashtag_known_by_its_videos() -> None:
    readings = [reading("v", 0.5, 100, 10), reading("v", 1.5, 300, None), reading("w", 1.6, 50, None)]
    people = {"v": "ann", "w": "ann", "x": "bob"}
    videos = [
        {"video_id": v, "created_at": T0 + HOUR / 4, "creator_id": who, "sound_id": None, "hashtags": ["a"]}
        for v, who in people.items()
    ]
    row = only(features_at(World(readings, [], videos), 2))
    assert (row["videos_24h"], row["creators_24h"], row["top_creator_share_24h"]) == (2, 1, 1)
    assert row["engagement_efficiency"] == pytest.approx(0.1), "carried forward from the window before"
    assert row["likes_rate"] is None
    assert row["gained_3h_log"] is not None
    assert row["from_totals"] == 0
    assert row["hours_since_rise"] is None


def test_residuals_of_resolved_predictions_only() -> None:
    world = World([], [total(hour - 0.5, 10) for hour in range(1, 40)], [])
    at = [T0 - DAY * 7, T0 + HOUR, T0 + 8 * HOUR, T0 + 30 * HOUR]
    past = pl.DataFrame({"hashtag": ["a"] * 4, "at": at, "residual": [0.9, -0.2, 0.6, 1.0]})
    row = only(features_at(world, 36, past))
    assert row["residual_last"] == 0.6
    assert row["residual_mean_7d"] == pytest.approx(0.2)
    assert only(features_at(world, 36))["residual_last"] is None


def test_every_feature_is_there_and_those_without_a_source_are_null() -> None:
    rows = features_at(random_world(1), 30)
    assert rows.schema == pl.Schema(FEATURES.schema)
    nothing = {"cluster_size_log", "cluster_growth_24h", "cluster_age_h", "residual_last", "residual_mean_7d"}
    of_days = ("day_", "growth_before_28d", "pace_", "interval_", "overdue_", "pending_", "rise_", "rank_pace_")
    long_ago = ("gained_48h", "gained_72h", "rank_gained_72h", "retention_", "z_14d", "rank_z_14d", "velocity_lag_24h")
    unknown = {name for name in FEATURE_SET.names if rows[name].null_count() == rows.height}
    assert not [name for name in unknown - nothing if not name.startswith(("gained_", *of_days, *long_ago))]
    assert not any(rows[name].is_nan().any() or rows[name].is_infinite().any() for name in FEATURE_SET.names)


def test_an_empty_window_has_no_features() -> None:
    assert features_at(World([], [], []), 1).is_empty()


def test_the_page_of_features_is_the_declaration() -> None:
    page = DOCS / "features.md"
    assert page.read_text(encoding="utf-8") == describe(FEATURE_SET, FEATURE_SETS)


def test_a_moment_is_the_end_of_its_window() -> None:
    rows = features_at(random_world(2), 3)
    assert set(rows["at"]) == set(rows["window"]) == {T0 + 3 * HOUR}
    assert isinstance(rows["at"][0], datetime)
