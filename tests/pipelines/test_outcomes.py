"""Outcomes from the lake."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.labels import Views, outcomes
from core.tables import OUTCOMES
from pipelines.outcomes import resolve
from tests.worlds import T0, random_world

HOUR = timedelta(hours=1)


def test_outcomes_are_the_labels_of_what_was_fetched() -> None:
    world = random_world(4, hours=60)
    anchors = [T0 + 6 * HOUR, T0 + 30 * HOUR]
    rows = resolve(world.lake(), anchors, T0 + 60 * HOUR)
    labels = outcomes(Views.of(world.hashtag_snapshots, world.video_snapshots), anchors)
    assert_frame_equal(rows.select(labels.columns), labels)
    assert rows.schema == pl.Schema(OUTCOMES.schema)
    assert set(rows["resolved_at"]) == {T0 + 60 * HOUR}
    assert (rows["window"] == rows["at"]).all()


def test_what_is_fetched_after_the_day_makes_no_difference() -> None:
    world, anchor = random_world(8, hours=80), T0 + 20 * HOUR
    late, soon = world.lake(), world.lake(until=anchor + 24 * HOUR)
    assert_frame_equal(resolve(late, [anchor], T0 + 80 * HOUR), resolve(soon, [anchor], T0 + 80 * HOUR))


def test_a_day_that_is_not_over_is_refused() -> None:
    with pytest.raises(ValueError, match="not over"):
        resolve(random_world(1).lake(), [T0], T0 + 23 * HOUR)


def test_no_anchor_no_rows() -> None:
    assert resolve(random_world(1).lake(), [], T0).is_empty()
