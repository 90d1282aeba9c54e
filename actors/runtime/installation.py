"""The configuration that every agent starts with: plain values, no open connections."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from actors.runtime.logs import LogPlan
from core.quality import Limits
from core.schedule import Job
from core.tables import Table
from pipelines.operations.retention import Retention
from pipelines.themes.items import ThemeRule
from prompts.llm.interface import LanguageModel

PSEUDONYM_KEY = "pseudonym.key"
NO_MODEL = "no language model is set up"
PLAYED = "the first days are played without the language model"


@dataclass(frozen=True)
class InstallationConfig:
    """The values an installation runs on; every agent gets the same ones.

    Parameters
    ----------
    home: folder of models and secrets
    lake_root, records_url: addresses of the two stores
    tables: the lake's tables by name
    buckets: number of buckets of the lake
    durable: fsync after each commit
    retention: how long things are kept
    source: standin, ensembledata or recording
    base_url, token: address and token of the EnsembleData API (real or stand-in); empty for a recording
    recordings: folders of the recording, if that is the source
    units_per_day: cap on EnsembleData units a UTC day
    busiest_hour, daily_swing: how the units are spread over the day, see `pipelines.polling.curve`
    seeds: keywords that discovery starts from
    purposes: purposes that API calls are allowed for
    deletion_checks: posts looked up per day, to erase those that were deleted at the source
    jobs: the cadence table
    virtual: whether the clock is set by the Scheduler
    start: first moment of the installation; no earlier slot is scheduled
    history_ends: end of the first days, which are played without waiting
    quality: limits that readings must keep to reach metrics and alerts
    language_model: writes texts; None where none is set up
    max_rows: largest training set in rows; larger ones are sampled
    themes: which videos and hashtags take part in a clustering
    embedder, texts_per_hour: the text model of the clustering, and how many texts it embeds per hour
    distribute_rows, workers, trainer: training sets of `distribute_rows` rows or more are fitted by `workers` processes
        through `trainer`
    logs: how the agents log; None leaves logging as the process has it
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
    logs: LogPlan | None = None

    @property
    def models_root(self) -> Path:
        """Folder of the model registry."""
        return self.home / "models"

    @property
    def pseudonym_key(self) -> bytes:
        """Secret key of the hashes that replace creator ids."""
        return (self.home / PSEUDONYM_KEY).read_bytes()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must not be written to a log."""
        password = urlsplit(self.records_url).password or ""
        return (self.token, getattr(self.language_model, "key", ""), password, *self.alert_urls)

    def played(self, slot: datetime) -> bool:
        """Whether `slot` lies in the simulated days that are played without waiting."""
        return self.source == "standin" and slot < self.history_ends

    def period(self, agent: str) -> timedelta:
        """How often the first job of an agent runs."""
        return next(job.every for job in self.jobs if job.agent == agent)
