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
from tuning.fit import Candidate, fit_candidates, held_out, score
from tuning.promotion import SHADOW, PromotionDecision, apply, decide, ensure_champion, register
from tuning.recipe import Recipe, best_recipes_of
from tuning.training_set import TrainingSet, build, pin


class Learning(Protocol):
    """What an installation, or its settings file, says of learning; the names are those of `configs.settings`."""

    @property
    def training_days(self) -> int | None:
        """Training window, days; None means all there is."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is fitted."""

    @property
    def seed(self) -> int:
        """Chance of fits and samples."""

    @property
    def max_rows(self) -> int:
        """Rows of a training set; more are sampled."""

    @property
    def distribute_rows(self) -> int:
        """From so many rows on, trees and networks are fitted by several workers."""

    @property
    def workers(self) -> int:
        """How many those are."""

    @property
    def trainer(self) -> Backend:
        """What those of the trees are run by."""


@dataclass(frozen=True)
class RetrainSettings:
    """How models are made.

    Parameters
    ----------
    feature_set: what to learn from; its leaky features never enter
    days: training window; None means all there is
    max_rows: sample when there are more labelled rows
    kinds: what is fitted, keys of `models.registry.kinds.KINDS`
    held_share: last part of the period, held out to choose on
    min_rows, min_virals, min_days: with less nothing is trained
    min_compared: virals needed in the rows on which champion and challenger are compared
    seed, threads: chance and cores of the fits
    recipes: by kind, how it is made; found by a search
    distribute_rows, workers, trainer: from so many rows on trees and networks are fitted by so many Ray workers, trees
        through that trainer
    """

    feature_set: FeatureSet
    days: int | None = 14
    max_rows: int = 20_000
    kinds: tuple[str, ...] = STANDARD
    held_share: float = 0.25
    min_rows: int = 500
    min_virals: int = 40
    min_days: float = 5.0
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
        """What runs the fits on so many rows."""
        return distributed(self.workers, self.trainer) if rows >= self.distribute_rows else HERE


@dataclass(frozen=True)
class RetrainResult:
    """What came of a retraining.

    Parameters
    ----------
    status: `too_little` to learn from, challenger `kept` out, or `promoted`
    reason: one sentence
    champion: id of the champion afterwards
    challenger: id of the best new model
    models: id of every model stored
    rows, virals: size of the training set
    """

    status: Literal["too_little", "kept", "promoted"]
    reason: str
    champion: str
    challenger: str | None
    models: tuple[str, ...]
    rows: int
    virals: int

    def as_json(self) -> dict[str, Any]:
        """JSON-able form, for job rows and events."""
        return asdict(self) | {"models": list(self.models)}


def retrain(lake: Lake, records: Records, models_root: Path, now: datetime, settings: RetrainSettings) -> RetrainResult:
    """Fit all kinds on labelled rows known at `now`, store them, and let the best of them challenge the champion.

    Everything is named after its content and written so that a second call with the same lake and `now` ends the same.
    """
    return train_on(training_set(lake, now, settings), records, models_root, now, settings)[0]


def training_set(lake: Lake, now: datetime, settings: RetrainSettings) -> TrainingSet:
    """The labelled rows that a retraining at `now` learns from, pinned where there are enough to learn."""
    training = build(
        lake, now, feature_set=settings.feature_set, days=settings.days, max_rows=settings.max_rows, seed=settings.seed
    )
    if too_little(training, settings) is None:
        pin(lake, training)
    return training


def train_on(
    training: TrainingSet, records: Records, models_root: Path, now: datetime, settings: RetrainSettings
) -> tuple[RetrainResult, list[Candidate]]:
    """As `retrain`, on a given training set; returns also the candidates, none where there was too little to learn."""
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
    """One sentence saying what is missing for a training, None when there is enough."""
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
