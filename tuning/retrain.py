"""One retraining, from the lake to a decision about the champion."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import polars as pl

from core.features.sets import FeatureSet
from models.registry.kinds import STANDARD
from models.registry.store import load, store
from models.trainers import HERE, Trainers
from storage.lake.interface import Lake
from storage.records.interface import Records
from tuning.distributed import Backend, distributed
from tuning.first_training import MIN_DAYS
from tuning.fit import Candidate, fit_candidates, held_out, score
from tuning.promotion import SHADOW, PromotionDecision, apply, decide, ensure_champion, register
from tuning.recipe import Recipe, best_recipes_of
from tuning.training_set import TrainingSet, build, pin


class Learning(Protocol):
    """The settings of an installation about learning; the names are those of `configs.settings`."""

    @property
    def training_days(self) -> int | None:
        """Length of the training window, days; None means all data."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of model to fit."""

    @property
    def seed(self) -> int:
        """Random seed for fitting and sampling."""

    @property
    def max_rows(self) -> int:
        """Most rows of a training set; more rows are sampled."""

    @property
    def distribute_rows(self) -> int:
        """Number of rows from which several workers fit trees and networks."""

    @property
    def workers(self) -> int:
        """Number of these workers."""

    @property
    def trainer(self) -> Backend:
        """Package that runs the workers of trees."""


@dataclass(frozen=True)
class RetrainSettings:
    """How models are trained.

    Parameters
    ----------
    feature_set: features to learn from, without those that look ahead
    days: length of the training window; None means all data
    max_rows: most labelled rows; more rows are sampled
    kinds: kinds of model to fit, keys of `models.registry.kinds.KINDS`
    held_share: share of the period at its end that is held out for choices
    min_rows, min_virals, min_days: least training set; with less nothing is trained
    min_compared: least number of virals in the rows on which champion and challenger are compared
    seed: random seed for fitting and sampling
    threads: number of threads of a fit
    recipes: recipe of each kind, found by a search
    distribute_rows: number of rows from which Ray workers fit trees and networks
    workers: number of these workers
    trainer: package that runs the workers of trees
    """

    feature_set: FeatureSet
    days: int | None = 14
    max_rows: int = 20_000
    kinds: tuple[str, ...] = STANDARD
    held_share: float = 0.25
    min_rows: int = 500
    min_virals: int = 40
    min_days: float = MIN_DAYS
    min_compared: int = 10
    seed: int = 0
    threads: int = 1
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    distribute_rows: int = 200_000
    workers: int = 2
    trainer: Backend = "ray-train"

    @classmethod
    def of(cls, learning: Learning, feature_set: FeatureSet, records: Records) -> "RetrainSettings":
        """Return the settings of an installation, with the recipes that its searches have found."""
        return cls(
            feature_set, learning.training_days, learning.max_rows, learning.kinds, seed=learning.seed,
            recipes=best_recipes_of(records), distribute_rows=learning.distribute_rows, workers=learning.workers,
            trainer=learning.trainer,
        )  # fmt: skip

    def trainers(self, rows: int) -> Trainers:
        """Return what runs the fits on this number of rows."""
        return distributed(self.workers, self.trainer) if rows >= self.distribute_rows else HERE


@dataclass(frozen=True)
class RetrainResult:
    """The result of a retraining.

    Parameters
    ----------
    status: `too_little` to learn from, challenger `kept` out, or `promoted`
    reason: one sentence
    champion: id of the champion afterwards
    challenger: id of the best new model; None when nothing was trained
    models: ids of all models stored
    rows, virals: number of rows, and of virals among them, in the training set
    """

    status: Literal["too_little", "kept", "promoted"]
    reason: str
    champion: str
    challenger: str | None
    models: tuple[str, ...]
    rows: int
    virals: int

    def as_json(self) -> dict[str, Any]:
        """Return the result as values for JSON, for job rows and events."""
        return asdict(self) | {"models": list(self.models)}


def retrain(lake: Lake, records: Records, models_root: Path, now: datetime, settings: RetrainSettings) -> RetrainResult:
    """Fit all kinds on labelled rows known at `now`, store them, and let the best of them challenge the champion.

    Everything is named after its content, so that a second call with the same lake and `now` gives the same result.

    Parameters
    ----------
    lake, records: stores of the installation
    models_root: folder of all models
    now: time of the training, on the installation's clock
    settings: how models are trained
    """
    return train_on(training_set(lake, now, settings), records, models_root, now, settings)[0]


