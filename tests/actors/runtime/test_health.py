from datetime import UTC, datetime

from actors.runtime.health import Pace
from core.windows import HOUR

START = datetime(2026, 1, 5, tzinfo=UTC)


def test_the_pace_is_that_of_the_last_two_days_and_unknown_in_the_first_hours() -> None:
    pace = Pace()
    hours = [pace.day_s(START + n * HOUR, 100 + 2.0 * n) for n in range(5)]
    assert hours == [None, None, None, 48.0, 48.0]
    at = 100 + 2.0 * 4
    for n in range(5, 100):
        at += 1.0
        day_s = pace.day_s(START + n * HOUR, at)
    assert day_s == 24.0
