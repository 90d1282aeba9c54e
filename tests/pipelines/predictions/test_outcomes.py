"""Outcomes from the lake."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.labels.labels import Views, outcomes
from core.tables import OUTCOMES
from core.windows import HOUR
from pipelines.predictions.outcomes import resolve
from tests.support.worlds import T0, random_world


def test_outcomes_are_the_labels_of_what_was_fetched() -> None:
    world = random_world(4, hours=60)
    anchors = [T0 + 6 * HOUR, T0 + 30 * HOUR]
    rows, _ = resolve(world.lake(), anchors, T0 + 60 * HOUR)
    labels = outcomes(Views.of(world.hashtag_snapshots, world.video_snapshots), anchors)
    assert_frame_equal(rows.select(labels.columns), labels)
    assert rows.schema == pl.Schema(OUTCOMES.schema)
    assert set(rows["resolved_at"]) == {T0 + 60 * HOUR}
    assert (rows["window"] == rows["at"]).all()


def test_what_is_fetched_after_the_day_makes_no_difference() -> None:
    world, anchor = random_world(8, hours=80), T0 + 20 * HOUR
    late, soon = world.lake(), world.lake(until=anchor + 24 * HOUR)
    (rows, _), (others, _) = (resolve(lake, [anchor], T0 + 80 * HOUR) for lake in (late, soon))
    assert_frame_equal(rows, others)


@pytest.mark.parametrize("seed", range(6))
def test_day_after_day_from_the_state_of_the_last_is_as_from_the_beginning(seed: int) -> None:
    lake, now = random_world(seed, hours=110).lake(), T0 + 110 * HOUR
    state = None
    for start in (2, 26, 50, 74):
        anchors = [T0 + hour * HOUR for hour in range(start, start + 12)]
        whole, _ = resolve(lake, anchors, now)
        rows, state = resolve(lake, anchors, now, state)
        assert_frame_equal(rows, whole)
        assert state.as_of == anchors[-1]


def test_a_state_that_is_too_late_is_not_used() -> None:
    lake, now = random_world(3, hours=80).lake(), T0 + 80 * HOUR
    _, late = resolve(lake, [T0 + 40 * HOUR], now)
    again, _ = resolve(lake, [T0 + 30 * HOUR], now, late)
    assert_frame_equal(again, resolve(lake, [T0 + 30 * HOUR], now)[0])


def test_a_day_that_is_not_over_is_refused() -> None:
    with pytest.raises(ValueError, match="not over"):
        resolve(random_world(1).lake(), [T0], T0 + 23 * HOUR)
