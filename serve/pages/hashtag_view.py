"""What the page of one hashtag shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from serve.api import rows
from serve.api.hashtag_schemas import TrendAnswer
from serve.api.prediction_schemas import CallAnswer, PredictionAnswer
from serve.pages import charts
from serve.pages.views import Driver, drivers, growth_past
from serve.reading.history import History
from serve.reading.narrative_view import NarrativeView
from serve.reading.snapshot import Snapshot
from serve.reading.themes import theme_of

CALLS = 12


@dataclass(frozen=True)
class HashtagView:
    """One hashtag as its page shows it; charts are JSON for the page's script; None draws nothing.

    Parameters
    ----------
    prediction: the champion's newest, None where it made none for this hashtag
    trend: as measured in the newest window
    text: why it leads, None when it does not
    theme: id and label of its theme
    calls: when it was in the top ten or alerted, newest first
    """

    hashtag: str
    prediction: PredictionAnswer | None
    trend: TrendAnswer | None
    drivers: Sequence[Driver]
    growth_past: float | None
    text: NarrativeView | None
    calls: Sequence[CallAnswer]
    calls_total: int
    theme: tuple[str, str] | None
    views_chart: str | None
    probability_chart: str | None


def hashtag_view(hashtag: str, history: History, snapshot: Snapshot) -> HashtagView:
    """Return the view of a hashtag."""
    mine = pl.col("hashtag") == hashtag
    predictions = rows.predictions(snapshot.predictions.filter(mine))
    measured = rows.of_frame(TrendAnswer, snapshot.trends.filter(mine))
    called = rows.with_outcome(snapshot.track.calls.filter(mine), snapshot.now)
    narrative = snapshot.narratives.get(hashtag)
    trend = measured[0] if measured else None
    return HashtagView(
        hashtag=hashtag,
        prediction=predictions[0] if predictions else None,
        trend=trend,
        drivers=drivers(predictions[0]) if predictions else (),
        growth_past=growth_past(trend),
        text=narrative,
        calls=rows.of_frame(CallAnswer, called.head(CALLS)),
        calls_total=called.height,
        views_chart=charts.views_chart(history) if history.metrics.height > 1 else None,
        theme=theme_of(snapshot).get(hashtag),
        probability_chart=charts.probability_chart(history) if history.predictions.height > 1 else None,
    )
