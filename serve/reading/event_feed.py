"""The log of events, followed: what each agent said last, who was champion when."""

from collections import deque
from datetime import datetime, timedelta
from statistics import median

from core.events import EventKind
from serve.reading.track_record import ChampionPeriod
from storage.records.interface import Records
from storage.records.rows import EventRow

_PAGE = 1000
_LOOK_BACK = timedelta(days=2)
_LATENT: dict[str, str] = {EventKind.METRIC_DONE: "metrics", EventKind.FEATURES_DONE: "features"}
_REIGN_KINDS = (EventKind.MODEL_PROMOTED, EventKind.MODEL_ROLLED_BACK)


class EventFeed:
    """Reads each event once; only the last of each agent and the newest few hundred are kept."""

    def __init__(self, records: Records, keep: int = 300) -> None:
        self._records = records
        self._after = 0
        self._reigns: list[ChampionPeriod] | None = None
        self.recent: deque[EventRow] = deque(maxlen=keep)
        self.last: dict[str, EventRow] = {}
        self.started: dict[str, EventRow] = {}

    @property
    def seq(self) -> int:
        """Sequence number of the newest event read."""
        return self._after

    @property
    def champion_periods(self) -> tuple[ChampionPeriod, ...]:
        """Champions by the time they took over, oldest first."""
        return tuple(self._reigns or ())

    @property
    def latency(self) -> dict[str, float]:
        """Median seconds from a reading to its metrics and its features, of the newest few hundred events."""
        told: dict[str, list[float]] = {}
        for row in self.recent:
            if row.kind in _LATENT and row.detail.get("latency_s") is not None:
                told.setdefault(_LATENT[row.kind], []).append(float(row.detail["latency_s"]))
        return {table: median(seconds) for table, seconds in told.items()}

    def update(self, now: datetime) -> None:
        """Read what is new; the first time, the last two days and every change of champion."""
        since = None
        if self._reigns is None:
            since = now - _LOOK_BACK
            old = [row for kind in _REIGN_KINDS for row in self._records.events(kind=kind, limit=_PAGE)]
            self._reigns = [_champion_period(row) for row in sorted(old, key=lambda row: row.seq)]
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
        reign = _champion_period(row) if row.kind in _REIGN_KINDS else None
        if reign is not None and self._reigns is not None and reign not in self._reigns:
            self._reigns.append(reign)


def _champion_period(row: EventRow) -> ChampionPeriod:
    return ChampionPeriod(row.at, str(row.detail.get("model_id") or row.subject))
