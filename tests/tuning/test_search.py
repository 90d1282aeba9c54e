import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import ray

from core.evaluation.splits import time_folds
from storage.memory.records import MemoryRecords
from tests.support.model_rows import START
from tests.tuning.small_search import PLAN, TRAINING
from tuning.recipe import Recipe, best_recipes_of, remember
from tuning.search import Trial, best_recipes, fold_figures, search
from tuning.search_space import defaults


def trial(kind: str, area: float, folds: int, **settings: float) -> Trial:
    return Trial(Recipe(kind, settings), {"pr_auc": area, "precision_at_10": 0.1, "calibration_error": 0.01}, folds)


def test_folds_follow_one_another_a_day_after_what_they_learn_from() -> None:
    at = TRAINING.rows["at"]
    folds = time_folds(at, 3)
    assert len(folds) == 3
    for before, fold in zip([None, *folds], folds, strict=False):
        later, earlier = at.filter(fold.later), at.filter(fold.earlier)  # type: ignore[arg-type]
        assert later.min() - earlier.max() >= timedelta(days=1)  # type: ignore[operator]
        if before is not None:
            assert earlier.len() > before.earlier.sum()
            assert not (before.later & fold.later).any()
    assert sum(fold.later.sum() for fold in folds) == (at > at.min() + (at.max() - at.min()) / 2).sum()  # type: ignore[operator]


def test_only_recipes_that_saw_all_folds_are_kept_by_kind() -> None:
    trials = [
        trial("xgboost", 0.9, 1),
        trial("xgboost", 0.3, 3, depth=5),
        trial("xgboost", 0.2, 3),
        trial("logistic", 1, 2),
    ]
    assert best_recipes(trials) == {"xgboost": Recipe("xgboost", {"depth": 5})}
    assert best_recipes([]) == {}
    records = MemoryRecords()
    remember(records, {"logistic": Recipe("logistic", {}, 7)}, START)
    remember(records, best_recipes(trials), START)
    assert best_recipes_of(records) == {
        "logistic": Recipe("logistic", {}, 7),
        "xgboost": Recipe("xgboost", {"depth": 5}),
    }


def test_a_recipe_makes_what_it_says() -> None:
    by_itself = Recipe.of(defaults("xgboost"))
    assert Recipe.of({**defaults("xgboost"), "kind": "logistic"}) == Recipe("logistic")
    few = Recipe("logistic", {}, 3).chosen(TRAINING.rows)
    assert few["at"].min() > TRAINING.rows["at"].max() - timedelta(days=3)  # type: ignore[operator]
    fold = time_folds(TRAINING.rows["at"], 1)[0]
    assert fold_figures(by_itself, TRAINING, fold, 0) == fold_figures(Recipe("xgboost"), TRAINING, fold, 0)
    loose = Recipe("xgboost", {"leaf_weight": 1.0})
    assert fold_figures(loose, TRAINING, fold, 0) != fold_figures(by_itself, TRAINING, fold, 0)


def kept_as_ended(folder: Path) -> bool:
    """Whether the search has written down that a trial has ended."""
    return any("TERMINATED" in path.read_text() for path in folder.glob("experiment_state-*.json"))


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.usefixtures("ray_cluster")
def test_a_killed_search_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.tuning.search_driver", ray.get_runtime_context().gcs_address, str(folder)]
    )
    while not kept_as_ended(folder):
        assert driver.poll() is None
        time.sleep(0.05)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    before = {path: path.stat().st_mtime for path in folder.glob("trial-*/checkpoint_*")}
    progress: list[int] = []
    trials = search(TRAINING, PLAN, folder, lambda done, best: progress.append(done))
    assert len(trials) == PLAN.trials == progress[-1]
    assert progress[0] >= 2
    # One begun within the last second before the kill was not written down yet; its proposal is made again.
    assert len(list(folder.glob("trial-*"))) <= PLAN.trials + PLAN.concurrent
    ended = [path for path in before if path.exists() and path.stat().st_mtime == before[path]]
    assert len(ended) >= 1
    assert all(len(list(path.glob("checkpoint_*"))) <= 1 for path in folder.glob("trial-*"))
    assert trials[0].folds == 2
    again = search(TRAINING, PLAN, folder)
    assert again == trials
