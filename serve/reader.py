"""Reads a lake and the records into a `Snapshot`, again only where they changed."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import polars as pl

from serve.event_feed import EventFeed
from serve.rolling import Rolling
from serve.schemas import AgentState, ClockMode, Progress, Source
from serve.snapshot import BASELINE, BASELINES, AgentProcess, Snapshot, Thresholds
from serve.track_record import Ledger, Reign, champions
from storage.lake import Lake
from storage.records.interface import Records
from storage.records.rows import JobRow, KpiRow, ModelRow

SPARK_SPAN = timedelta(hours=72)
_RECENT = ("hashtag", "window_end", "window_length", "views_total", "views_gained", "window")
_TABLES = ("hashtag_metrics", "predictions", "outcomes")
_MOST = 5000
_STATES: Mapping[Any, AgentState] = {state: state for state in get_args(AgentState)}


class Reader:
    """Gives the newest `Snapshot`; safe to use from many threads.

    A snapshot younger than `fresh_for` is given as it is. An older one is read again first, at most one reader at a
    time; while that happens others get the old one, unless it is older than `stale_after`.

    Parameters
    ----------
    wall: the time of day, for installations that keep no clock of their own
    units_cap: EnsembleData units a day, when known
    job_agents: job -> the agent that does it
    fresh_for, stale_after: seconds
    """

    def __init__(
        self,
        lake: Lake,
        records: Records,
        *,
        wall: Callable[[], datetime],
        thresholds: Thresholds | None = None,
        units_cap: int | None = None,
        job_agents: Mapping[str, str] | None = None,
        fresh_for: float = 1.0,
        stale_after: float = 15.0,
    ) -> None:
        self.lake = lake
        self.records = records
        self.job_agents = dict(job_agents or {})
        self._wall = wall
        self._thresholds = thresholds or Thresholds()
        self._units_cap = units_cap
        self._fresh_for = fresh_for
        self._stale_after = stale_after
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._read_at = float("-inf")
        self._ledger = Ledger(lake)
        self._feed = EventFeed(records)
        self._recent = Rolling(lake, "hashtag_metrics", _RECENT, SPARK_SPAN)
        self._frames: dict[str, tuple[object, pl.DataFrame]] = {}

    @property
    def reigns(self) -> tuple[Reign, ...]:
        """Champions by the time they took over."""
        return self._feed.reigns

    def snapshot(self) -> Snapshot:
        """Return what is known now."""
        age = time.monotonic() - self._read_at
        if self._snapshot is not None and age < self._fresh_for:
            return self._snapshot
        must_wait = self._snapshot is None or age > self._stale_after
        if self._lock.acquire(blocking=must_wait):
            try:
                if self._snapshot is None or time.monotonic() - self._read_at >= self._fresh_for:
                    self._snapshot = self._read()
                    self._read_at = time.monotonic()
            finally:
                self._lock.release()
        assert self._snapshot is not None
        return self._snapshot

    def _read(self) -> Snapshot:
        now, clock = self._clock()
        versions = {table: self.lake.version(table) for table in _TABLES}
        champion = self.records.alias("champion")
        models = self.records.models(_MOST)
        self._feed.update(now)
        at, predictions = self._predictions(versions["predictions"], champion, now)
        recent = self._recent.update(now)
        newest = newest_of(recent, "window_end")
        spoke = predictions["model_id"][0] if predictions.height else None
        by_id = {row.model_id: row for row in models}
        return Snapshot(
            snapshot_id=f"m{versions['hashtag_metrics']}-p{versions['predictions']}-o{versions['outcomes']}-e{self._feed.seq}",
            now=now,
            clock=clock,
            source=self._source(),
            progress=self._progress(),
            freshness=self._thresholds.freshness(newest, now),
            versions=versions,
            at=at,
            predictions=predictions,
            trends=self._trends(versions["hashtag_metrics"], newest),
            recent=recent,
            track=self._ledger.update(now, self._feed.reigns, champion),
            champion=by_id.get(champion or ""),
            trained=_is_trained(spoke, by_id),
            previous=self.records.alias("previous"),
            models=models,
            narratives={row.hashtag: row for row in reversed(self.records.narratives(at=at, limit=500))} if at else {},
            kpis=self.records.kpis(),
            precision=self._precision(),
            processes=self._processes(),
            last_events=dict(self._feed.last),
            started=dict(self._feed.started),
            jobs=self.records.jobs(limit=50),
            latest_jobs=self._latest_jobs(),
            units_used=self.records.used(now.date()),
            units_cap=self._units_cap,
            units=self.records.budget(now.date()),
            alerts=self.records.alerts(limit=_MOST),
            backlog=self.records.backlog(),
            changes=self.records.changes(_MOST),
        )

    def _clock(self) -> tuple[datetime, ClockMode]:
        value = self.records.value("clock")
        if not isinstance(value, Mapping) or "now" not in value:
            return self._wall(), "real"
        if value.get("mode") == "real" or value.get("virtual") is False:
            return self._wall(), "real"
        return as_time(value["now"]), "virtual"

    def _source(self) -> Source:
        value = self.records.value("source")
        return Source.model_validate(value) if isinstance(value, Mapping) else Source(kind="unknown", simulated=False)

    def _progress(self) -> Progress | None:
        value = self.records.value("progress")
        return (
            Progress.model_validate({"now": None, "speed": None} | dict(value)) if isinstance(value, Mapping) else None
        )

    def _processes(self) -> dict[str, AgentProcess]:
        value = self.records.value("agents")
        known = value if isinstance(value, Mapping) else {}
        return {
            name: AgentProcess(_STATES.get(row.get("state"), "unknown"), row.get("pid"), int(row.get("restarts") or 0))
            for name, row in known.items()
            if isinstance(row, Mapping)
        }

    def _latest_jobs(self) -> dict[str, JobRow]:
        """The newest run of any job of each agent."""
        latest: dict[str, JobRow] = {}
        for job, agent in self.job_agents.items():
            for row in self.records.jobs(job=job, limit=1):
                if agent not in latest or row.started_at > latest[agent].started_at:
                    latest[agent] = row
        return latest

    def _precision(self) -> dict[str, list[KpiRow]]:
        """precision@10 over time, of the champion and of the baseline shown beside it."""
        return {model: self.records.kpi_history("precision_at_10", "all", model) for model in ("champion", BASELINE)}

    def _predictions(self, version: int, champion: str | None, now: datetime) -> tuple[datetime | None, pl.DataFrame]:
        """The newest predictions and their time."""

        def load() -> pl.DataFrame:
            rows = self.lake.read("predictions", start=now - timedelta(days=2))
            newest = newest_of(rows, "at")
            said = rows.filter(pl.col("at") == newest) if newest else rows
            return best_first(champions(said, self._feed.reigns, champion))

        rows = self._cached("predictions", (version, champion, self._feed.reigns), load)
        return newest_of(rows, "at"), rows

    def _trends(self, version: int, newest: datetime | None) -> pl.DataFrame:
        def load() -> pl.DataFrame:
            start = newest - timedelta(microseconds=1) if newest else datetime.now(UTC)
            rows = one_length(self.lake.read("hashtag_metrics", start=start, end=newest))
            return rows.sort(["emerging", "momentum", "hashtag"], descending=[True, True, False], nulls_last=True)

        return self._cached("trends", version, load)

    def _cached(self, name: str, key: object, load: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        if name not in self._frames or self._frames[name][0] != key:
            self._frames[name] = (key, load())
        return self._frames[name][1]


def best_first(predictions: pl.DataFrame) -> pl.DataFrame:
    """Ranked rows by rank, then the others by probability."""
    return predictions.sort(["rank", "probability", "hashtag"], descending=[False, True, False], nulls_last=True)


def one_length(metrics: pl.DataFrame) -> pl.DataFrame:
    """The rows of the shortest window length there is."""
    return metrics.filter(pl.col("window_length") == pl.col("window_length").min())


def as_time(value: Any) -> datetime:
    """A stored time as an aware UTC datetime."""
    parsed = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def newest_of(frame: pl.DataFrame, column: str) -> datetime | None:
    """The latest time in a column, None when there is none."""
    value = frame[column].max() if frame.height else None
    return value if isinstance(value, datetime) else None


def _is_trained(model_id: str | None, models: Mapping[str, ModelRow]) -> bool:
    if model_id is None:
        return False
    kind = models[model_id].kind if model_id in models else model_id
    return kind not in BASELINES
