"""The history of one hashtag, read from the lake on request and kept until the lake changes."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from core.evaluation.champions import by_champion
from core.labels.label_scale import judged
from serve.reading.ordering import one_length
from serve.reading.reader import Reader
from serve.reading.snapshot import Snapshot

SPAN = timedelta(days=30)
_METRICS = (
    "hashtag",
    "window_end",
    "window_length",
    "views_total",
    "views_gained",
    "volume",
    "unique_creators",
    "momentum",
    "novelty",
    "engagement_efficiency",
    "emerging",
    "first_detected_at",
)


@dataclass(frozen=True, eq=False)
class History:
    """What the last 30 days hold of a hashtag.

    Parameters
    ----------
    metrics, predictions, outcomes: rows of those tables, oldest first; predictions are the champion's of each time
    """

    metrics: pl.DataFrame
    predictions: pl.DataFrame
    outcomes: pl.DataFrame

    @property
    def is_known(self) -> bool:
        """Whether the tag was ever seen in this time."""
        return self.metrics.height + self.predictions.height > 0


class Histories:
    """Keeps the histories requested last, at most `keep` of them."""

    def __init__(self, reader: Reader, keep: int = 64) -> None:
        self._reader = reader
        self._keep = keep
        self._kept: OrderedDict[tuple[str, str], History] = OrderedDict()

    def get(self, hashtag: str, snapshot: Snapshot) -> History:
        """Return the history of a hashtag as of a snapshot."""
        key = (hashtag, repr(sorted(snapshot.versions.items())))
        if key not in self._kept:
            self._kept[key] = self._load(hashtag, snapshot)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return self._kept[key]

    def _load(self, hashtag: str, snapshot: Snapshot) -> History:
        start = snapshot.now - SPAN
        mine = {"hashtag": hashtag}
        lake = self._reader.lake
        metrics = lake.read("hashtag_metrics", start=start, columns=_METRICS, where=mine)
        predictions = lake.read("predictions", start=start, where=mine)
        return History(
            metrics=one_length(metrics).sort("window_end"),
            predictions=by_champion(predictions, self._reader.champion_periods).sort("at"),
            outcomes=judged(lake.read("outcomes", start=start, where=mine)).sort("at"),
        )
