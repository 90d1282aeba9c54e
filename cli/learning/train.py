"""`groundswell train`: search recipes, fit, let the best challenge the champion, and write a report."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from actors.runtime.local_ray import RayPlan, local_ray
from actors.runtime.orphan_reaper import start_orphan_reaper
from cli.shared.progress import trials_ended
from configs.settings import Settings
from core.errors import GroundswellError, UsageError
from core.events import Event, EventKind
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from models.registry.kinds import require_kinds
from storage.lake.delta import DeltaLake
from storage.records.interface import Records
from storage.records.sql.records import SqlRecords
from tuning.fit import before_held_out
from tuning.recipe import best_recipes_of, remember
from tuning.report import report
from tuning.retrain import RetrainResult, RetrainSettings, too_little, train_on, training_set
from tuning.search import SearchPlan, Trial, best_recipes, search
from tuning.training_set import TrainingSet

FOLDER, BEGUN = "training", "search.json"


@dataclass(frozen=True)
class TrainPlan:
    """The options of the command.

    Parameters
    ----------
    at: moment to learn at; None means the installation's present, or the moment of a killed search
    trials: number of recipes to try; 0 trains with the recipes known already
    folds, concurrent: see `SearchPlan`
    kinds: kinds of model; empty means those of a killed search, or of the settings
    page: path of the report; None means beside the search
    """

    at: datetime | None = None
    trials: int = 20
    folds: int = 3
    concurrent: int = 2
    kinds: tuple[str, ...] = ()
    page: Path | None = None


def train(settings: Settings, plan: TrainPlan, out: Console) -> dict[str, Any]:
    """Train and return the result as values for JSON; after a kill during the search, the same call continues it.

    Parameters
    ----------
    settings: settings of the installation; raises UsageError without an installation at their home
    plan: options of the command
    out: console for progress
    """
    home = settings.home.resolve()
    if not (home / "records.db").exists() and not settings.stores.records:
        raise UsageError(f"{home} holds no installation; `groundswell run` makes one, --home names another")
    records = SqlRecords(settings.records_url)
    folder = home / FOLDER
    begun = killed(folder)
    now = plan.at or (begun.at if begun else _present(records))
    kinds = plan.kinds or (begun.kinds if begun and begun.at == now else settings.learning.kinds)
    chosen = replace(RetrainSettings.of(settings.learning, FEATURE_SET, records), kinds=require_kinds(kinds))
    lake = DeltaLake(settings.lake_root, tables(features_table(FEATURE_SET)), buckets=settings.stores.buckets)
    training = training_set(lake, now, chosen)
    missing = too_little(training, chosen)
    if missing:
        raise GroundswellError(missing)
    size = f"{training.rows.height:,} rows, {training.virals:,} surges, {training.days:.0f} days"
    out.print(f"{size} up to {now:%Y-%m-%d %H:%M}")
    place = folder / f"{now:%Y%m%dT%H%M}-{training.content_hash[:8]}"
    with ray_for(plan, settings, training.rows.height):
        trials = _searched(training, chosen, plan, place, now, records, out) if plan.trials else []
        chosen = replace(chosen, recipes=best_recipes_of(records))
        result, candidates = train_on(training, records, home / "models", now, chosen)
    tell(records, result, now)
    page = plan.page or place / "report.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    text = report(training, candidates, trials, result, now, chosen, settings.learning.alert_threshold)
    page.write_text(text, encoding="utf-8")
    note(place, Begun(now, chosen.kinds, finished=True))
    figures = {candidate.kind: candidate.metrics() for candidate in candidates}
    return result.as_json() | {"figures": figures, "report": str(page), "trials": len(trials)}


@contextmanager
def ray_for(plan: TrainPlan, settings: Settings, rows: int) -> Iterator[None]:
    """Start Ray if the training needs it, without its dashboard, whose port a running system may hold."""
    if not plan.trials and rows < settings.learning.distribute_rows:
        yield
        return
    reaper = start_orphan_reaper(os.getpid())
    try:
        with local_ray(RayPlan(settings.ray.num_cpus, settings.ray.object_store_mb, None)):
            yield
    finally:
        reaper.terminate()
        reaper.wait()


@dataclass(frozen=True)
class Begun:
    """A search that was begun: its moment, the kinds tried, and whether its training is finished."""

    at: datetime
    kinds: tuple[str, ...]
    finished: bool = False


def killed(folder: Path) -> Begun | None:
    """Return the newest unfinished search, None when all are finished."""
    notes = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob(f"*/{BEGUN}"))]
    open_ones = [note for note in notes if not note["finished"]]
    return Begun(datetime.fromisoformat(open_ones[-1]["at"]), tuple(open_ones[-1]["kinds"])) if open_ones else None


def note(place: Path, begun: Begun) -> None:
    """Write down that a search was begun, or that its training is finished."""
    place.mkdir(parents=True, exist_ok=True)
    (place / BEGUN).write_text(json.dumps(asdict(begun) | {"at": begun.at.isoformat()}), encoding="utf-8")


def tell(records: Records, result: RetrainResult, now: datetime) -> None:
    """Write a promotion to the log of events, as the Improvement agent does."""
    if result.status == "promoted":
        detail = {"reason": result.reason, "trigger": "command"}
        records.put_events([Event(EventKind.MODEL_PROMOTED, "improvement", now, result.champion, detail)])


def _searched(
    training: TrainingSet,
    chosen: RetrainSettings,
    plan: TrainPlan,
    place: Path,
    now: datetime,
    records: Records,
    out: Console,
) -> list[Trial]:
    """Search on what comes before the held-out period, and remember the best recipe of each kind."""
    note(place, Begun(now, chosen.kinds))
    wanted = SearchPlan(chosen.kinds, plan.trials, plan.folds, plan.concurrent, chosen.seed)
    with trials_ended(out, plan.trials) as report_progress:
        trials = search(before_held_out(training, chosen.held_share), wanted, place / "search", report_progress)
    remember(records, best_recipes(trials), now)
    return trials


def _present(records: Records) -> datetime:
    clock = records.value("clock")
    return datetime.fromisoformat(clock["now"]) if clock else datetime.now(UTC)
