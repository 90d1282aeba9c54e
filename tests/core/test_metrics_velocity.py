"""Velocity, acceleration and z-scores at their edges."""

import math

import numpy as np
import pytest

from core.metrics_velocity import acceleration, velocity, z_scores

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
    assert z_scores(np.array([4.0]), values, np.zeros(24, int))[0] == pytest.approx(2.0)
    assert math.isnan(z_scores(np.array([4.0]), values[:23], np.zeros(23, int))[0])
    assert math.isnan(z_scores(np.array([4.0]), np.full(30, 0.1), np.zeros(30, int))[0])
