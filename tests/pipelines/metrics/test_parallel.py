"""Metrics over buckets, and over pieces of heavy ones, are the metrics of the whole."""

from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.metrics.formulas import MomentumRule
from core.metrics.state import empty_state
from core.metrics.tally import TallyTables
from core.metrics.window import finished
from core.tables import HASHTAG_METRICS, HASHTAG_SNAPSHOTS, VIDEO_SNAPSHOTS, VIDEOS
from core.windows import HOUR
from pipelines.metrics.metrics import advance, load_state
from pipelines.metrics.parallel import compute_windows
from pipelines.metrics.part_metrics import merged_rows, part_rows, part_tally
from pipelines.metrics.parts import BucketPart, WindowRange, plan_parts
from storage.lake.delta import DeltaLake
from storage.lake.interface import Lake
from tests.support.deadly_lake import DeadlyLake
from tests.support.worlds import T0, World, random_world

TABLES = {table.name: table for table in (VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, VIDEOS, HASHTAG_METRICS)}
START, END = T0 + 5 * HOUR, T0 + 36 * HOUR
RANGE = WindowRange(START, END, HOUR)


def world() -> World:
    """Half of the readings are of one hashtag."""
    return random_world(6, tags=12, videos=60, readings=600)


def with_past(lake: Lake) -> Lake:
    """The lake with the metrics of the windows before the range."""
    metrics, _ = advance(empty_state(T0, HOUR), START, *world().between(T0, START))
    lake.replace("hashtag_metrics", metrics, T0, START)
    return lake


def of_the_whole(lake: Lake) -> pl.DataFrame:
    tables = ("video_snapshots", "hashtag_snapshots", "videos")
    frames = (lake.read(table, start=START, end=END) for table in tables)
    return advance(load_state(lake, START, HOUR), END, *frames)[0]


def test_buckets_put_together_are_the_whole() -> None:
    lake = with_past(world().lake())
    parts = [part_rows(lake, BucketPart(bucket), RANGE) for bucket in lake.bucket_ids()]
    whole = of_the_whole(lake)
    assert whole.height > 100
    assert_frame_equal(finished(pl.concat(parts), MomentumRule()), whole, check_exact=True)


@pytest.mark.parametrize("pieces", [2, 5])
def test_pieces_of_the_videos_of_a_bucket_put_together_are_the_bucket(pieces: int) -> None:
    lake = with_past(world().lake())
    for bucket in lake.bucket_ids():
        tallies = [part_tally(lake, BucketPart(bucket, piece, pieces), RANGE) for piece in range(pieces)]
        rows = merged_rows(lake, bucket, TallyTables.stacked(tallies), RANGE)
        expected = part_rows(lake, BucketPart(bucket), RANGE)
        assert_frame_equal(rows.sort("window_end", "hashtag"), expected.sort("window_end", "hashtag"), rel_tol=1e-12)


def test_videos_whose_earlier_readings_are_gone_keep_their_creators() -> None:
    """As those of a few hashtags are after retention: the description is older than every reading that is left."""
    lake = with_past(world().lake())
    lake.replace("video_snapshots", VIDEO_SNAPSHOTS.empty(), T0 - HOUR, START)
    whole = of_the_whole(lake)
    assert whole["unique_creators"].sum() > 100
    parts = [part_rows(lake, BucketPart(bucket), RANGE) for bucket in lake.bucket_ids()]
    assert_frame_equal(finished(pl.concat(parts), MomentumRule()), whole, check_exact=True)
    for bucket in lake.bucket_ids():
        tallies = TallyTables.stacked([part_tally(lake, BucketPart(bucket, piece, 2), RANGE) for piece in range(2)])
        rows = finished(merged_rows(lake, bucket, tallies, RANGE), MomentumRule())
        expected = finished(part_rows(lake, BucketPart(bucket), RANGE), MomentumRule())
        assert_frame_equal(rows, expected, rel_tol=1e-12)


def test_a_few_windows_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lake = with_past(world().lake())
    at_once = part_rows(lake, BucketPart(0), RANGE)
    monkeypatch.setattr("pipelines.metrics.part_metrics.ROWS_AT_ONCE", 10)
    few = finished(part_rows(lake, BucketPart(0), RANGE), MomentumRule())
    assert_frame_equal(few, finished(at_once, MomentumRule()), rel_tol=1e-12)


def test_a_heavy_bucket_is_planned_in_pieces() -> None:
    lake = world().lake()
    rows = lake.bucket_rows("video_snapshots", START, END)
    parts = plan_parts(lake, START, END, rows_in_part=max(rows.values()) // 3)
    heaviest = max(rows, key=lambda bucket: rows[bucket])
    assert sum(part.bucket == heaviest for part in parts) == 3
    shares = [rows.get(part.bucket, 0) / part.pieces for part in parts]
    assert shares == sorted(shares, reverse=True)
    assert set(plan_parts(lake, START, END)) == {BucketPart(bucket) for bucket in lake.bucket_ids()}


def disk_lake(folder: Path) -> partial[DeltaLake]:
    open_lake = partial(DeltaLake, folder, TABLES, buckets=3)
    lake = open_lake()
    for table, frame in zip(
        ("video_snapshots", "hashtag_snapshots", "videos"), world().between(T0 - HOUR, T0 + 40 * HOUR), strict=True
    ):
        lake.replace(table, frame, T0 - HOUR, T0 + 40 * HOUR)
    with_past(lake)
    return open_lake


@pytest.mark.ray
def test_ray_data_over_parts_gives_the_same_table(tmp_path: Path, ray_cluster: None) -> None:
    open_lake = disk_lake(tmp_path)
    rows = compute_windows(open_lake, RANGE, rows_in_part=300, in_place_rows=0)
    assert_frame_equal(rows, of_the_whole(open_lake()), rel_tol=1e-12)


@pytest.mark.ray
def test_what_a_lost_worker_was_computing_is_computed_again(tmp_path: Path, ray_cluster: None) -> None:
    open_lake = disk_lake(tmp_path)
    rows = compute_windows(partial(DeadlyLake, tmp_path, TABLES, buckets=3), RANGE, in_place_rows=0)
    assert (tmp_path / "killed").exists()
    assert_frame_equal(rows, of_the_whole(open_lake()), check_exact=True)


def test_little_is_computed_in_place(tmp_path: Path) -> None:
    open_lake = disk_lake(tmp_path)
    assert_frame_equal(compute_windows(open_lake, RANGE), of_the_whole(open_lake()), check_exact=True)
