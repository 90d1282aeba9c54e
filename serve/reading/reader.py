"""Reads a lake and the records into a `Snapshot`, again only where they changed."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import polars as pl

from core.evaluation.champions import ChampionPeriod, by_champion
from core.tables import QUALITY
from core.windows import DAY, MICROSECOND
from serve.reading import installation, judgements
from serve.reading.event_feed import EventFeed
from serve.reading.narrative_view import NarrativeView, narrative_views
from serve.reading.ordering import best_first, newest_of, one_length
from serve.reading.rolling import Rolling
from serve.reading.snapshot import BASELINE, Snapshot, Thresholds
from serve.reading.themes import newest_themes
from serve.reading.track_record import Ledger
from storage.lake.interface import Lake
from storage.records.interface import Records
from storage.records.rows import KpiRow, ModelRow
from tuning.takeovers import champion_periods

SPARK_SPAN = timedelta(hours=72)
QUALITY_SPAN = timedelta(hours=24)
NEWEST = 20
_RECENT = ("hashtag", "window_end", "window_length", "views_total", "views_gained", "window")
_TABLES = ("hashtag_metrics", "predictions", "outcomes")
T = TypeVar("T")


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
        self._job_agents = dict(job_agents or {})
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
        self._periods: tuple[ChampionPeriod, ...] = ()
        self._recent = Rolling(lake, "hashtag_metrics", _RECENT, SPARK_SPAN)
        self._quality = Rolling(lake, QUALITY.name, list(QUALITY.schema), QUALITY_SPAN)
        self._kept: dict[str, tuple[object, Any]] = {}
        self._moved_at = time.monotonic()

    @property
    def champion_periods(self) -> tuple[ChampionPeriod, ...]:
        """Takeovers in order, as of the newest snapshot."""
        return self._periods

    def at_hand(self) -> Snapshot | None:
        """Return the snapshot that `snapshot` would return without reading or waiting, None where it would read."""
        age = time.monotonic() - self._read_at
        being_read = self._lock.locked() and age <= self._stale_after
        return self._snapshot if age < self._fresh_for or being_read else None

    def snapshot(self) -> Snapshot:
        """Return the newest snapshot, read now where the last one is too old."""
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
        records = self.records
        now, clock = installation.clock(records, self._wall())
        metrics, predicted, resolved = (self.lake.version(table) for table in _TABLES)
        champion = records.alias("champion")
        self._feed.update(now)
        self._periods = self._keep("periods", (champion, self._feed.seq), lambda: champion_periods(records))
        predictions = self._predictions(predicted, now)
        at = newest_of(predictions, "at")
        recent = self._recent.update(now)
        newest = newest_of(recent, "window_end")
        kpis, jobs = records.kpis(), records.jobs(limit=50)
        spoke = self._model(predictions["model_id"][0] if predictions.height else None)
        return Snapshot(
            snapshot_id=f"m{metrics}-p{predicted}-o{resolved}-e{self._feed.seq}",
            now=now,
            clock=clock,
            still_s=self._still_for(now),
            source=installation.source(records),
            progress=installation.progress(records),
            freshness=self._thresholds.freshness(newest, now),
            latency=self._feed.latency,
            versions=dict(zip(_TABLES, (metrics, predicted, resolved), strict=True)),
            at=at,
            predictions=predictions,
            trends=self._trends(metrics, _one_hour(at, newest), now),
            themes=self._keep("themes", self.lake.version("themes"), lambda: newest_themes(self.lake, now)),
            recent=recent,
            quality=self._quality.update(now),
            track=self._ledger.update(now, self._periods),
            champion=self._model(champion),
            trained=spoke is not None and spoke.kind != BASELINE,
            challenged=self._keep("challenged", self._feed.seq, self._was_challenged),
            previous=records.alias("previous"),
            challenger=records.alias("challenger"),
            narratives=self._narratives(at),
            judgements=self._keep("judgements", (at, self._feed.seq), lambda: judgements.newest(records, at)),
            kpis=kpis,
            precision=self._keep("precision", kpis[0].computed_at if kpis else None, self._precision),
            processes=installation.processes(records),
            last_events=dict(self._feed.last),
            started=dict(self._feed.started),
            jobs=jobs,
            latest_jobs=installation.latest_jobs(records, self._job_agents, jobs),
            units_used=records.used(now.date()),
            units_cap=self._units_cap,
            units=records.budget(now.date()),
            alerts=records.alerts(limit=NEWEST),
            backlog=records.backlog(),
            changes=records.changes(NEWEST),
        )

    def _still_for(self, now: datetime) -> float:
        """Return the seconds of real time since the installation's clock last moved."""
        if self._snapshot is None or now != self._snapshot.now:
            self._moved_at = time.monotonic()
        return time.monotonic() - self._moved_at

    def _model(self, model_id: str | None) -> ModelRow | None:
        return self._keep(f"model {model_id}", model_id, lambda: self.records.model(model_id) if model_id else None)

    def _was_challenged(self) -> bool:
        """Whether any model but the baseline was ever trained."""
        return any(row.kind != BASELINE for row in self.records.models(NEWEST))

    def _narratives(self, at: datetime | None) -> dict[str, NarrativeView]:
        """Return the narratives of a time by hashtag, with people's decisions; of two, the one written first."""
        narratives = self._keep(
            "narratives", (at, self._feed.seq), lambda: self.records.narratives(at=at) if at else []
        )
        return narrative_views(narratives, self.records.feedback([row.narrative_id for row in narratives]))

    def _precision(self) -> dict[str, list[KpiRow]]:
        """precision@10 over time, of the champion and of the baseline shown beside it."""
        return {model: self.records.kpi_history("precision_at_10", "all", model) for model in ("champion", BASELINE)}

    def _predictions(self, version: int, now: datetime) -> pl.DataFrame:
        """Return the champion's newest predictions."""

        def load() -> pl.DataFrame:
            newest = self.lake.newest_window("predictions")
            start = now if newest is None or newest <= now - 2 * DAY else newest - MICROSECOND
            rows = self.lake.read("predictions", start=start)
            return best_first(by_champion(rows, self._periods))

        return self._keep("predictions", (version, self._periods), load)

    def _trends(self, version: int, newest: datetime | None, now: datetime) -> pl.DataFrame:
        """Return the metrics of the newest window."""

        def load() -> pl.DataFrame:
            start = newest - MICROSECOND if newest else now
            rows = one_length(self.lake.read("hashtag_metrics", start=start, end=newest))
            return rows.sort(["emerging", "momentum", "hashtag"], descending=[True, True, False], nulls_last=True)

        return self._keep("trends", (version, newest), load)

    def _keep(self, name: str, key: object, load: Callable[[], T]) -> T:
        """Return what `load` returned when `key` last changed."""
        if name not in self._kept or self._kept[name][0] != key:
            self._kept[name] = (key, load())
        kept: T = self._kept[name][1]
        return kept


def _one_hour(predicted: datetime | None, measured: datetime | None) -> datetime | None:
    """The window that goes with the newest predictions; the newest measured where those are late or missing."""
    waiting = predicted is not None and measured is not None and measured - predicted <= timedelta(hours=1)
    return predicted if waiting else measured
