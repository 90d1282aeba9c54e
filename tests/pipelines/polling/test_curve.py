from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.windows import HOUR
from pipelines.polling.curve import DailyCurve

T0 = datetime(2025, 5, 14, tzinfo=UTC)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12_000), st.sampled_from([15, 60, 120]), st.floats(0, 23.9), st.floats(0, 1))
def test_a_day_is_never_overspent_and_nearly_used(cap: int, minutes: int, busiest: float, strength: float) -> None:
    every, left, curve = timedelta(minutes=minutes), cap, DailyCurve(busiest, strength)
    for nth in range(int(timedelta(days=1) / every)):
        left -= curve.allowance(T0 + nth * every + timedelta(minutes=13), every, left, cap)
        assert left >= 0
    assert left == 0


def test_units_are_kept_for_the_busy_hours() -> None:
    curve = DailyCurve(busiest_hour=18, strength=0.5)
    by_hour = [curve.due(T0 + hour * HOUR, HOUR, 2400) - (curve.due(T0 + (hour - 1) * HOUR, HOUR, 2400) if hour else 0)
               for hour in range(24)]  # fmt: skip
    assert sum(by_hour) == 2400
    assert sum(by_hour[16:20]) > 2.5 * sum(by_hour[4:8])


def test_what_was_not_spent_is_not_spent_all_at_once() -> None:
    even = DailyCurve(strength=0)
    assert even.allowance(T0, HOUR, 288, 288) == 12
    assert even.allowance(T0 + 12 * HOUR, HOUR, 288, 288) == 24
    assert even.allowance(T0 + 23 * HOUR, HOUR, 3, 288) == 3
    assert even.allowance(T0 + 3 * HOUR, HOUR, 0, 288) == 0
