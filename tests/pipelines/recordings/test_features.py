"""Features of a recording with videos are those of the hourly path, for every hashtag ever read."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.errors import UsageError
from core.windows import HOUR
from pipelines.metrics.features import FEATURE_SET
from pipelines.recordings.features import walked_table
from sources.recordings.loading import Recording, load_recording
from tests.pipelines.metrics.test_features import features_at
from tests.support.worlds import T0, random_world

MOMENTS = [T0 + 10 * HOUR, T0 + 30 * HOUR]


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    world = random_world(4)
    readings = world.video_snapshots.drop("window")
    readings.drop("hashtag").unique(["video_id", "fetched_at"]).write_parquet(tmp_path / "video_snapshots.parquet")
    world.hashtag_snapshots.drop("window").write_parquet(tmp_path / "hashtag_snapshots.parquet")
    videos = world.video_rows.select("video_id", "created_at", "creator_id", "sound_id", "hashtags")
    videos.write_parquet(tmp_path / "videos.parquet")
    return load_recording([tmp_path])


def test_they_are_those_of_the_hourly_path(recording: Recording) -> None:
    reached: list[object] = []
    table, outcomes = walked_table(recording, b"k" * 32, MOMENTS, reached.append)
    assert reached == MOMENTS
    expected = features_at(random_world(4), 30).select("hashtag", "at", *FEATURE_SET.inputs)
    same = table.join(expected.select("hashtag", "at"), on=["hashtag", "at"], maintain_order="right")
    assert_frame_equal(same, expected, rel_tol=1e-9)
    assert table.filter(pl.col("at") == MOMENTS[1])["hashtag"].to_list() == sorted(
        {f"tag{n}" for n in range(5)} | {"total0", "total1"}
    )
    assert outcomes["at"].unique().to_list() == MOMENTS[:1], "the second is not over"
    assert outcomes.filter("viral").height >= 1


def test_moments_are_full_hours(recording: Recording) -> None:
    with pytest.raises(UsageError, match="at full hours, not at 00:30"):
        walked_table(recording, b"k" * 32, [T0 + HOUR / 2], lambda _: None)
