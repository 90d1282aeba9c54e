"""A clock that is set from outside, forwards or backwards: a world or a recording can be queried at any time."""

from datetime import datetime
from threading import Lock

from core.windows import require_utc


class SettableClock:
    """Stands still until it is set; safe to share between threads.

    Parameters
    ----------
    start: the time it stands at first, UTC
    """

    def __init__(self, start: datetime) -> None:
        self._now = require_utc(start)
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the time last set."""
        with self._lock:
            return self._now

    def set(self, moment: datetime) -> None:
        """Move to `moment`; a ValueError unless it is an aware UTC time."""
        with self._lock:
            self._now = require_utc(moment)
