from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from core.evaluation.drift import Bins, Divergence
from pipelines.alerts.alerts import raise_drift
from pipelines.predictions.drift import CURRENT, DriftReport, drift_level, measure, remember
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from storage.records.rows import ModelRow
from tests.support.model_lake import lake_of
from tests.support.model_rows import FEATURES, START, labelled

ROWS = labelled(tags=40, days=21)
LEARNT = START, START + timedelta(days=10)
NOW = START + timedelta(days=20)


def champion(**learnt: str) -> ModelRow:
    training = learnt or {"start": LEARNT[0].isoformat(), "end": LEARNT[1].isoformat()}
    return ModelRow(
        model_id="logistic-1",
        kind="logistic",
        created_at=LEARNT[1],
        training_set=training if learnt != {"none": ""} else {},
        features=FEATURES,
    )


def moved(shift: float) -> MemoryLake:
    later = pl.col("at") > NOW - CURRENT
    return lake_of(
        ROWS.with_columns(
            velocity=pl.col("velocity") + pl.when(later).then(shift).otherwise(0.0),
            hours_since_detected=pl.col("hours_since_detected") + pl.when(later).then(1e3 * shift).otherwise(0.0),
            viral=pl.col("viral") & (~later | (shift == 0)),
        )
    )


def report(lake: MemoryLake) -> DriftReport:
    drift = measure(lake, champion(), NOW)
    assert drift is not None
    return drift


def test_nothing_moved_is_no_drift() -> None:
    drift = report(moved(0.0))
    assert drift.level == "ok"
    assert drift.beyond("warning") == []
    assert {part.feature for part in drift.features} == set(FEATURES)
    assert drift.prevalence == (pytest.approx(0.05), pytest.approx(0.05))
    assert drift.prevalence_shift == pytest.approx(0, abs=0.1)


def test_a_feature_that_moved_comes_first_with_the_distance_of_the_definition() -> None:
    drift = report(moved(2.0))
    (clock, velocity, *_), level = drift.features, drift.level
    assert (clock.feature, clock.level) == ("hours_since_detected", "critical")
    assert (velocity.feature, level) == ("velocity", "critical")
    assert [part.feature for part in drift.beyond("warning")] == ["velocity"]
    assert drift.prevalence_shift == -1.0
    old = ROWS.filter(pl.col("at") <= LEARNT[1])["velocity"].to_numpy()
    new = ROWS.filter(pl.col("at") > NOW - CURRENT, pl.col("at") <= NOW)["velocity"].to_numpy() + 2.0
    bins = Bins.of(old)
    expected = Divergence.of(bins.counts(old), bins.counts(np.asarray(new)))
    assert velocity.psi == pytest.approx(expected.psi)
    assert velocity.kl == pytest.approx(expected.kl)


def test_what_comes_later_changes_nothing() -> None:
    later = lake_of(ROWS.with_columns(velocity=pl.when(pl.col("at") > NOW).then(1e6).otherwise("velocity")))
    assert report(later) == report(moved(0.0))


def test_without_anything_to_compare_nothing_is_said() -> None:
    assert measure(moved(0.0), champion(none=""), NOW) is None
    assert measure(moved(0.0), champion(), NOW + timedelta(days=60)) is None


def test_a_report_counts_until_models_are_trained_again_and_alerts_once() -> None:
    records, drift = MemoryRecords(), report(moved(2.0))
    assert drift_level(records, None) == "ok"
    remember(records, drift)
    assert drift_level(records, None) == drift_level(records, NOW - timedelta(days=3)) == "critical"
    assert drift_level(records, NOW + timedelta(days=1)) == "ok"
    alert = raise_drift(records, drift)
    assert alert is not None
    assert alert.title == f"1 of {len(FEATURES)} features have drifted past the critical level"
    assert "velocity (PSI" in alert.body
    assert "share of surges -100%" in alert.body
    assert raise_drift(records, drift) is None
