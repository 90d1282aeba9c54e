"""The log of events, followed: the newest event of each agent, and of all."""

from collections import deque
from datetime import datetime, timedelta
from statistics import median

from core.events import EventKind
from storage.records.interface import Records
from storage.records.rows import EventRow

_PAGE = 1000
_LOOK_BACK = timedelta(days=2)
_LATENT: dict[str, str] = {EventKind.METRIC_DONE: "metrics", EventKind.FEATURES_DONE: "features"}


class EventFeed:
    """Reads each event once; only the last of each agent and the newest few hundred are kept."""

    def __init__(self, records: Records, keep: int = 300) -> None:
        self._records = records
        self._after = 0
        self._begun = False
        self.recent: deque[EventRow] = deque(maxlen=keep)
        self.last: dict[str, EventRow] = {}
        self.started: dict[str, EventRow] = {}

    @property
    def seq(self) -> int:
        """Sequence number of the newest event read."""
        return self._after

    @property
    def latency(self) -> dict[str, float]:
        """Median seconds from a reading to its metrics and its features, of the newest few hundred events."""
        latencies: dict[str, list[float]] = {}
        for row in self.recent:
            if row.kind in _LATENT and row.detail.get("latency_s") is not None:
                latencies.setdefault(_LATENT[row.kind], []).append(float(row.detail["latency_s"]))
        return {table: median(seconds) for table, seconds in latencies.items()}

    def update(self, now: datetime) -> None:
        """Read what is new; the first time, the last two days and the start of every agent."""
        since = None if self._begun else now - _LOOK_BACK
        if not self._begun:
            self._begun = True
            for row in self._records.events(kind=EventKind.AGENT_STARTED, limit=_PAGE):
                self.started[row.agent] = row
        while rows := self._records.events(since=since, after=self._after, limit=_PAGE):
            for row in rows:
                self._take(row)
            self._after = rows[-1].seq

    def _take(self, row: EventRow) -> None:
        self.recent.append(row)
        self.last[row.agent] = row
        if row.kind == EventKind.AGENT_STARTED:
            self.started[row.agent] = row
