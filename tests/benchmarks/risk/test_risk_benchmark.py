from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from benchmarks.risk.compare import Proportion, figures
from benchmarks.risk.world import hours
from core.windows import HOUR
from pipelines.polling.plan import Planner
from sources.world.parameters import WorldParameters
from sources.world.world import World

AT = datetime(2026, 1, 20, tzinfo=UTC)
WORLD = World(WorldParameters(seed=5, days=12, hashtags=80, videos=3_000, creators=900, sounds=100))


def test_what_is_read_is_what_the_world_shows() -> None:
    read = list(hours(WORLD, Planner(("dance", "gym"), 600, HOUR), 8, 1))
    assert len(read) == 24
    at, posts = read[13]
    assert at == WORLD.parameters.start + timedelta(days=8, hours=13)
    videos = posts["video_id"].unique().sort().to_list()[:40]
    shown = WORLD._maker.posts(np.array([int(video) for video in videos]), WORLD.parameters.hours(at))
    for video, post in zip(videos, shown, strict=True):
        rows = posts.filter(pl.col("video_id") == video)
        assert set(rows["hashtag"]) == {name for name, _ in post.tags}
        assert rows["created_at"][0].timestamp() == post.created_s
        counters = post.counters
        expected = (counters.plays, counters.likes, counters.comments, counters.shares)
        assert set(rows.select("plays", "likes", "comments", "shares").iter_rows()) == {expected}


def test_figures_count_hashtags_for_precision_and_waves_in_time_for_recall() -> None:
    truth = pl.DataFrame(
        {
            "seed": [1] * 4,
            "hashtag": ["found", "late", "missed", "fine"],
            "boosted": [True, True, True, False],
            "surge_at": [[AT], [AT], [AT], None],
        },
        schema_overrides={"surge_at": pl.List(pl.Datetime("us", "UTC"))},
    )
    flagged = [("found", 5), ("found", 6), ("late", 100), ("fine", 7)]
    rows = pl.DataFrame(
        [{"seed": 1, "hashtag": tag, "at": AT + hour * HOUR} for tag, hour in flagged],
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    )
    scores = figures(rows, truth)
    assert (scores.precision.part, scores.precision.whole) == (2, 3)
    assert (scores.recall.part, scores.recall.whole) == (1, 3)
    assert (scores.hourly.part, scores.hourly.whole) == (3, 4)
    assert scores.delay_h == 5.0
    nothing = figures(rows.clear(), truth)
    assert (nothing.precision.value, nothing.recall.part, nothing.delay_h) == (None, 0, None)


def test_an_interval_holds_its_share() -> None:
    assert Proportion.of(0, 0).value is None
    assert str(Proportion.of(0, 0)) == "-"
    share = Proportion.of(9, 10)
    assert share.lower == pytest.approx(0.5958, abs=1e-3)
    assert share.upper == pytest.approx(0.9821, abs=1e-3)
