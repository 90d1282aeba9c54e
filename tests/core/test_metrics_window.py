"""Every metric against the slow reference: random worlds, and slices of real recordings."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.metrics_state import empty_state
from pipelines.metrics import advance
from tests.reference_metrics import all_windows
from tests.requirements import require_data
from tests.worlds import T0, World, random_world

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def fast(world: World, start: datetime, ends: list[datetime]) -> list[dict[str, object]]:
    state = empty_state(start, ends[0] - start)
    frames = []
    for end in ends:
        metrics, state = advance(state, end, *world.between(end - state.length, end))
        frames.append(metrics)
    return pl.concat(frames).to_dicts()


def assert_equal(got: list[dict[str, object]], want: list[dict[str, object]]) -> None:
    assert [(r["window_end"], r["hashtag"]) for r in got] == [(r["window_end"], r["hashtag"]) for r in want]
    for mine, theirs in zip(got, want, strict=True):
        assert set(theirs) == set(mine) - {"window"}
        for name, value in theirs.items():
            expected = pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value
            assert mine[name] == expected, (name, mine["hashtag"], mine["window_end"])


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


def test_a_slice_of_recorded_totals() -> None:
    path = DATA / "hashtag-views" / "hashtag_snapshots.parquet"
    require_data(path)
    start, hours = datetime(2025, 7, 1, tzinfo=UTC), 60
    rows = pl.read_parquet(path).filter(pl.col("fetched_at").is_between(start, start + hours * HOUR, closed="right"))
    tags = sorted(rows["hashtag"].unique())[::12]
    totals = rows.filter(pl.col("hashtag").is_in(tags)).to_dicts()
    ends = [start + HOUR * step for step in range(1, hours + 1)]
    got = fast(World([], totals, []), start, ends)
    assert sum(row["delta_24h"] is not None for row in got) > 100
    assert_equal(got, all_windows([], totals, [], ends, HOUR))


def test_a_slice_of_recorded_videos() -> None:
    folder = DATA / "videos-vn"
    require_data(folder)
    start, hours = datetime(2025, 5, 16, 20, tzinfo=UTC), 16
    videos = pl.read_parquet(folder / "videos.parquet").rename({"creator_handle": "creator_id"})
    videos = videos.select("video_id", "created_at", "creator_id", "sound_id", pl.col("hashtags").list.unique())
    tagged = videos.explode("hashtags").select("video_id", hashtag="hashtags").drop_nulls()
    busy = tagged["hashtag"].value_counts().sort("count", "hashtag", descending=True)["hashtag"][2:40:3].to_list()
    readings = (
        pl.read_parquet(folder / "video_snapshots.parquet")
        .filter(pl.col("fetched_at").is_between(start, start + hours * HOUR, closed="right"))
        .join(tagged.filter(pl.col("hashtag").is_in(busy)), "video_id")
        .sort("fetched_at", "plays")
        .unique(["hashtag", "video_id", pl.col("fetched_at").dt.truncate("15m")], keep="last", maintain_order=True)
        .select("hashtag", "video_id", "fetched_at", "plays", "likes", "comments", "shares", "saves")
    )
    seen = videos.filter(pl.col("video_id").is_in(readings["video_id"].unique().to_list()))
    world = World(readings.to_dicts(), [], seen.to_dicts())
    ends = [start + HOUR * step for step in range(1, hours + 1)]
    got = fast(world, start, ends)
    assert sum(row["views_increment"] is not None for row in got) > 20
    assert_equal(got, all_windows(world.readings, [], world.videos, ends, HOUR))


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
