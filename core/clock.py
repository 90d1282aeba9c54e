"""Time as an argument: what a clock is, and one that is set by hand."""

from datetime import datetime
from typing import Protocol

from core.windows import require_utc


class Clock(Protocol):
    """Anything that knows the present time."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        ...


class VirtualClock:
    """A clock that stands still until it is set.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> clock = VirtualClock(datetime(2025, 5, 14, tzinfo=UTC))
    >>> clock.set(datetime(2025, 5, 14, 1, tzinfo=UTC))
    >>> clock.now().hour
    1
    """

    def __init__(self, start: datetime) -> None:
        self._now = require_utc(start)

    def now(self) -> datetime:
        """Return the time last set."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Move to `moment`; time never runs backwards (ValueError)."""
        if require_utc(moment) < self._now:
            raise ValueError(
                f"the clock stands at {self._now:%Y-%m-%d %H:%M}, it can't go back to {moment:%Y-%m-%d %H:%M}"
            )
        self._now = moment
