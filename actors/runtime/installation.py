"""What an agent is told when it starts: plain values, no open connections."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from core.quality import Limits
from core.schedule import Job
from core.tables import Table
from pipelines.operations.retention import Retention
from pipelines.themes.items import ThemeRule
from prompts.llm.interface import LanguageModel

PSEUDONYM_KEY = "pseudonym.key"


@dataclass(frozen=True)
class Installation:
    """The values an installation runs on; every agent gets the same.

    Parameters
    ----------
    home: folder of models and secrets
    lake_root, records_url: addresses of the two stores
    tables: the lake's tables by name
    buckets: number of buckets of the lake
    durable: fsync after each commit
    retention: how long things are kept
    source: standin, ensembledata or recording
    base_url, token: of the EnsembleData interface (real or stand-in); empty for a recording
    recordings: folders of the recording
    units_per_day: cap on EnsembleData units a UTC day
    busiest_hour, daily_swing: how they are spread over the day, see `pipelines.polling.curve`
    seeds: keywords that discovery starts from
    purposes: what the API may be asked for
    deletion_checks: posts looked up a day, to erase those that are gone
    jobs: the cadence table
    virtual: whether the clock is set by the Scheduler
    start: first moment of the installation; nothing before it is scheduled
    history_ends: until when the first days are played without waiting
    quality: how good readings must be to reach metrics and alerts
    language_model: what writes texts; None where none is set up
    max_rows: rows of a training set; more are sampled
    themes: what takes part in a clustering
    embedder, texts_per_hour: the text model that helps with it, and how many texts it is asked for in an hour
    distribute_rows, workers, trainer: from so many rows on, trees are grown by so many processes, through that
    """

    home: Path
    lake_root: str
    records_url: str
    tables: dict[str, Table]
    buckets: int
    durable: bool
    retention: Retention
    source: str
    base_url: str
    token: str = field(repr=False)
    recordings: tuple[Path, ...]
    units_per_day: int
    busiest_hour: float
    daily_swing: float
    seeds: tuple[str, ...]
    purposes: tuple[str, ...]
    deletion_checks: int
    jobs: tuple[Job, ...]
    virtual: bool
    start: datetime
    history_ends: datetime
    alert_urls: tuple[str, ...]
    alert_threshold: float
    momentum_weights: tuple[float, float, float, float]
    kinds: tuple[str, ...]
    training_days: int | None
    retrain_every_days: int
    seed: int
    max_rows: int
    distribute_rows: int
    workers: int
    trainer: Literal["ray-train", "xgboost-ray"]
    quality: Limits = field(default_factory=Limits)
    language_model: LanguageModel | None = None
    themes: ThemeRule = field(default_factory=ThemeRule)
    embedder: str = "none"
    texts_per_hour: int = 300

    @property
    def models_root(self) -> Path:
        """Folder of the model registry."""
        return self.home / "models"

    @property
    def pseudonym_key(self) -> bytes:
        """Secret of the hashes that stand for creators."""
        return (self.home / PSEUDONYM_KEY).read_bytes()

    def period(self, agent: str) -> timedelta:
        """How often the first job of an agent runs."""
        return next(job.every for job in self.jobs if job.agent == agent)
