"""Every metric against the slow reference: random worlds, and slices of real recordings."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.metrics.state import empty_state
from core.windows import HOUR
from pipelines.metrics.metrics import advance
from tests.support.reference_metrics import all_windows, assert_equal
from tests.support.worlds import T0, World, random_world

QUARTER = timedelta(minutes=15)


def fast(world: World, start: datetime, ends: list[datetime]) -> list[dict[str, object]]:
    state = empty_state(start, ends[0] - start)
    frames = []
    for end in ends:
        metrics, state = advance(state, end, *world.between(end - state.length, end))
        frames.append(metrics)
    return pl.concat(frames).to_dicts()


@given(seed=st.integers(0, 10**6), length=st.sampled_from([QUARTER, HOUR, HOUR, 3 * HOUR]))
@settings(max_examples=8, deadline=None)
def test_random_worlds_give_what_the_reference_gives(seed: int, length: timedelta) -> None:
    hours = 8 if length == QUARTER else 30
    world = random_world(seed, hours=hours, readings=hours * 7)
    ends = [T0 + length * step for step in range(1, hours * HOUR // length + 1)]
    assert_equal(fast(world, T0, ends), all_windows(world.readings, world.totals, world.videos, ends, length))


def test_old_and_young_videos_and_crowds_of_creators() -> None:
    world = random_world(3, hours=30, tags=1, videos=120, readings=1500)
    crowded = [v | {"creator_id": f"c{n % 45}", "sound_id": f"s{n % 30}"} for n, v in enumerate(world.videos)]
    world = World(world.readings, world.totals, crowded)
    ends = [T0 + HOUR * step for step in range(1, 31)]
    want = all_windows(world.readings, world.totals, world.videos, ends, HOUR)
    assert sum(row["retention_24"] is not None for row in want) > 5
    assert max(row["unique_creators"] or 0 for row in want) > 20
    assert_equal(fast(world, T0, ends), want)


def test_an_end_that_is_not_that_of_a_later_window_is_refused() -> None:
    state = empty_state(T0, HOUR)
    frames = World([], [], []).between(T0, T0 + HOUR)
    with pytest.raises(ValueError, match="ends at 2025-05-14 01:00"):
        advance(state, T0 + 1.5 * HOUR, *frames)
    with pytest.raises(ValueError, match="ends at 2025-05-14 01:00"):
        advance(state, T0, *frames)
    with pytest.raises(ValueError, match="multiple"):
        advance(empty_state(T0, timedelta(minutes=20)), T0 + timedelta(minutes=20), *frames)
    assert advance(state, T0 + HOUR, *frames)[0].is_empty()
