"""Windows of time: written by their end, covering (end - length, end], aligned to the Unix epoch."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FETCH_WINDOW = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def require_utc(moment: datetime) -> datetime:
    """Return `moment` unchanged; raise ValueError when it is naive or not in UTC."""
    if moment.tzinfo is None or moment.utcoffset() != timedelta(0):
        raise ValueError(f"{moment!r} is not an aware UTC time")
    return moment


def micros(time: datetime | timedelta) -> int:
    """Return a time since the Unix epoch, or a duration, in microseconds."""
    return (time - EPOCH) // MICROSECOND if isinstance(time, datetime) else time // MICROSECOND


HOUR_US = micros(HOUR)


def window_end(moment: datetime, length: timedelta = FETCH_WINDOW) -> datetime:
    """Return the end of the window of `length` that holds `moment`.

    Examples
    --------
    >>> window_end(datetime(2025, 5, 14, 10, 0, 1, tzinfo=UTC)).isoformat()
    '2025-05-14T10:15:00+00:00'
    >>> window_end(datetime(2025, 5, 14, 10, 15, tzinfo=UTC)).isoformat()
    '2025-05-14T10:15:00+00:00'
    """
    past = (require_utc(moment) - EPOCH) % length
    return moment if past == timedelta(0) else moment - past + length


def window_ends(start: datetime, end: datetime, length: timedelta) -> Iterator[datetime]:
    """Yield the ends of the windows of `length` with start < window end <= end, in order."""
    moment = window_end(start, length)
    if moment == start:
        moment += length
    while moment <= end:
        yield moment
        moment += length
