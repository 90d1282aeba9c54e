"""The home of an installation, and the configuration that its agents get from the settings."""

import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from actors.runtime.installation import PSEUDONYM_KEY, InstallationConfig
from actors.runtime.logs import LogPlan
from configs.cadence import load_cadence
from configs.quality import load_quality
from configs.settings import Settings
from core.errors import StorageError, UsageError
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from pipelines.operations.retention import Retention
from pipelines.themes.items import ThemeRule
from prompts.llm.interface import LanguageModel

LEAST_FREE_MB = 200
HOURLY = frozenset({"ingest"})


def prepare_home(home: Path, key: bytes | None = None) -> Path:
    """Create the home folder with its secret key; StorageError when that is not possible.

    Parameters
    ----------
    key: a fixed key, for runs whose results must agree; None creates a random key on first use
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        path = home / PSEUDONYM_KEY
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(key or secrets.token_bytes(32))
        free = shutil.disk_usage(home).free // 2**20
    except OSError as error:
        raise StorageError(f"the folder {home} can't be used: {error.strerror or error}") from None
    if free < LEAST_FREE_MB:
        raise StorageError(f"the disk of {home} has {free} MB left; make room or choose another folder with --home")
    return home.resolve()


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Lock the home folder during the block; UsageError when another process holds the lock."""
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise UsageError(f"{home} is in use by process {holder}; stop that or choose another --home") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def require_home(settings: Settings) -> None:
    """Raise UsageError when there is no installation at the home of the settings."""
    if not settings.stores.lake and not settings.home.exists():
        raise UsageError(f"no installation in {settings.home}; `groundswell run` makes one, --home names another")


def port_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether a server could listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_port(port: int, option: str, host: str = "127.0.0.1") -> None:
    """Raise UsageError when something already listens on `port`; the message names the option that changes it."""
    if not port_free(port, host):
        raise UsageError(f"port {port} is taken; stop what listens there or choose another with {option}")


def some_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def installation_of(
    settings: Settings,
    *,
    source: str,
    base_url: str = "",
    token: str = "",
    recordings: tuple[Path, ...] = (),
    virtual: bool,
    start: datetime,
    history_ends: datetime,
    model: LanguageModel | None = None,
) -> InstallationConfig:
    """Return the configuration of the agents: the settings, and what this start adds to them."""
    learning = settings.learning
    return InstallationConfig(
        home=settings.home.resolve(),
        lake_root=settings.lake_root,
        records_url=settings.records_url,
        tables=tables(features_table(FEATURE_SET)),
        buckets=settings.stores.buckets,
        durable=settings.stores.durable,
        retention=Retention(None, None) if source == "recording" else Retention(**settings.retention.model_dump()),
        source=source,
        base_url=base_url,
        token=token,
        recordings=recordings,
        units_per_day=settings.source.units_per_day,
        busiest_hour=settings.source.busiest_hour,
        daily_swing=settings.source.daily_swing,
        seeds=settings.source.seeds,
        purposes=settings.source.purposes,
        deletion_checks=settings.source.deletion_checks_per_day,
        jobs=load_cadence(
            settings.cadence,
            hourly=HOURLY if virtual else frozenset(),
            model=model is not None,
            played_until=history_ends if source == "standin" else None,
        ),
        virtual=virtual,
        start=start,
        history_ends=history_ends,
        alert_urls=settings.alerts.urls,
        alert_threshold=learning.alert_threshold,
        momentum_weights=learning.momentum_weights,
        kinds=learning.kinds,
        training_days=learning.training_days,
        retrain_every_days=learning.retrain_every_days,
        seed=learning.seed,
        quality=load_quality(settings.quality),
        themes=ThemeRule(days=settings.themes.days, hashtags=settings.themes.hashtags),
        embedder=settings.themes.embedder,
        texts_per_hour=settings.themes.texts_per_hour,
        max_rows=learning.max_rows,
        distribute_rows=learning.distribute_rows,
        workers=learning.workers,
        trainer=learning.trainer,
        language_model=model,
        logs=LogPlan(settings.logging.format, settings.logging.level),
    )
