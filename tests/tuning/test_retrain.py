from datetime import timedelta
from pathlib import Path

import polars as pl

from models.registry.store import load
from storage.memory.records import MemoryRecords
from tests.support.model_lake import FEATURE_SET, empty_lake, lake_of
from tests.support.model_rows import FEATURES, START, labelled
from tuning.promotion import shadow_ids
from tuning.retrain import RetrainSettings, retrain

SETTINGS = RetrainSettings(FEATURE_SET, kinds=("last-24h-growth", "logistic"))
ROWS = labelled(tags=40, days=20)
LAKE = lake_of(ROWS)


def test_too_little_says_so_and_the_dull_champion_stays(tmp_path: Path) -> None:
    records = MemoryRecords()
    result = retrain(empty_lake(), records, tmp_path, START, SETTINGS)
    assert result.status == "too_little"
    assert "0 of 500 labelled rows" in result.reason
    assert records.alias("champion") == result.champion
    early = retrain(LAKE, records, tmp_path, START + timedelta(days=3), SETTINGS)
    assert early.status == "too_little"
    assert "of 5 days" in early.reason
    assert early.as_json()["models"] == []


def test_a_better_model_becomes_champion_with_its_evidence(tmp_path: Path) -> None:
    records = MemoryRecords()
    now = START + timedelta(days=13)
    result = retrain(LAKE, records, tmp_path, now, SETTINGS)
    assert result.status == "promoted", result.reason
    assert result.champion == result.challenger == records.alias("champion")
    assert result.champion.startswith("logistic-")
    change = records.changes()[0]
    assert change.evidence["challenger"]["pr_auc"]["value"] >= 1.05 * change.evidence["champion"]["pr_auc"]["value"]
    row = records.model(result.champion)
    assert row is not None
    assert row.training_set["rows"] == result.rows
    assert row.metrics["pr_auc"]["lower"] < row.metrics["pr_auc"]["value"]
    assert row.data_hash == row.training_set["content_hash"]
    assert next(iter(row.importance)) in FEATURES
    model, _ = load(tmp_path, result.champion)
    assert model.predict(ROWS.head(5)).height == 5
    assert row.training_set["name"] in LAKE.pins("features"), "what a model learnt from stays readable"
    assert len(result.models) == 2
    assert set(shadow_ids(records, SETTINGS.kinds)) | {result.champion} == {*result.models, records.alias("previous")}


def test_training_again_at_the_same_time_changes_nothing(tmp_path: Path) -> None:
    records = MemoryRecords()
    now = START + timedelta(days=13)
    first = retrain(LAKE, records, tmp_path, now, SETTINGS)
    changes, folders = records.changes(), sorted(path.name for path in tmp_path.iterdir())
    second = retrain(LAKE, records, tmp_path, now, SETTINGS)
    assert (second.champion, second.models, second.status) == (first.champion, first.models, "promoted")
    assert records.changes() == changes
    assert sorted(path.name for path in tmp_path.iterdir()) == folders


def test_two_installations_give_their_models_the_same_names(tmp_path: Path) -> None:
    now = START + timedelta(days=13)
    names = {retrain(LAKE, MemoryRecords(), tmp_path / home, now, SETTINGS).models for home in ("a", "b")}
    assert len(names) == 1


def test_a_champion_is_not_judged_on_rows_it_was_trained_on(tmp_path: Path) -> None:
    records = MemoryRecords()
    retrain(LAKE, records, tmp_path, START + timedelta(days=13), SETTINGS)
    soon = retrain(LAKE, records, tmp_path, START + timedelta(days=14), SETTINGS)
    assert soon.status == "kept"
    assert "surges since the champion was trained" in soon.reason
    later = retrain(LAKE, records, tmp_path, START + timedelta(days=18), SETTINGS)
    assert later.status == "kept"
    assert later.reason.startswith("PR-AUC")
    period = records.changes()[0].evidence["period"]
    assert period["start"] >= str(START + timedelta(days=13))
    assert period["rows"] < ROWS.filter(pl.col("at") > START + timedelta(days=13)).height
