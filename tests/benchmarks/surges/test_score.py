"""Scores against what really became of the hashtags of a world."""

import numpy as np
import polars as pl
import pytest

from benchmarks.surges.run import gaps
from benchmarks.surges.score import ScoredPredictions, scored, true_outcomes, with_as_many_alerts
from core.labels.labels import Views, outcomes
from core.windows import HOUR
from tests.support.small_worlds import MIDDLE, small_world


def test_true_outcomes_are_the_labels_of_whoever_reads_all_true_views_every_hour() -> None:
    world, anchors = small_world(), [MIDDLE, MIDDLE + 5 * HOUR]
    moments = [MIDDLE + h * HOUR for h in range(30)]
    read = [
        pl.DataFrame({"hashtag": world.hashtags, "views_total": world.all_true_views(at)}).with_columns(
            fetched_at=pl.lit(at)
        )
        for at in moments
    ]
    totals = pl.concat(read).with_columns(pl.col("views_total").round().cast(pl.Int64))
    no_plays = pl.DataFrame(schema={"hashtag": pl.String, "video_id": pl.String, "plays": pl.Int64}).with_columns(
        fetched_at=pl.lit(None, totals.schema["fetched_at"])
    )
    wanted = outcomes(Views.of(totals, no_plays), anchors)
    expected = (
        true_outcomes(world, anchors).sort("hashtag", "at").select(wanted.drop("v_source", "surged_totals_at").columns)
    )
    assert expected.height == wanted.height == 2 * len(world.hashtags)
    np.testing.assert_allclose(expected["growth_24h"], wanted["growth_24h"], atol=2e-4)
    both = expected.join(wanted, on=["hashtag", "at"], suffix="_read")
    assert both.filter(pl.col("viral") != pl.col("viral_read")).height <= 2
    viral = both.filter("viral", "viral_read")
    assert viral.height >= 25
    assert viral.filter((pl.col("surged_at") - pl.col("surged_at_read")).abs() > HOUR).is_empty()


def rows() -> pl.DataFrame:
    """Two days of hourly anchors with 30 hashtags; the champion knows all, growth knows nothing."""
    moments = [MIDDLE + h * HOUR for h in range(48)]
    frame = pl.DataFrame({"at": moments}).join(pl.DataFrame({"hashtag": [f"t{i:02d}" for i in range(30)]}), how="cross")
    number = pl.col("hashtag").str.slice(1).cast(pl.Int64)
    viral = number < 5
    return frame.with_columns(
        viral=viral,
        growth_24h=pl.when(viral).then(1.0).otherwise(0.0),
        surged_at=pl.when(viral).then(pl.col("at") + 8 * HOUR),
        probability=1.0 - number / 30,
        alerted=(number < 6) & (pl.col("at") == MIDDLE),
        growth_24h_past=number.cast(pl.Float64),
        velocity=pl.lit(None, pl.Float64),
        pace_2_rises_waiting=pl.lit(0.0),
        videos_24h=pl.lit(9.0),
        creators_24h=pl.lit(9.0),
    ).with_columns(pl.col("probability").alias("nikolov-shah"))


def test_the_champion_and_baselines_are_scored_on_the_same_rows() -> None:
    spoken = ScoredPredictions(rows(), dict.fromkeys(rows()["at"].unique(), 20))
    figures = scored(spoken)
    assert figures["champion"]["precision_at_10"] == 0.5
    assert figures["champion"]["recall_at_10"] == 5 / 20
    assert figures["champion"]["false_surge_rate"] == pytest.approx(1 / 6)
    assert figures["champion"]["lead_time_mean_h"] == 8.0
    assert figures["champion"]["alerts_a_day"] == 3.0
    assert figures["nikolov-shah"]["precision_at_10"] == 0.5
    assert figures["last-24h-growth"]["precision_at_10"] == 0.0
    assert figures["last-24h-growth"]["false_surge_rate"] == 1.0
    ahead = gaps([{"figures": figures}, {"figures": figures}])["last-24h-growth"]
    assert ahead["precision_at_10"] is not None
    assert ahead["precision_at_10"].value == 0.5
    assert ahead["lead_time_mean_h"] is None


def test_a_baseline_raises_no_more_alerts_than_it_is_allowed() -> None:
    for allowed in (0, 3, 12):
        assert int(with_as_many_alerts(rows(), allowed)["alerted"].sum()) <= allowed
    assert int(with_as_many_alerts(rows(), 12)["alerted"].sum()) >= 6
