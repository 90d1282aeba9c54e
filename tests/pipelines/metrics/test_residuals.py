"""How past predictions went, as features: the champions' only, and none that was not resolved by then."""

import random
from datetime import datetime

import polars as pl
import pytest

from core.tables import OUTCOMES, PREDICTIONS
from core.windows import DAY, HOUR
from pipelines.metrics.residuals import LOOK_BACK, Residuals
from storage.memory.lake import MemoryLake
from tests.support.worlds import T0


def predicted(at: datetime, tag: str, model: str, probability: float, rank: int | None) -> dict[str, object]:
    row = dict.fromkeys(PREDICTIONS.schema) | {"hashtag": tag, "at": at, "model_id": model, "window": at}
    return row | {"probability": probability, "rank": rank, "alerted": False, "feature_set": "v2"}


def became(at: datetime, tag: str, viral: bool, resolved_at: datetime) -> dict[str, object]:
    row = {"hashtag": tag, "at": at, "growth_24h": 0.1, "viral": viral, "surged_at": None}
    return row | {"resolved_at": resolved_at, "window": at}


class Past:
    """Twenty days of hourly predictions by a champion and a challenger, resolved each midnight."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.lake = MemoryLake({table.name: table for table in (PREDICTIONS, OUTCOMES)})
        self.predicted: dict[tuple[str, datetime], float] = {}
        self.became: dict[tuple[str, datetime], tuple[bool, datetime]] = {}
        rows = []
        for hour in range(20 * 24):
            at = T0 + hour * HOUR
            for tag in "abc":
                if chance.random() < 0.8:
                    self.predicted[tag, at] = chance.random()
                    rows.append(predicted(at, tag, "champion-1", self.predicted[tag, at], 1))
                    rows.append(predicted(at, tag, "challenger-1", chance.random(), None))
        self.lake.replace("predictions", pl.DataFrame(rows, schema=PREDICTIONS.schema), T0 - DAY, T0 + 20 * DAY)
        self._chance = chance

    def resolve(self, day: datetime) -> None:
        rows = []
        for hour in range(1, 25):
            at = day - 2 * DAY + hour * HOUR
            for tag in "abc":
                if self._chance.random() < 0.9:
                    self.became[tag, at] = (self._chance.random() < 0.3, day)
                    rows.append(became(at, tag, *self.became[tag, at]))
        self.lake.replace("outcomes", pl.DataFrame(rows, schema=OUTCOMES.schema), day - 2 * DAY, day - DAY)

    def expected(self, as_of: datetime) -> dict[tuple[str, datetime], float]:
        return {
            key: float(viral) - self.predicted[key]
            for key, (viral, resolved_at) in self.became.items()
            if key in self.predicted and resolved_at < as_of and as_of - LOOK_BACK < key[1]
        }


@pytest.mark.parametrize("seed", range(3))
def test_what_is_known_hour_after_hour_is_what_was_resolved_before(seed: int) -> None:
    past = Past(seed)
    followed = Residuals(past.lake)
    for hour in range(3 * 24, 20 * 24, 7):
        as_of = T0 + hour * HOUR
        midnight = T0 + (hour // 24) * DAY
        if not any(resolved == midnight for _, resolved in past.became.values()):
            past.resolve(midnight)
        rows = followed.known(as_of)
        residuals = {(tag, at): residual for tag, at, residual in rows.iter_rows()}
        assert residuals == pytest.approx(past.expected(as_of))
        assert sorted(rows.rows()) == sorted(Residuals(past.lake).known(as_of).rows())


def test_looking_back_again_reads_what_was_left_out() -> None:
    past = Past(9)
    for day in range(2, 20):
        past.resolve(T0 + day * DAY)
    followed = Residuals(past.lake)
    assert followed.known(T0 + 19 * DAY).height
    early = T0 + 5 * DAY
    residuals_then = {(tag, at): residual for tag, at, residual in followed.known(early).iter_rows()}
    assert residuals_then == pytest.approx(past.expected(early))


def test_without_outcomes_nothing_is_known() -> None:
    assert Residuals(Past(1).lake).known(T0 + 3 * DAY).is_empty()
