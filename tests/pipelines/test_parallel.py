"""Metrics over buckets are the metrics of the whole."""

from datetime import timedelta
from functools import partial

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.metrics_ranks import MomentumRule
from core.metrics_window import finished
from core.tables import HASHTAG_METRICS, HASHTAG_SNAPSHOTS, VIDEO_SNAPSHOTS, VIDEOS
from pipelines.metrics import advance, load_state
from pipelines.parallel import bucket_metrics, compute_window_parallel
from storage.delta import DeltaLake
from tests.worlds import T0, random_world

HOUR = timedelta(hours=1)
TABLES = {table.name: table for table in (VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, VIDEOS, HASHTAG_METRICS)}


def of_the_whole(lake, end) -> pl.DataFrame:
    tables = ("video_snapshots", "hashtag_snapshots", "videos")
    frames = (lake.read(table, start=end - HOUR, end=end) for table in tables)
    return advance(load_state(lake, end - HOUR, HOUR), end, *frames)[0]


def test_buckets_put_together_are_the_whole() -> None:
    lake, end = random_world(6, tags=12, readings=500).lake(), T0 + 30 * HOUR
    parts = [bucket_metrics(lake, bucket, end, HOUR) for bucket in lake.bucket_ids()]
    whole = of_the_whole(lake, end)
    assert whole.height > 5
    assert_frame_equal(finished(pl.concat(parts), MomentumRule()), whole, check_exact=True)


@pytest.mark.ray
def test_ray_data_over_buckets_gives_the_same_table(tmp_path, ray_cluster) -> None:
    open_lake = partial(DeltaLake, tmp_path, TABLES, buckets=3)
    lake, end = open_lake(), T0 + 30 * HOUR
    world = random_world(6, tags=12, readings=500)
    for table, frame in zip(
        ("video_snapshots", "hashtag_snapshots", "videos"), world.between(T0 - HOUR, T0 + 40 * HOUR), strict=True
    ):
        lake.replace(table, frame, T0 - HOUR, T0 + 40 * HOUR)
    rows = compute_window_parallel(open_lake, lake.bucket_ids(), end, HOUR)
    assert_frame_equal(rows, of_the_whole(lake, end), check_exact=True)
