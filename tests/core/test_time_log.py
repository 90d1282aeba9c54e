"""Logs in order of time: ranges exclude their start and include their end."""

from datetime import timedelta

import numpy as np

from core.time_log import TimeLog, micros
from core.windows import EPOCH

HOUR = timedelta(hours=1)


def log(*rows: tuple[float, int, float]) -> TimeLog:
    times = np.array([int(hours * micros(HOUR)) for hours, _, _ in rows], dtype=np.int64)
    values = np.array([value for _, _, value in rows], dtype=float)
    return TimeLog(times, np.array([code for _, code, _ in rows], dtype=np.int32), {"value": values})


def test_the_latest_of_a_range() -> None:
    rows = log((1, 0, 10), (2, 0, 20), (2, 1, 5), (3, 0, 30))
    assert rows.latest("value", 3, EPOCH + HOUR, EPOCH + 2 * HOUR).tolist()[:2] == [20, 5]
    assert np.isnan(rows.latest("value", 3, EPOCH + HOUR, EPOCH + 2 * HOUR)[2])
    assert len(rows.between(EPOCH + HOUR, EPOCH + 3 * HOUR)) == 3


def test_going_on_forgets_what_is_old_on_both_sides() -> None:
    rows = log((1, 0, 1), (2, 0, 2)).extended(log((2, 1, 3), (4, 1, 4)), EPOCH + 2 * HOUR)
    assert rows["value"].tolist() == [4]


def test_sums_of_integers_are_exact() -> None:
    rows = log((1, 0, 0), (2, 1, 0), (3, 0, 0))
    assert rows.total(np.array([2**53 + 1, 1, 1]), 2).tolist() == [2**53 + 2, 1]
