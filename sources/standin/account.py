"""Tokens of the stand-in server and the units they used, by UTC day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from threading import Lock

DEMO_TOKEN = "groundswell-demo"


class TokenState(Enum):
    """The state of a token."""

    GOOD = "good"
    UNVERIFIED = "unverified"
    EXPIRED = "expired"


@dataclass
class Account:
    """The valid tokens and the units charged to each; safe to share between threads.

    Parameters
    ----------
    units_per_day: units after which calls are refused for the rest of the UTC day
    tokens: tokens and their state
    """

    units_per_day: int = 1_500
    tokens: Mapping[str, TokenState] = field(default_factory=lambda: {DEMO_TOKEN: TokenState.GOOD})

    def __post_init__(self) -> None:
        self._used: dict[tuple[str, date], int] = {}
        self._lock = Lock()

    def exhausted(self, token: str, day: date) -> bool:
        """Return whether the units of `day` are used up."""
        return self.used(token, day) >= self.units_per_day

    def charge(self, token: str, day: date, units: int) -> None:
        """Charge units to `day`."""
        with self._lock:
            self._used[token, day] = self._used.get((token, day), 0) + units

    def used(self, token: str, day: date) -> int:
        """Return the units charged on a UTC day."""
        with self._lock:
            return self._used.get((token, day), 0)
