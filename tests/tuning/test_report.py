from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from core.evaluation.ranking import QUIET, with_alerts
from models.trainers import HERE
from storage.memory.records import MemoryRecords
from tests.support.model_lake import FEATURE_SET, lake_of
from tests.support.model_rows import START, labelled
from tuning.fit import before_held_out, held_out, predicted
from tuning.recipe import Recipe
from tuning.report import report, true_lead_times
from tuning.retrain import RetrainSettings, train_on, training_set
from tuning.search import Trial

NOW = START + timedelta(days=13)
SETTINGS = RetrainSettings(FEATURE_SET, kinds=("logistic", "last-24h-growth"))
TRAINING = training_set(lake_of(labelled(tags=40, days=12)), NOW, SETTINGS)


def test_a_training_leaves_a_page_with_figures_and_pictures(tmp_path: Path) -> None:
    result, candidates = train_on(TRAINING, MemoryRecords(), tmp_path, NOW, SETTINGS)
    figures = {"pr_auc": 0.41234, "precision_at_10": 0.3, "calibration_error": 0.01}
    trials = [Trial(Recipe("xgboost", {"depth": 5}, 7), figures, 3), Trial(Recipe("logistic"), figures, 1)]
    page = report(TRAINING, candidates, trials, result, NOW, SETTINGS, 0.2)
    assert page.count("<svg") == 4
    for text in ("Precision and recall", "recent_days 7, depth 5", "as it is by itself", "0.4123", result.champion):
        assert text in page
    value = candidates[0].figures["pr_auc"].value
    assert f"{value:.3f} [" in page
    assert "nan" not in page.lower().replace("finance", "")
    plain = report(TRAINING, candidates, [], result, NOW, SETTINGS, 0.2)
    assert "<h2>Search</h2>" not in plain


def test_alerts_are_raised_as_they_would_have_been_live() -> None:
    later = TRAINING.rows.filter(pl.Series(held_out(TRAINING).later))
    predictions = later.with_columns(probability=pl.when(pl.col("hashtag") < "t015").then(0.9).otherwise(0.1))
    marked = with_alerts(predictions, 0.5)
    assert marked.height == predictions.height
    alerted = marked.filter("alerted").sort("hashtag", "at")
    assert marked.group_by("at").agg(pl.col("alerted").sum())["alerted"].max() == 10
    apart = alerted.select(pl.col("at").diff().over("hashtag")).to_series().drop_nulls()
    assert apart.min() >= QUIET  # type: ignore[operator]
    assert all(0 <= hours <= 24 for hours in true_lead_times(marked))
    assert with_alerts(predictions.clear(), 0.5)["alerted"].len() == 0


def test_choices_are_made_before_the_held_out_period() -> None:
    split, before = held_out(TRAINING), before_held_out(TRAINING)
    assert before.rows.height == split.earlier.sum()
    first = TRAINING.rows.filter(pl.Series(split.later))["at"].min()
    assert first - before.rows["at"].max() >= timedelta(days=1)  # type: ignore[operator]
    assert predicted(Recipe("last-24h-growth").build(), before.rows.clear())["probability"].len() == 0


@pytest.mark.parametrize(("rows", "several"), [(199, False), (200, True)])
def test_large_sets_are_grown_by_several_workers(rows: int, several: bool) -> None:
    assert (RetrainSettings(FEATURE_SET, distribute_rows=200).trainers(rows) is not HERE) == several
