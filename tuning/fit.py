"""Fit every kind of model on the past, score it on what came later, then fit it again on all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from core.evaluation.intervals import Estimate
from core.evaluation.kpis import figures
from core.evaluation.splits import TimeSplit, time_split
from models.interface import Model, Scorer
from models.trainers import HERE, Trainers
from tuning.members import MemberFigures, member_scores, with_members
from tuning.recipe import Recipe
from tuning.side_by_side import side_by_side
from tuning.training_set import TrainingSet

HELD_SHARE = 0.25
EXPLAINED_ROWS = 500
FITS_AT_A_TIME = 2
BASELINE = "growth_24h_past"
NONE: Mapping[str, Recipe] = MappingProxyType({})


@dataclass(frozen=True)
class Candidate:
    """A model that could become champion.

    Parameters
    ----------
    model: the model, fitted on all rows of the training set
    twin: the same kind of model, fitted only on the rows before the held-out period
    figures: figures of the twin on the held-out period
    unseen: figures of the twin on hashtags that it never saw; empty without such hashtags
    importance: feature -> mean absolute contribution on held-out rows (log-odds), strongest first
    members: member of a blend -> its own figures on the held-out period, and what the twin loses without it
    """

    model: Model
    twin: Model
    figures: dict[str, Estimate]
    unseen: dict[str, Estimate]
    importance: dict[str, float]
    members: MemberFigures = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Kind of the model."""
        return self.model.kind

    def metrics(self) -> dict[str, Any]:
        """Return the figures as values for JSON by name; also `unseen`, and for a blend `members`."""
        members = {"members": self.members} if self.members else {}
        return as_json(self.figures) | {"unseen": as_json(self.unseen)} | members


def as_json(estimates: dict[str, Estimate]) -> dict[str, Any]:
    """Return figures as values for JSON: name -> {value, lower, upper, n}."""
    return {name: {"value": e.value, "lower": e.lower, "upper": e.upper, "n": e.n} for name, e in estimates.items()}


def held_out(training: TrainingSet, share: float = HELD_SHARE) -> TimeSplit:
    """Return the split into the last `share` of the training period, and the rows a day or more before it."""
    return time_split(training.rows["at"], share)


def before_held_out(training: TrainingSet, share: float = HELD_SHARE) -> TrainingSet:
    """Return the training set without its held-out period and the day before it, for choices such as a search."""
    return replace(training, rows=training.rows.filter(pl.Series(held_out(training, share).earlier)))


def fit_candidates(
    training: TrainingSet,
    kinds: Sequence[str],
    seed: int,
    threads: int = 1,
    share: float = HELD_SHARE,
    recipes: Mapping[str, Recipe] = NONE,
    trainers: Trainers = HERE,
) -> list[Candidate]:
    """Return one fitted and scored candidate of each kind, best held-out PR-AUC first (undefined last, then by name).

    Parameters
    ----------
    training: the training set
    kinds: kinds of model, keys of `models.registry.kinds.KINDS`
    seed: random seed of the fits
    threads: number of threads of a fit
    share: share of the training period that is held out
    recipes: recipe of each kind; a missing kind keeps its defaults
    trainers: what runs the costly parts of the fits
    """
    split = held_out(training, share)
    chosen = [recipes.get(kind, Recipe(kind)) for kind in kinds]
    at_a_time = FITS_AT_A_TIME if trainers is HERE else 1  # trainers elsewhere bring workers of their own
    fits = [partial(_candidate, training, recipe, seed, threads, split, trainers) for recipe in chosen]
    candidates = list(side_by_side(lambda fit: fit(), reversed(fits), at_a_time))  # the longest tends to be the last
    return sorted(candidates, key=lambda candidate: (-(candidate.figures["pr_auc"].value or 0.0), candidate.kind))


def fit_model(
    recipe: Recipe, training: TrainingSet, rows: pl.DataFrame, seed: int, threads: int, trainers: Trainers = HERE
) -> Model:
    """Return a model fitted on rows of a training set, by its recipe."""
    model, rows = recipe.build(threads, trainers), recipe.chosen(rows)
    model.fit(rows.select(training.features), rows["growth_24h"], rows["viral"], rows["at"], seed)
    return model


def predicted(model: Scorer, rows: pl.DataFrame) -> pl.DataFrame:
    """Return labelled rows with the predictions of a model and its members, made anchor by anchor as in live use."""
    if rows.is_empty():
        return rows.with_columns(probability=pl.lit(None, pl.Float64))
    return pl.concat([part.hstack(with_members(model, part)) for part in rows.partition_by("at", maintain_order=True)])


def score(model: Scorer, rows: pl.DataFrame, resamples: int = 200) -> dict[str, Estimate]:
    """Return all figures of a model on labelled rows."""
    return _scored(predicted(model, rows), resamples)


def _scored(predictions: pl.DataFrame, resamples: int = 200) -> dict[str, Estimate]:
    baseline = BASELINE if BASELINE in predictions.columns and predictions.height else None
    return figures(predictions, baseline=baseline, resamples=resamples)


def _candidate(
    training: TrainingSet, recipe: Recipe, seed: int, threads: int, split: TimeSplit, trainers: Trainers
) -> Candidate:
    earlier = training.rows.filter(pl.Series(split.earlier))
    later = training.rows.filter(pl.Series(split.later))
    twin = fit_model(recipe, training, earlier, seed, threads, trainers)
    predictions = predicted(twin, later)
    unseen = later.join(earlier.select("hashtag").unique(), on="hashtag", how="anti")
    return Candidate(
        model=fit_model(recipe, training, training.rows, seed, threads, trainers),
        twin=twin,
        figures=_scored(predictions),
        unseen=score(twin, unseen) if unseen.height else {},
        importance=importance(twin, later, seed),
        members=member_scores(predictions),
    )


def importance(model: Model, rows: pl.DataFrame, seed: int) -> dict[str, float]:
    """Return the mean absolute contribution of each used feature over a sample of rows, strongest first."""
    sample = rows.sample(min(rows.height, EXPLAINED_ROWS), seed=seed) if rows.height else rows
    sums: dict[str, float] = {}
    for parts in model.explain(sample, top=len(model.features)):
        for part in parts:
            sums[part.feature] = sums.get(part.feature, 0.0) + abs(part.contribution)
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return {feature: float(np.round(total / sample.height, 9)) for feature, total in ordered}
