"""The settings of an installation: typed, frozen, strict, read once by entry points."""

import os
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.errors import UsageError
from core.hashtags import clean_hashtag
from core.hosting import Hosting


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(_Section):
    """Where posts come from, and how many units may be spent on them."""

    kind: Literal["standin", "ensembledata", "recording"] = "standin"
    base_url: str = "https://ensembledata.com/apis"
    units_per_day: int = Field(300, gt=0)
    busiest_hour: float = Field(13.0, ge=0, lt=24)
    daily_swing: float = Field(0.4, ge=0, le=1)
    seeds: tuple[str, ...] = ("dance", "recipe", "gym", "makeup", "football", "travel")
    purposes: tuple[str, ...] = ("discovery", "tracking", "sampling", "follow_up", "deletion_sync")
    deletion_checks_per_day: int = Field(5, ge=0, le=100)

    @field_validator("seeds")
    @classmethod
    def _as_keys(cls, seeds: tuple[str, ...]) -> tuple[str, ...]:
        """Write each word of a keyword as hashtags are written, and each keyword once."""
        words = {seed: [clean_hashtag(word) for word in seed.split()] for seed in seeds}
        if odd := [seed for seed, keys in words.items() if not keys or not all(keys)]:
            raise ValueError(f"{odd[0]!r} is no keyword: it is empty or holds a control character, /, < or &")
        return tuple(dict.fromkeys(" ".join(keys) for keys in words.values()))


class WorldSettings(_Section):
    """The simulated world behind the stand-in server."""

    seed: int = 7
    days: int = Field(60, gt=1, le=400)
    hashtags: int = Field(2_000, gt=10)
    videos: int = Field(200_000, gt=100)


class StoreSettings(_Section):
    """Where data is stored; empty addresses mean inside the home folder."""

    lake: str = ""
    records: str = ""
    buckets: int = Field(2, gt=0, le=256)
    durable: bool = True


class RetentionSettings(_Section):
    """Days that data is kept; null means for ever."""

    raw_days: int | None = Field(30, gt=0)
    days: int | None = Field(365, gt=0)


class LearningSettings(_Section):
    """How champions are made and when an alert is raised.

    A training set of more than `max_rows` rows is sampled; from `distribute_rows` on, fits run on `workers`
    processes, those of trees through `trainer`.
    """

    training_days: int | None = 14
    retrain_every_days: int = Field(7, gt=0)
    alert_threshold: float = Field(0.5, gt=0, lt=1)
    momentum_weights: tuple[float, float, float, float] = (0.4, 0.3, 0.2, 0.1)
    kinds: tuple[str, ...] = ("last-24h-growth", "nikolov-shah", "logistic", "xgboost")
    seed: int = 0
    max_rows: int = Field(20_000, gt=0)
    distribute_rows: int = Field(200_000, gt=0)
    workers: int = Field(2, gt=0)
    trainer: Literal["ray-train", "xgboost-ray"] = "ray-train"


class HostingSettings(Hosting):
    """How the language model is hosted where the installation does it itself.

    `python` is the interpreter of the model's environment, empty for the one that runs the installation; both it and
    `weights` are made by `make llm`.
    """

    enabled: bool = True
    python: str = ".cache/llm/bin/python"
    weights: str = ".cache/weights/SmolLM2-135M-Instruct"


class LanguageModelSettings(_Section):
    """What writes the texts.

    `address` is that of any server of OpenAI's shape, up to /v1; empty, the installation hosts the model itself where
    it is set up. `timeout_s` is for a whole batch, of which `in_flight` requests are under way at one time.
    """

    address: str = ""
    name: str = "SmolLM2-135M-Instruct"
    timeout_s: float = Field(120.0, gt=0)
    in_flight: int = Field(20, gt=0)
    hosting: HostingSettings = HostingSettings()


class ThemeSettings(_Section):
    """How hashtags are clustered: which text model helps (auto: minilm where the extra `semantics` is installed),
    and what takes part: videos of so many days, at most so many hashtags, so many texts for the model in an hour.
    """

    embedder: Literal["auto", "none", "minilm", "name-ngrams"] = "auto"
    days: int = Field(14, gt=0, le=60)
    hashtags: int = Field(3_000, ge=10, le=10_000)
    texts_per_hour: int = Field(300, gt=0)


class ServeSettings(_Section):
    """Address of the dashboard and the HTTP interface."""

    host: str = "127.0.0.1"
    port: int = Field(8000, gt=0, lt=65536)


class RaySettings(_Section):
    """How Ray is started here; CPUs are logical. Without `dashboard_port` Ray's own dashboard is not started."""

    num_cpus: int = Field(8, gt=0)
    object_store_mb: int = Field(256, ge=80)
    dashboard_port: int | None = None


class LoggingSettings(_Section):
    """How the agents log, to stderr and to `logs/` in the home folder."""

    format: Literal["text", "json"] = "text"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class AlertSettings(_Section):
    """Where alerts go: apprise addresses; without one they appear on the pages only."""

    urls: tuple[str, ...] = ()


class Settings(_Section):
    """Everything an entry point needs to know."""

    home: Path = Path(".groundswell")
    history_days: int = Field(14, ge=0)
    speed: float = Field(120.0, gt=0)
    cadence: Path | None = None
    quality: Path | None = None
    source: SourceSettings = SourceSettings()
    world: WorldSettings = WorldSettings()
    stores: StoreSettings = StoreSettings()
    retention: RetentionSettings = RetentionSettings()
    learning: LearningSettings = LearningSettings()
    language_model: LanguageModelSettings = LanguageModelSettings()
    themes: ThemeSettings = ThemeSettings()
    serve: ServeSettings = ServeSettings()
    ray: RaySettings = RaySettings()
    alerts: AlertSettings = AlertSettings()
    logging: LoggingSettings = LoggingSettings()

    @property
    def lake_root(self) -> str:
        """Folder or address of the lake."""
        return self.stores.lake or str(self.home.resolve() / "lake")

    @property
    def records_url(self) -> str:
        """Address of the records database."""
        return self.stores.records or f"sqlite:///{self.home.resolve() / 'records.db'}"

    @property
    def history(self) -> timedelta:
        """Length of the history played before time lapse."""
        return timedelta(days=self.history_days)


def _read_yaml(path: Path) -> dict[str, object]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"settings file {path}: {error.strerror or error}") from None
    except yaml.YAMLError as error:
        raise UsageError(f"settings file {path} is not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise UsageError(f"settings file {path} must hold `name: value` pairs")
    return content


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings file (default: the shipped local one); UsageError names the first thing wrong."""
    with resources.as_file(resources.files("configs") / "local.yaml") as local:
        chosen = path or local
        content = _read_yaml(chosen)
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        problem = "unknown setting" if first["type"] == "extra_forbidden" else first["msg"]
        raise UsageError(f"{chosen.name}: {name}: {problem}") from None


def ensembledata_token() -> str:
    """The EnsembleData token from the environment; UsageError when there is none."""
    token = os.environ.get("ENSEMBLEDATA_TOKEN", "").strip()
    if not token:
        raise UsageError("no EnsembleData token: set ENSEMBLEDATA_TOKEN, or run with --source standin")
    return token


def language_model_key() -> str:
    """The API key of the language model's server from GROUNDSWELL_LLM_KEY; empty when none is set."""
    return os.environ.get("GROUNDSWELL_LLM_KEY", "").strip()


def dashboard_token() -> str | None:
    """The bearer token of the HTTP interface from GROUNDSWELL_TOKEN; None when none is set."""
    return os.environ.get("GROUNDSWELL_TOKEN", "").strip() or None
