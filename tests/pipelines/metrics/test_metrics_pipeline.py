"""The state of metrics: the same from the lake as from window to window, and what must not change anything."""

import random
from dataclasses import replace
from datetime import timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from core.metrics.state import MetricState, empty_state
from core.windows import HOUR
from pipelines.metrics.features import advance_rises, features, load_rises
from pipelines.metrics.metrics import MomentumRule, advance, load_state
from pipelines.metrics.parts import BucketPart
from tests.support.worlds import T0, World, random_world


def play(world: World, hours: int, length: timedelta = HOUR) -> tuple[pl.DataFrame, MetricState]:
    state = empty_state(T0, length)
    frames = []
    for step in range(hours):
        end = T0 + (step + 1) * length
        metrics, state = advance(state, end, *world.between(end - length, end))
        frames.append(metrics)
    return pl.concat(frames), state


@cache
def world() -> World:
    return random_world(11, hours=34, tags=6, videos=30, readings=260)


@given(seed=st.integers(0, 10**6), stop=st.integers(1, 27), length=st.sampled_from([timedelta(minutes=30), HOUR]))
@settings(max_examples=6, deadline=None)
def test_the_state_from_the_lake_goes_on_like_the_one_in_memory(seed: int, stop: int, length: timedelta) -> None:
    world = random_world(seed, hours=30, readings=200)
    past, state = play(world, stop, length)
    lake = world.lake()
    lake.replace("hashtag_metrics", past, T0, state.as_of)
    loaded = load_state(lake, state.as_of, length)
    rises, loaded_rises = load_rises(lake, state), load_rises(lake, loaded)
    for step in (1, 2):
        end = T0 + (stop + step) * length
        frames = world.between(end - length, end)
        (metrics, state), (again, loaded) = advance(state, end, *frames), advance(loaded, end, *frames)
        assert_frame_equal(metrics, again, check_exact=True)
        rises, loaded_rises = (
            advance_rises(rises, of, frames[1]) for rises, of in ((rises, state), (loaded_rises, loaded))
        )
        assert_frame_equal(features(state, rises, metrics), features(loaded, loaded_rises, again), check_exact=True)


@given(seed=st.integers(0, 10**6), cut=st.integers(0, 22), length=st.sampled_from([timedelta(minutes=15), HOUR]))
@settings(max_examples=8, deadline=None)
def test_many_windows_at_once_are_the_windows_one_after_another(seed: int, cut: int, length: timedelta) -> None:
    world = random_world(seed, hours=26, readings=260)
    whole, state = play(world, 24, length)
    middle, end = T0 + cut * length, T0 + 24 * length
    before, at_middle = play(world, cut, length) if cut else (whole.clear(), empty_state(T0, length))
    rest, at_once = advance(at_middle, end, *world.between(middle, end))
    assert_frame_equal(pl.concat([before, rest]), whole, check_exact=True)
    later = end + 2 * length
    frames = world.between(end, later)
    assert_frame_equal(advance(at_once, later, *frames)[0], advance(state, later, *frames)[0], check_exact=True)


def test_a_state_is_never_changed_by_going_on_from_it() -> None:
    _, state = play(world(), 12)
    end = state.as_of + HOUR
    once, _ = advance(state, end, *world().between(state.as_of, end))
    advance(state, end, *random_world(99).between(state.as_of, end))
    again, _ = advance(state, end, *world().between(state.as_of, end))
    assert_frame_equal(once, again, check_exact=True)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=4, deadline=None)
def test_order_and_repetition_of_readings_make_no_difference(seed: int) -> None:
    rng = random.Random(seed)
    readings = world().readings + rng.sample(world().readings, 40)
    totals = world().totals + rng.sample(world().totals, 20)
    rng.shuffle(readings)
    rng.shuffle(totals)
    mixed = replace(world(), readings=readings, totals=totals)
    assert_frame_equal(play(mixed, 14)[0], play(world(), 14)[0], check_exact=True)