def training_set(lake: Lake, now: datetime, settings: RetrainSettings) -> TrainingSet:
    """Return the labelled rows that a retraining at `now` learns from, pinned in the lake when they are enough."""
    training = build(
        lake, now, feature_set=settings.feature_set, days=settings.days, max_rows=settings.max_rows, seed=settings.seed
    )
    if too_little(training, settings) is None:
        pin(lake, training)
    return training


def train_on(
    training: TrainingSet, records: Records, models_root: Path, now: datetime, settings: RetrainSettings
) -> tuple[RetrainResult, list[Candidate]]:
    """Retrain on a given training set, and return the result and the candidates (none when there is too little)."""
    champion = ensure_champion(records, models_root, now)
    missing = too_little(training, settings)
    if missing:
        return RetrainResult("too_little", missing, champion, None, (), training.rows.height, training.virals), []
    candidates = fit_candidates(
        training, settings.kinds, settings.seed, settings.threads, settings.held_share, settings.recipes,
        settings.trainers(training.rows.height),
    )  # fmt: skip
    stored = _store(candidates, training, records, models_root, now)
    decision = _challenge(candidates[0], stored[candidates[0].kind], champion, training, models_root, settings)
    if decision.challenger != champion:
        apply(decision, records, now)
    status: Literal["kept", "promoted"] = "promoted" if decision.promoted else "kept"
    after = decision.challenger if decision.promoted else champion
    ids = tuple(stored.values())
    result = RetrainResult(
        status, decision.reason, after, decision.challenger, ids, training.rows.height, training.virals
    )
    return result, candidates


def too_little(training: TrainingSet, settings: RetrainSettings) -> str | None:
    """Return one sentence about what is missing for a training, None when there is enough."""
    split = held_out(training, settings.held_share)
    viral = training.rows["viral"]
    halves = [int(viral.filter(pl.Series(part)).sum()) for part in (split.earlier, split.later)]
    wanted = (
        (training.rows.height, settings.min_rows, "labelled rows"),
        (training.virals, settings.min_virals, "surges"),
        (training.days, settings.min_days, "days"),
        (min(halves), 1, "surges on each side of the held-out split"),
    )
    lacking = [f"{have:g} of {need:g} {what}" for have, need, what in wanted if have < need]
    return f"not enough to train on yet: {', '.join(lacking)}" if lacking else None


def _store(
    candidates: list[Candidate], training: TrainingSet, records: Records, root: Path, now: datetime
) -> Mapping[str, str]:
    ids = {}
    for candidate in candidates:
        card = store(
            root, candidate.model, now, training_set=training.described(), metrics=candidate.metrics(),
            importance=candidate.importance,
        )  # fmt: skip
        register(card, records)
        records.set_alias(SHADOW + candidate.kind, card.model_id, now)
        ids[candidate.kind] = card.model_id
    return ids


def _challenge(
    best: Candidate, challenger: str, champion: str, training: TrainingSet, root: Path, settings: RetrainSettings
) -> PromotionDecision:
    """Compare on the held-out rows that the champion has not been trained on.

    The challenger is represented by its twin that never saw the held-out period; the champion may have been trained on
    part of it, and there it would know the answers. What is left must hold enough surges to say anything.
    """
    if challenger == champion:
        return PromotionDecision(True, "an earlier run of this training has promoted it", challenger, champion, {})
    model, card = load(root, champion)
    later = training.rows.filter(pl.Series(held_out(training, settings.held_share).later))
    fresh = later.filter(pl.col("at") >= card.created_at) if card.training_set else later
    period = {"start": str(fresh["at"].min()), "end": str(fresh["at"].max()), "rows": fresh.height}
    surges = int(fresh["viral"].sum())
    if surges < settings.min_compared:
        reason = f"only {surges} surges since the champion was trained; {settings.min_compared} are needed to compare"
        return PromotionDecision(False, reason, challenger, champion, {"period": period})
    own = best.figures if fresh.height == later.height else score(best.twin, fresh)
    return decide(challenger, champion, own, score(model, fresh), period | {"days": _days(fresh)})


def _days(rows: pl.DataFrame) -> float:
    return float((rows["at"].max() - rows["at"].min()) / timedelta(days=1))  # type: ignore[operator]
