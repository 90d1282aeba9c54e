from datetime import timedelta

import polars as pl
import pytest

from core.evaluation.kpis import figures
from models.registry.kinds import KINDS, STANDARD
from tests.support.model_lake import FEATURE_SET, lake_of
from tests.support.model_rows import START, labelled
from tuning.fit import fit_candidates, held_out, score
from tuning.training_set import TrainingSet, build

ROWS = labelled(tags=40, days=12)
TRAINING = build(lake_of(ROWS), START + timedelta(days=13), feature_set=FEATURE_SET)


def test_the_held_out_period_is_the_last_quarter_after_a_day() -> None:
    split = held_out(TRAINING)
    earlier = TRAINING.rows.filter(pl.Series(split.earlier))["at"].max()
    later = TRAINING.rows.filter(pl.Series(split.later))["at"].min()
    assert later - earlier >= timedelta(hours=24)  # type: ignore[operator]
    assert 0.15 < split.later.mean() < 0.35


def test_candidates_come_best_first_with_figures_and_importance() -> None:
    candidates = fit_candidates(TRAINING, STANDARD, seed=3)
    assert {candidate.kind for candidate in candidates} == set(STANDARD)
    areas = [candidate.figures["pr_auc"].value for candidate in candidates]
    assert areas == sorted(areas, reverse=True)  # type: ignore[type-var]
    for candidate in candidates:
        metrics = candidate.metrics()
        assert {"pr_auc", "auc", "brier", "precision_at_10", "calibration_error", "lift"} <= set(metrics)
        assert metrics["unseen"] == {}
        assert "semantic" not in candidate.importance
        assert list(candidate.importance.values()) == sorted(candidate.importance.values(), reverse=True)


def test_figures_are_those_of_the_twin_on_rows_it_never_saw() -> None:
    (candidate,) = fit_candidates(TRAINING, ("logistic",), seed=3)
    later = TRAINING.rows.filter(pl.Series(held_out(TRAINING).later))
    direct = figures(later.hstack(candidate.twin.predict(later)), baseline="growth_24h_past")
    assert candidate.figures["pr_auc"] == direct["pr_auc"]
    assert not candidate.twin.predict(later).equals(candidate.model.predict(later))


def test_hashtags_that_begin_late_are_reported_apart() -> None:
    begun = (pl.col("hashtag") < "t035") | (pl.col("at") > START + timedelta(days=9))
    young = TrainingSet("young", TRAINING.rows.filter(begun), TRAINING.features, {}, "")
    (candidate,) = fit_candidates(young, ("logistic",), seed=3)
    assert candidate.unseen["auc"].n < candidate.figures["auc"].n
    assert candidate.unseen["auc"].n > 0


def test_no_rows_score_none() -> None:
    empty = score(KINDS["last-24h-growth"](), TRAINING.rows.clear())
    assert empty["pr_auc"].value is None
    assert empty["pr_auc"].n == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_seeds_give_equal_candidates(seed: int) -> None:
    first, second = (fit_candidates(TRAINING, ("xgboost",), seed=seed)[0] for _ in range(2))
    assert first.figures == second.figures
    assert first.importance == second.importance
