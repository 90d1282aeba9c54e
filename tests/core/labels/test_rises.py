"""Readings by hashtag and time: places found as a slow search finds them, nothing needed is forgotten."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.features.rises import rise_features, rounding_step
from core.labels.rises import KEPT_RISES, REMEMBERED, TotalReadings
from core.windows import EPOCH, HOUR_US, micros

DAY_US = 24 * HOUR_US


def random_readings(seed: int, days: int, tags: int = 4, count: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Totals that mostly rise, stand still for long and sometimes fall."""
    rng = np.random.default_rng(seed)
    codes, times = rng.integers(0, tags, count), np.sort(rng.integers(0, days * DAY_US, count))
    return codes, times, np.round(1000 + times / DAY_US * 300 * (codes + 1) + rng.normal(0, 900, count), -2)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_last_reading_is_that_of_a_slow_search(seed: int) -> None:
    readings = TotalReadings.of(*random_readings(seed, 3, count=40))
    rng = np.random.default_rng(seed)
    codes, moments = rng.integers(0, 6, 50), rng.choice([*readings.times, -5, 4 * DAY_US], 50)
    for code, moment, place in zip(codes, moments, readings.last(codes, moments), strict=True):
        slow = [i for i in range(len(readings)) if readings.codes[i] == code and readings.times[i] <= moment]
        assert place == (slow[-1] if slow else -1)


@given(seed=st.integers(0, 10**6), cuts=st.lists(st.integers(1, 199), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_features_are_the_same_whether_the_past_was_forgotten_on_the_way_or_not(seed: int, cuts: list[int]) -> None:
    codes, times, views = random_readings(seed, 200)
    kept, start = TotalReadings.none(), -1
    for end in [*sorted({cut * DAY_US for cut in cuts}), 200 * DAY_US]:
        new = (times > start) & (times <= end)
        kept = kept.extended(TotalReadings.of(codes[new], times[new], views[new]), EPOCH + timedelta(microseconds=end))
        start = end
    whole = TotalReadings.of(codes, times, views).rises()
    pairs = np.arange(5), np.full(5, 200 * DAY_US)
    assert len(kept) <= len(whole)
    old = kept.times <= 200 * DAY_US - micros(REMEMBERED)
    surplus = np.maximum(np.bincount(kept.codes[old]) - KEPT_RISES, 0).sum()
    assert surplus <= len(kept) / 32
    expected = rise_features(whole, *pairs)
    for name, values in rise_features(kept, *pairs).items():
        np.testing.assert_array_equal(values, expected[name], err_msg=name)


def test_steady_steps_give_their_pace() -> None:
    steps = 8
    times = np.arange(steps + 1) * 12 * HOUR_US  # 100,000 views every 12 hours
    rises = TotalReadings.of(np.zeros(steps + 1, int), times, 2e6 + 1e5 * np.arange(steps + 1))
    row = {k: v[0] for k, v in rise_features(rises, np.zeros(1, int), times[-1:] + 6 * HOUR_US).items()}
    assert row["pace_8_rises"] == pytest.approx(2e5 / 2.8e6)
    assert row["pace_4_rises_waiting"] == pytest.approx(24 * 4e5 / 54 / 2.8e6)
    assert row["interval_4_rises"] == 12
    assert row["overdue_1_rises"] == 0.5
    assert row["pending_1_rises"] == pytest.approx(0.5)
    assert row["rounding_step"] == pytest.approx(np.log10(1e5 / 2.8e6))
    assert row["day_0"] == pytest.approx(2e5 / 2.6e6)
    assert np.isnan(row["growth_before_28d"])
    assert rounding_step(np.array([9_999.0, 10_000.0])).tolist() == [1, 100]


def test_a_hashtag_never_read_is_unknown_throughout() -> None:
    for rises in (TotalReadings.none(), TotalReadings.of(*random_readings(1, 3))):
        columns = rise_features(rises, np.array([99]), np.array([5 * DAY_US]))
        assert all(np.isnan(values).all() for values in columns.values())
