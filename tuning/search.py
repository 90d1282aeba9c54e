"""A search over recipes with Ray Tune: Optuna proposes, ASHA stops poor trials early, a killed search continues."""

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import optuna
import polars as pl
from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search.optuna import OptunaSearch

from core.evaluation.splits import TimeSplit, time_folds
from tuning.fit import fit_model, score
from tuning.recipe import Recipe
from tuning.search_space import defaults, space
from tuning.training_set import TrainingSet

METRIC = "pr_auc"
SCORES = "scores.json"
QUIET = {"RAY_AIR_NEW_OUTPUT": "0", "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1", "TUNE_GLOBAL_CHECKPOINT_S": "1"}
REPORTED = ("pr_auc", "precision_at_10", "calibration_error")


@dataclass(frozen=True)
class SearchPlan:
    """What is searched, and how long.

    Parameters
    ----------
    kinds: kinds of model to try, keys of `models.registry.kinds.KINDS`
    trials: number of recipes to try
    folds: number of time-ordered folds; a trial is scored on one after the other
    concurrent: number of trials at the same time
    seed: random seed of the proposals and of the fits
    """

    kinds: tuple[str, ...]
    trials: int = 20
    folds: int = 3
    concurrent: int = 2
    seed: int = 0


@dataclass(frozen=True)
class Trial:
    """A recipe, the mean of each of its figures over the folds it was scored on, and the number of these folds."""

    recipe: Recipe
    figures: dict[str, float]
    folds: int


ProgressReport = Callable[[int, float | None], None]
"""Takes the number of trials that have ended, and the best PR-AUC of one that was scored on all folds."""


def search(
    training: TrainingSet,
    plan: SearchPlan,
    folder: Path,
    report_progress: ProgressReport = lambda done, best: None,
) -> list[Trial]:
    """Try recipes on the training set, and return the trials best first, those scored on all folds before the others.

    Everything is kept in `folder`. A killed search that it holds is continued: finished trials stay, the others
    continue after the last fold they were scored on. Ray has to be running.

    Parameters
    ----------
    training: the training set
    plan: what is searched, and how long
    folder: folder of this search
    report_progress: called whenever a trial ends
    """
    os.environ.update(QUIET)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    folds = time_folds(training.rows["at"], plan.folds)
    trainable = tune.with_resources(
        tune.with_parameters(run_trial, training=training, folds=folds, seed=plan.seed), {"cpu": 1}
    )
    TrialProgress.listener = staticmethod(report_progress)
    if tune.Tuner.can_restore(str(folder)):
        tuner = tune.Tuner.restore(str(folder), trainable, resume_unfinished=True, restart_errored=True)
    else:
        tuner = _new(trainable, plan, len(folds), folder)
    return ranked([_trial(result) for result in tuner.fit() if result.metrics and METRIC in result.metrics])


def best_recipes(trials: Sequence[Trial]) -> dict[str, Recipe]:
    """Return the best recipe of each kind among the trials that were scored on all folds."""
    most = max((trial.folds for trial in trials), default=0)
    whole = [trial for trial in ranked(trials) if trial.folds == most]
    return {trial.recipe.kind: trial.recipe for trial in reversed(whole)}


def ranked(trials: Sequence[Trial]) -> list[Trial]:
    """Return trials best first: by number of folds, then PR-AUC, then those that learn from all rows."""

    def place(trial: Trial) -> tuple[int, float, bool, str]:
        return -trial.folds, -trial.figures[METRIC], trial.recipe.recent_days is not None, str(trial.recipe.as_json())

    return sorted(trials, key=place)


def run_trial(config: dict[str, Any], *, training: TrainingSet, folds: list[TimeSplit], seed: int) -> None:
    """Score one recipe fold by fold, with a checkpoint after each fold."""
    recipe = Recipe.of(config)
    done = _resumed()
    for fold in folds[len(done) :]:
        done.append(fold_figures(recipe, training, fold, seed))
        means = {name: sum(each[name] for each in done) / len(done) for name in done[0]}
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / SCORES).write_text(json.dumps(done))
            tune.report({**means, "folds": len(done)}, checkpoint=tune.Checkpoint.from_directory(folder))


def fold_figures(recipe: Recipe, training: TrainingSet, fold: TimeSplit, seed: int) -> dict[str, float]:
    """Return the figures of a recipe fitted on the earlier side of a fold, on its later side; undefined counts as 0."""
    model = fit_model(recipe, training, training.rows.filter(pl.Series(fold.earlier)), seed, threads=1)
    estimates = score(model, training.rows.filter(pl.Series(fold.later)), resamples=1)
    return {name: float(estimates[name].value or 0.0) for name in REPORTED}


class TrialProgress(tune.Callback):  # type: ignore[misc]
    """Passes on what Tune reports of trials.

    The listener belongs to the class, so to the process: Tune writes its callbacks to disk.
    """

    listener: ClassVar[ProgressReport] = staticmethod(lambda done, best: None)

    def on_trial_complete(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:
        """Report how many trials have ended, and the best PR-AUC so far."""
        ended = [other for other in trials if other.is_finished() or other is trial]
        results = [other.last_result for other in ended if other.last_result and METRIC in other.last_result]
        most = max((result["folds"] for result in results), default=0)
        best = max((result[METRIC] for result in results if result["folds"] == most), default=None)
        type(self).listener(len(ended), best)


def _new(trainable: Any, plan: SearchPlan, folds: int, folder: Path) -> tune.Tuner:
    proposals = OptunaSearch(
        partial(space, kinds=plan.kinds), metric=METRIC, mode="max", seed=plan.seed,
        points_to_evaluate=[defaults(kind) for kind in plan.kinds],
    )  # fmt: skip
    early = ASHAScheduler(time_attr="folds", max_t=max(folds, 1), grace_period=1, reduction_factor=2)
    return tune.Tuner(
        trainable,
        tune_config=tune.TuneConfig(
            metric=METRIC, mode="max", search_alg=proposals, scheduler=early, num_samples=plan.trials,
            max_concurrent_trials=plan.concurrent, trial_dirname_creator=_folder_name,
        ),
        run_config=tune.RunConfig(
            name=folder.name, storage_path=str(folder.parent), verbose=0, callbacks=[TrialProgress()],
            checkpoint_config=tune.CheckpointConfig(num_to_keep=1),
        ),
    )  # fmt: skip


def _folder_name(trial: Any) -> str:
    return f"trial-{trial.trial_id}"


def _trial(result: Any) -> Trial:
    figures = {name: float(result.metrics[name]) for name in REPORTED}
    return Trial(Recipe.of(result.config), figures, int(result.metrics["folds"]))


def _resumed() -> list[dict[str, float]]:
    """Return the figures of the folds that were scored before the search was killed."""
    checkpoint = tune.get_checkpoint()
    if checkpoint is None:
        return []
    with checkpoint.as_directory() as folder:
        scored: list[dict[str, float]] = json.loads((Path(folder) / SCORES).read_text())
    return scored
