"""Logs in order of time: ranges exclude their start and include their end."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.metrics.time_log import TimeLog
from core.windows import EPOCH, HOUR, micros


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


def test_two_ways_on_from_one_log_know_nothing_of_each_other() -> None:
    start = log((1, 0, 1)).extended(log((2, 0, 2)), EPOCH)
    first, other = (start.extended(log((3, 0, value)), EPOCH) for value in (3, 4))
    assert [rows["value"].tolist() for rows in (start, first, other)] == [[1, 2], [1, 2, 3], [1, 2, 4]]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=30))
def test_many_steps_remember_what_one_would(steps: list[tuple[int, int]]) -> None:
    rows = log()
    everything: list[tuple[float, int, float]] = []
    for hour, (added, kept_h) in enumerate(steps, 1):
        new = [(float(hour), code, 10.0 * hour + code) for code in range(added)]
        everything = [row for row in everything + new if row[0] > hour - kept_h]
        before, then = rows, rows["value"].tolist()
        rows = rows.extended(log(*new), EPOCH + (hour - kept_h) * HOUR)
        assert rows["value"].tolist() == [value for _, _, value in everything]
        assert before["value"].tolist() == then
        assert pickle.loads(pickle.dumps(rows))["value"].tolist() == rows["value"].tolist()


def test_sums_of_integers_are_exact() -> None:
    rows = log((1, 0, 0), (2, 1, 0), (3, 0, 0))
    assert rows.total(np.array([2**53 + 1, 1, 1]), 2).tolist() == [2**53 + 2, 1]
