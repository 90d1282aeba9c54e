"""When a backtest learns and predicts."""

from datetime import UTC, datetime

import pytest

from core.errors import UsageError
from core.windows import DAY, HOUR
from tuning.backtest.plan import BacktestPlan

MARCH = datetime(2025, 3, 1, tzinfo=UTC)


def plan(until: datetime, **changes: object) -> BacktestPlan:
    return BacktestPlan(**({"train_until": MARCH - DAY, "predict_from": MARCH, "predict_until": until} | changes))


def test_anchors_fall_on_the_time_of_day_up_to_the_day_of_the_last_reading() -> None:
    noon = MARCH + 12 * HOUR
    assert plan(MARCH + 60 * DAY).anchors(MARCH + 2 * DAY + HOUR) == [noon, noon + DAY, noon + 2 * DAY]
    assert plan(MARCH + DAY).anchors(MARCH + 60 * DAY) == [noon]
    sixth = plan(MARCH + DAY, every=6 * HOUR).anchors(MARCH + 60 * DAY)
    assert [anchor.hour for anchor in sixth] == [0, 6, 12, 18, 0]


def test_what_is_learnt_from_is_over_in_time() -> None:
    made = plan(MARCH + 90 * DAY)
    assert max(made.training_anchors(MARCH - 9 * DAY, MARCH)) == MARCH - DAY
    assert min(made.training_anchors(MARCH - 9 * DAY, MARCH)) == MARCH - 9 * DAY


def test_models_are_made_first_on_what_was_known_then_every_month() -> None:
    made = plan(MARCH + 70 * DAY)
    anchors = made.anchors(MARCH + 90 * DAY)
    periods = made.periods(anchors)
    assert [moment for moment, _ in periods] == [MARCH - DAY, anchors[30], anchors[60]]
    assert [anchor for _, part in periods for anchor in part] == anchors
    assert all(moment <= part[0] for moment, part in periods)


def test_a_plan_that_would_know_the_future_is_refused() -> None:
    with pytest.raises(UsageError, match="models would know what they predict"):
        plan(MARCH + DAY, train_until=MARCH + HOUR)
    with pytest.raises(UsageError, match="lies before --predict-from"):
        plan(MARCH - HOUR)
