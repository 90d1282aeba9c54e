"""Velocity, acceleration and z-scores at their edges."""

import math

import numpy as np
import pytest

from core.metrics.velocity import acceleration, lanes, velocity, z_scores

SAME = np.array([True])


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(15.0, 10.0, 0.5), (0.0, 0.0, 0.0), (1.0, 0.0, 10.0), (500.0, 1.0, 10.0), (0.0, 7.0, -1.0)],
)
def test_velocity(now: float, before: float, expected: float) -> None:
    assert velocity(np.array([now]), np.array([before]), SAME)[0] == expected


def test_velocity_is_unknown_across_sources_and_gaps() -> None:
    unknown = velocity(
        np.array([1.0, np.nan, 1.0, 0.0]), np.array([1.0, 0.0, np.nan, 0.0]), np.array([False, True, True, False])
    )
    assert np.isnan(unknown).all()


def test_acceleration_is_relative_to_at_least_a_tenth_and_clipped() -> None:
    assert acceleration(np.array([0.05, 5.0, -1.0]), np.array([0.0, 0.0, 10.0])).tolist() == [
        0.5,
        10.0,
        pytest.approx(-1.1),
    ]


def test_z_scores_need_24_values_that_differ() -> None:
    values = np.tile([1.0, 3.0], 12)
    lane = np.array([3])
    assert z_scores(np.array([4.0]), lane, values, np.full(24, 3))[0] == pytest.approx(2.0)
    assert math.isnan(z_scores(np.array([4.0]), lane, values[:23], np.full(23, 3))[0])
    assert math.isnan(z_scores(np.array([4.0]), lane, np.full(30, 0.1), np.full(30, 3))[0])
    assert math.isnan(z_scores(np.array([4.0]), lane, values, np.full(24, 4))[0]), "another source"
    assert z_scores(np.zeros(0), np.zeros(0, int), np.zeros(0), np.zeros(0, int)).size == 0


def test_a_lane_is_one_hashtag_and_source() -> None:
    codes, gained = np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, np.nan])
    assert lanes(codes, gained, np.array([False, True, False, True])).tolist() == [1, 2, 3, 0]
