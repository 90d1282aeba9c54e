"""V and what is gained, from totals alone."""

import numpy as np
import pytest

from core.metrics.time_log import TimeLog
from core.metrics.views import gained_from_totals, views_at
from core.windows import EPOCH, HOUR, micros

NOW = EPOCH + 100 * HOUR


def totals(*readings: tuple[float, float]) -> TimeLog:
    times = np.array([micros(EPOCH + hours * HOUR) for hours, _ in readings], dtype=np.int64)
    views = np.array([views for _, views in readings])
    return TimeLog(times, np.zeros(len(readings), np.int32), {"views": views})


@pytest.mark.parametrize(("hours", "known"), [(94.0, False), (94.001, True), (100.0, True), (100.001, False)])
def test_views_are_known_for_six_hours(hours: float, known: bool) -> None:
    assert np.isnan(views_at(totals((hours, 5.0)), 1, NOW)[0]) != known


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([(95.0, 100.0), (98.0, 400.0)], 100.0),
        ([(98.5, 100.0), (99.0, 400.0)], np.nan),
        ([(97.0, 100.0), (98.5, 300.0), (99.0, 400.0)], 150.0),
        ([(75.0, 100.0), (99.0, 400.0)], 12.5),
        ([(74.99, 100.0), (99.0, 400.0)], np.nan),
        ([(94.0, 400.0)], np.nan),
        ([], np.nan),
    ],
)
def test_gain_is_scaled_from_the_newest_pair_an_hour_apart(
    readings: list[tuple[float, float]], expected: float
) -> None:
    assert gained_from_totals(totals(*readings), 1, NOW, HOUR)[0] == pytest.approx(expected, nan_ok=True)


def test_windows_longer_than_a_day_have_no_pair() -> None:
    assert np.isnan(gained_from_totals(totals((60.0, 1.0), (99.0, 5.0)), 1, NOW, 25 * HOUR)[0])