@given(hours=st.integers(1, 400))
@settings(max_examples=4, deadline=None)
def test_a_world_shifted_in_time_has_shifted_metrics(hours: int) -> None:
    by = timedelta(hours=hours)
    state, shifted = empty_state(T0, HOUR), empty_state(T0 + by, HOUR)
    for step in range(1, 12):
        start, end = T0 + (step - 1) * HOUR, T0 + step * HOUR
        frames = world().between(start, end)
        moved = [f.with_columns(pl.col("^(fetched_at|created_at|window)$").dt.offset_by(f"{hours}h")) for f in frames]
        metrics, state = advance(state, end, *frames)
        later, shifted = advance(shifted, end + by, *moved)
        back = later.with_columns(pl.col("window_end", "window", "first_detected_at").dt.offset_by(f"-{hours}h"))
        assert_frame_equal(metrics, back)


@given(factor=st.sampled_from([2, 8, 1024]))
@settings(max_examples=3, deadline=None)
def test_views_and_reactions_scaled_alike_scale_the_views_alone(factor: int) -> None:
    def scaled(row: dict[str, object]) -> dict[str, object]:
        counters = ("plays", "likes", "comments", "shares", "saves", "views_total")
        return {k: v * factor if k in counters and v is not None else v for k, v in row.items()}

    larger = replace(
        world(), readings=[scaled(r) for r in world().readings], totals=[scaled(r) for r in world().totals]
    )
    views = ("views_increment", "views_total", "views_gained", "delta_24h")
    expected = play(world(), 14)[0].with_columns(pl.col(views) * factor)
    assert_frame_equal(play(larger, 14)[0], expected)


def test_a_video_seen_again_long_after_keeps_its_creator_and_plays() -> None:
    video = {"video_id": "v", "created_at": T0 + HOUR / 2, "creator_id": "ann", "sound_id": None, "hashtags": ["tag"]}
    counters = {"likes": None, "comments": None, "shares": None, "saves": None}
    seen = [
        {"hashtag": "tag", "video_id": "v", "fetched_at": T0 + hours * HOUR, "plays": plays, **counters}
        for hours, plays in ((1, 100), (49, 500), (50, 700))
    ]
    metrics, _ = play(World(seen, [], [video]), 50)
    assert metrics["views_increment"].to_list() == [100.0, None, 200.0]
    assert metrics["unique_creators"].to_list() == [1, 1, 1]
    assert metrics["novelty"].to_list() == [1.0, 1.0, 0.0]


def test_the_state_stays_bounded() -> None:
    _, state = play(random_world(5, hours=60, tags=3, videos=9, readings=400), 60)
    hours = {
        name: (log.times.max() - log.times.min()) / 3.6e9 for name, log in vars(state).items() if hasattr(log, "times")
    }
    assert hours["totals"] <= 30
    assert hours["gains"] <= 24
    assert hours["seen"] <= 24
    assert hours["recent"] <= 24


def test_weights_and_thresholds_are_arguments() -> None:
    _, state = play(world(), 20)
    end = state.as_of + HOUR
    rule = MomentumRule(1.0, 0.0, 0.0, 0.0, emerging_quantile=0.0, emerging_novelty=0.0, emerging_volume=1)
    metrics, _ = advance(state, end, *world().between(state.as_of, end), rule)
    assert (
        metrics.filter(pl.col("velocity").is_null())["momentum"].to_list() == [0.5] * metrics["velocity"].null_count()
    )
    assert (
        metrics["emerging"].to_list()
        == (metrics["novelty"].is_not_null() & (metrics["volume"] >= 1).fill_null(False)).to_list()
    )


def test_of_a_bucket_only_its_own_hashtags_are_known() -> None:
    lake = world().lake()
    whole = load_state(lake, T0 + 20 * HOUR, HOUR)
    parts = [load_state(lake, T0 + 20 * HOUR, HOUR, BucketPart(bucket)) for bucket in lake.bucket_ids()]
    assert sorted(tag for part in parts for tag in part.tags.names) == sorted(whole.tags.names)
    assert max(part.videos.rows.height for part in parts) < whole.videos.rows.height


@pytest.mark.parametrize("table", ["video_snapshots", "hashtag_snapshots"])
def test_what_is_fetched_after_the_window_is_not_looked_at(table: str) -> None:
    _, state = play(world(), 10)
    end = state.as_of + HOUR
    videos, totals, new = world().between(state.as_of, end)
    later = world().between(state.as_of, end + 5 * HOUR)
    frames = (later[0], totals, new) if table == "video_snapshots" else (videos, later[1], new)
    assert_frame_equal(advance(state, end, *frames)[0], advance(state, end, videos, totals, new)[0], check_exact=True)
