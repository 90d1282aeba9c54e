"""Rebuilding tables: the fetched ones from raw pages, day by day, then metrics and features from those."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from core.quality import Limits
from core.tables import HASHTAG_METRICS, HASHTAG_SNAPSHOTS, RAW, VIDEO_SNAPSHOTS, VIDEOS
from core.windows import DAY, FETCH_WINDOW, window_end
from pipelines.ingestion.windows import Windows
from pipelines.metrics.features import FEATURES, advance_rises, features, load_rises
from pipelines.metrics.known_clusters import known_clusters
from pipelines.metrics.metrics import MomentumRule, advance, load_state
from pipelines.metrics.residuals import Residuals
from storage.lake.interface import Lake

_MEASURED = (VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, VIDEOS)


def raw_span(lake: Lake) -> tuple[datetime, datetime] | None:
    """Return the range (start, end] of the windows with raw pages, None when there are none."""
    windows = lake.read(RAW.name, columns=["window"])["window"]
    if windows.is_empty():
        return None
    first, last = windows.min(), windows.max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    return first - FETCH_WINDOW, last


def rebuild_fetched(
    lake: Lake, start: datetime, end: datetime, limits: Limits, tell: Callable[[datetime], None]
) -> None:
    """Write the fetched tables in (start, end] again from raw pages; earlier rows stay unchanged.

    Parameters
    ----------
    lake: the lake
    start, end: range of windows
    limits: quality limits; a window that passes a critical limit stays empty
    tell: called with each moment that is done
    """
    windows = Windows(lake, limits)
    while start < end:
        midnight = datetime.combine(start.date(), time(), UTC) + DAY
        until = min(end, midnight)
        windows.make(start, until)
        tell(until)
        start = until


def rebuild_measured(
    lake: Lake,
    start: datetime,
    end: datetime,
    length: timedelta,
    rule: MomentumRule,
    tell: Callable[[datetime], None],
) -> None:
    """Write metrics and features of every whole window in (start, end] again from the fetched tables.

    Parameters
    ----------
    lake: the lake
    start, end: range of windows
    length: length of a window
    rule: weights of momentum and thresholds of emerging
    tell: called with each moment that is done
    """
    at = window_end(start + FETCH_WINDOW, length) - length
    state = load_state(lake, at, length)
    rises, residuals = load_rises(lake, state), Residuals(lake)
    while (until := at + length) <= end:
        read, totals, videos = (lake.read(table.name, start=at, end=until) for table in _MEASURED)
        metrics, state = advance(state, until, read, totals, videos, rule)
        lake.replace(HASHTAG_METRICS.name, metrics, at, until)
        rises = advance_rises(rises, state, totals)
        context = residuals.known(until), known_clusters(lake, until)
        lake.replace(FEATURES.name, features(state, rises, metrics, *context), at, until)
        tell(until)
        at = until
