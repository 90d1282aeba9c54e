"""What the pages show, read at one moment; it is frozen and replaced as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from serve.reading.judgements import NewestJudgements
from serve.reading.narrative_view import NarrativeView
from serve.reading.state import AgentState, ClockMode, Freshness, Level, SourceState, StartProgress
from serve.reading.track_record import TrackRecord
from storage.records.rows import (
    AlertRow,
    BacklogRow,
    BudgetRow,
    ChangeRow,
    EventRow,
    JobRow,
    KpiRow,
    ModelRow,
)

BASELINE = "last-24h-growth"


@dataclass(frozen=True)
class Thresholds:
    """When data are too old: ages of the newest measured window."""

    warning: timedelta = timedelta(hours=2)
    critical: timedelta = timedelta(hours=6)

    def freshness(self, newest: datetime | None, now: datetime) -> Freshness:
        """How old `newest` is, and whether that is all right."""
        if newest is None:
            return Freshness(age_s=None, level="unknown")
        age = max(now - newest, timedelta(0))
        level: Level = "critical" if age > self.critical else "warning" if age > self.warning else "ok"
        return Freshness(age_s=age.total_seconds(), level=level)


@dataclass(frozen=True)
class AgentProcess:
    """State of an agent's process."""

    state: AgentState
    pid: int | None
    restarts: int


@dataclass(frozen=True)
class Snapshot:
    """Everything the pages need, consistent with itself.

    Parameters
    ----------
    snapshot_id: names the versions it was read from
    now: the installation's present
    clock: virtual or real
    still_s: seconds of real time since that clock last moved
    latency: table -> median seconds from a reading to its row there
    at: time of the newest predictions; None before the first
    predictions: rows of the table `predictions` at `at` by the champion, best first
    trends: rows of `hashtag_metrics` of the newest window, emerging and strongest first
    themes: rows of the newest clustering, with their size a day before
    recent: hashtag, window_end, views_gained and views_total of the last days
    quality: rows of table `quality` of the last day
    champion: the model the alias names, None before the first training
    trained: whether the predictions shown are a learned model's, not the baseline's
    challenged: whether any model but the baseline was ever trained
    judgements: risks, counterfactuals and collisions of those predictions
    alerts, changes: the newest few
    """

    snapshot_id: str
    now: datetime
    clock: ClockMode
    still_s: float
    source: SourceState
    progress: StartProgress | None
    freshness: Freshness
    latency: Mapping[str, float]
    versions: Mapping[str, int]
    at: datetime | None
    predictions: pl.DataFrame
    trends: pl.DataFrame
    themes: pl.DataFrame
    recent: pl.DataFrame
    quality: pl.DataFrame
    track: TrackRecord
    champion: ModelRow | None
    trained: bool
    challenged: bool
    previous: str | None
    challenger: str | None
    narratives: Mapping[str, NarrativeView]
    judgements: NewestJudgements
    kpis: Sequence[KpiRow]
    precision: Mapping[str, Sequence[KpiRow]]
    processes: Mapping[str, AgentProcess]
    last_events: Mapping[str, EventRow]
    started: Mapping[str, EventRow]
    jobs: Sequence[JobRow]
    latest_jobs: Mapping[str, JobRow]
    units_used: int
    units_cap: int | None
    units: Sequence[BudgetRow]
    alerts: Sequence[AlertRow]
    backlog: Sequence[BacklogRow]
    changes: Sequence[ChangeRow]

    @property
    def early(self) -> bool:
        """Whether the first simulated days are still being played, or about to be."""
        return self.source.simulated and (self.progress is None or self.progress.phase == "history")

    @property
    def champion_id(self) -> str | None:
        """Id of the champion."""
        return self.champion.model_id if self.champion else None
