"""The plan of a backtest: its anchors, and the moments at which models are trained again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import UsageError
from core.evaluation.splits import LABEL_WINDOW
from core.windows import DAY, EPOCH


@dataclass(frozen=True)
class BacktestPlan:
    """When a backtest learns and predicts.

    Parameters
    ----------
    train_until: the first models learn from outcomes established by this moment
    predict_from, predict_until: first and last moment of the anchors
    every: time between anchors
    offset: time of day of the anchors; when `every` is under a day, one anchor of the day falls on it
    retrain_every: time after which models are trained again, on all outcomes established by then
    train_every: time between the anchors to learn from, counted from the anchors to predict at
    days: number of days before a training whose anchors are learnt from; None means all
    max_rows: approximate most rows to learn from; of more rows, whole anchors are left out at even distances
    kinds: kinds of model to train, keys of `models.registry.kinds.KINDS`; the first is the champion
    seed: random seed of the fits
    threads: number of trainings at one time, each on one thread
    threshold: least probability of an alert
    """

    train_until: datetime
    predict_from: datetime
    predict_until: datetime
    every: timedelta = DAY
    offset: timedelta = timedelta(hours=12)
    retrain_every: timedelta = timedelta(days=30)
    train_every: timedelta = timedelta(hours=12)
    days: int | None = None
    max_rows: int = 120_000
    kinds: tuple[str, ...] = ("xgboost", "logistic", "nikolov-shah")
    seed: int = 0
    threads: int = 1
    threshold: float = 0.5

    def __post_init__(self) -> None:
        if self.train_until > self.predict_from:
            raise UsageError(
                f"--train-until {self.train_until:%Y-%m-%d %H:%M} lies after --predict-from "
                f"{self.predict_from:%Y-%m-%d %H:%M}: models would know what they predict"
            )
        if self.predict_until < self.predict_from:
            raise UsageError(
                f"--predict-until {self.predict_until:%Y-%m-%d %H:%M} lies before --predict-from "
                f"{self.predict_from:%Y-%m-%d %H:%M}"
            )
        if not timedelta(0) <= self.offset < DAY:
            raise UsageError("--at is a time of day, such as 12:00")

    def anchors(self, last_reading: datetime) -> list[datetime]:
        """Return the moments to predict at, up to the day of the last reading."""
        until = min(self.predict_until, last_reading.replace(hour=0, minute=0, second=0, microsecond=0) + DAY)
        return _grid(self.predict_from, until, self.every, self.offset)

    def training_anchors(self, first_reading: datetime, last: datetime) -> list[datetime]:
        """Return the moments to learn from whose 24 hours are over by `last`."""
        return _grid(first_reading, last - LABEL_WINDOW, self.train_every, self.offset)

    def moments(self, first_reading: datetime, anchors: Sequence[datetime]) -> list[datetime]:
        """Return every moment at which features are needed, to learn from or to predict at."""
        return sorted({*anchors, *self.training_anchors(first_reading, anchors[-1])})

    def periods(self, anchors: Sequence[datetime]) -> list[tuple[datetime, list[datetime]]]:
        """Return the moments of training, each with the anchors at which its models predict."""
        periods: list[tuple[datetime, list[datetime]]] = []
        for anchor in anchors:
            if not periods:
                periods.append((self.train_until, [anchor]))
            elif anchor - periods[-1][1][0] >= self.retrain_every:
                periods.append((anchor, [anchor]))
            else:
                periods[-1][1].append(anchor)
        return periods


def _grid(start: datetime, end: datetime, every: timedelta, offset: timedelta) -> list[datetime]:
    """Return the moments in [start, end] that lie a multiple of `every` from midnight plus `offset`.

    Examples
    --------
    >>> from datetime import UTC
    >>> days = [datetime(2025, 3, day, 5, tzinfo=UTC) for day in (1, 3)]
    >>> [f"{moment:%d %H:%M}" for moment in _grid(*days, DAY, timedelta(hours=12))]
    ['01 12:00', '02 12:00']
    """
    origin = EPOCH + offset
    first = origin + -((origin - start) // every) * every
    return [first + step * every for step in range(max(0, (end - first) // every + 1))]
