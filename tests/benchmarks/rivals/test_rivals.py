"""Every rival of the metrics benchmark gives what the project's own path gives."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.metrics.table import START, TABLES, Shape, write_table
from benchmarks.rivals import duckdb as rival_duckdb
from benchmarks.rivals import pandas as rival_pandas
from benchmarks.rivals import polars as rival_polars
from benchmarks.rivals import ray as rival_ray
from benchmarks.rivals.columns import COLUMNS
from core.metrics.state import empty_state
from core.windows import HOUR
from pipelines.metrics.metrics import advance
from storage.lake.delta import DeltaLake
from tests.support.worlds import T0, World, random_world

RIVALS = {rival.__name__: rival.metrics for rival in (rival_polars, rival_duckdb, rival_pandas)}
Metrics = Callable[[Sequence[str], Sequence[str], Sequence[datetime]], pl.DataFrame]


@pytest.fixture(scope="module")
def random_table(tmp_path_factory: pytest.TempPathFactory) -> tuple[DeltaLake, list[datetime]]:
    """Nulls everywhere, falling counters, unknown videos, several hashtags and readings an hour, readings too late."""
    hours = 31
    world = random_world(6, hours=hours, tags=3, videos=160, readings=1600)
    people = [
        video
        | {"creator_id": None if n % 9 == 0 else f"c{n * n % 47}", "sound_id": None if n % 7 == 0 else f"s{n % 30}"}
        for n, video in enumerate(world.videos)
        if n % 71
    ]
    world = World(world.readings, [], people)
    lake = DeltaLake(tmp_path_factory.mktemp("random"), TABLES, buckets=2, durable=False)
    for table in ("video_snapshots", "videos"):
        lake.replace(table, getattr(world, table.replace("videos", "video_rows")), T0, T0 + hours * HOUR)
    return lake, [T0 + HOUR * step for step in range(1, hours - 1)]


@pytest.fixture(scope="module")
def generated_table(tmp_path_factory: pytest.TempPathFactory) -> tuple[DeltaLake, list[datetime]]:
    """The benchmark's table, small."""
    shape = Shape(rows=9000, hashtags=3)
    lake = write_table(tmp_path_factory.mktemp("generated"), shape, buckets=1)
    return lake, [START + HOUR * step for step in range(1, shape.windows + 1)]


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("table", ["random_table", "generated_table"])
def test_a_rival_gives_the_same_metrics(rival: str, table: str, request: pytest.FixtureRequest) -> None:
    assert_same(RIVALS[rival], *request.getfixturevalue(table))


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.usefixtures("ray_cluster")
def test_ray_data_gives_the_same_metrics(random_table: tuple[DeltaLake, list[datetime]]) -> None:
    assert_same(rival_ray.metrics, *random_table)


def test_the_tables_try_every_column(
    random_table: tuple[DeltaLake, list[datetime]], generated_table: tuple[DeltaLake, list[datetime]]
) -> None:
    want = pl.concat([own(*random_table), own(*generated_table)])
    assert not [name for name in COLUMNS if want[name].is_null().all()]
    assert want["emerging"].any()
    assert (want["unique_creators"] > 20).any(), "more creators than lead"
    assert 0 < want["views_increment"].null_count() < want.height


def assert_same(metrics: Metrics, lake: DeltaLake, ends: list[datetime]) -> None:
    got = metrics(lake.paths("video_snapshots"), lake.paths("videos"), ends)
    assert_frame_equal(got, own(lake, ends), rel_tol=1e-9, abs_tol=1e-12)


def own(lake: DeltaLake, ends: list[datetime]) -> pl.DataFrame:
    return _own(lake, tuple(ends))


@cache
def _own(lake: DeltaLake, ends: tuple[datetime, ...]) -> pl.DataFrame:
    state = empty_state(ends[0] - HOUR, HOUR)
    frames = []
    for end in ends:
        snapshots = lake.read("video_snapshots", start=end - HOUR, end=end)
        videos = lake.read("videos") if end == ends[0] else TABLES["videos"].empty()
        rows, state = advance(state, end, snapshots, TABLES["hashtag_snapshots"].empty(), videos)
        frames.append(rows)
    return pl.concat(frames).select(COLUMNS).sort("hashtag", "window_end")
