"""Addresses of rows in the lake; agents send one beside each object reference."""

from dataclasses import dataclass
from datetime import datetime

from core.windows import require_utc


@dataclass(frozen=True)
class Address:
    """The rows of `table` whose window lies in (start, end], as they were at `version`.

    Parameters
    ----------
    table: name of a table of the lake
    version: its version after the write; -1 for a table never written
    start: lower end of the range of windows, exclusive, UTC
    end: upper end, inclusive, UTC

    Examples
    --------
    >>> from datetime import UTC
    >>> str(Address("raw", 3, datetime(2025, 5, 14, tzinfo=UTC), datetime(2025, 5, 14, 1, tzinfo=UTC)))
    'raw@3 (2025-05-14T00:00:00+00:00, 2025-05-14T01:00:00+00:00]'
    """

    table: str
    version: int
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        require_utc(self.start)
        require_utc(self.end)
        if self.end < self.start:
            raise ValueError(f"the range of {self.table} ends at {self.end} before it starts at {self.start}")

    def __str__(self) -> str:
        return f"{self.table}@{self.version} ({self.start.isoformat()}, {self.end.isoformat()}]"
