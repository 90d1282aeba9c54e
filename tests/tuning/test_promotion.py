from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.evaluation.champions import ChampionPeriod
from core.evaluation.intervals import Estimate
from models.registry.store import load
from storage.memory.records import MemoryRecords
from tuning.promotion import PromotionDecision, apply, decide, ensure_champion, shadow_ids
from tuning.takeovers import champion_periods

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def figures(area: float | None, error: float | None) -> dict[str, Estimate]:
    return {"pr_auc": Estimate(area, None, None, 100), "calibration_error": Estimate(error, None, None, 100)}


@pytest.mark.parametrize(
    ("new", "old", "promoted"),
    [
        ((0.2101, 0.010), (0.200, 0.010), True),
        ((0.2099, 0.010), (0.200, 0.010), False),
        ((0.300, 0.0299), (0.200, 0.010), True),
        ((0.300, 0.0301), (0.200, 0.010), False),
        ((0.300, 0.010), (None, 0.010), False),
        ((None, None), (0.2, 0.01), False),
    ],
)
def test_the_promotion_rule(
    new: tuple[float | None, float | None], old: tuple[float | None, float | None], promoted: bool
) -> None:
    decision = decide("b", "a", figures(*new), figures(*old), {"rows": 100})
    assert decision.promoted == promoted
    assert decision.evidence["challenger"]["pr_auc"]["value"] == new[0]
    assert decision.evidence["period"] == {"rows": 100}


def test_a_promotion_is_written_once_however_often_it_is_applied(tmp_path: Path) -> None:
    records = MemoryRecords()
    first = ensure_champion(records, tmp_path, NOW)
    decision = PromotionDecision(True, "better", "x-1", first, {"rule": "r"})
    for _ in range(2):
        apply(decision, records, NOW + timedelta(days=1))
    assert (records.alias("champion"), records.alias("previous"), records.alias("challenger")) == ("x-1", first, "x-1")
    assert [change.kind for change in records.changes()] == ["promotion", "promotion"]
    assert records.changes()[0].evidence == {"rule": "r", "takes_over": "x-1", "hands_over": first}


def test_champions_are_read_from_the_change_log(tmp_path: Path) -> None:
    records = MemoryRecords()
    assert champion_periods(records) == ()
    records.set_alias("champion", "old", NOW)
    assert [period.model_id for period in champion_periods(records)] == ["old"]
    records = MemoryRecords()
    first, day = ensure_champion(records, tmp_path, NOW), timedelta(days=1)
    apply(PromotionDecision(False, "worse", "w-1", first, {}), records, NOW + day)
    apply(PromotionDecision(True, "better", "x-1", first, {}), records, NOW + 2 * day)
    assert champion_periods(records) == (ChampionPeriod(NOW, first), ChampionPeriod(NOW + 2 * day, "x-1"))


def test_a_kept_out_challenger_leaves_the_champion(tmp_path: Path) -> None:
    records = MemoryRecords()
    first = ensure_champion(records, tmp_path, NOW)
    apply(PromotionDecision(False, "worse", "x-1", first, {}), records, NOW)
    assert records.alias("champion") == first
    assert records.alias("previous") is None
    assert shadow_ids(records, ("xgboost",)) == ["x-1"]


def test_there_is_a_champion_from_the_start_and_it_stays(tmp_path: Path) -> None:
    records = MemoryRecords()
    first = ensure_champion(records, tmp_path, NOW)
    assert ensure_champion(records, tmp_path, NOW + timedelta(days=3)) == first
    row = records.model(first)
    assert row is not None
    assert (row.kind, row.created_at, list(row.features)) == ("last-24h-growth", NOW, ["growth_24h_past"])
    model, card = load(tmp_path, first)
    assert not card.training_set
    assert model.kind == "last-24h-growth"
    assert shadow_ids(records, ("xgboost",)) == []


def test_a_crash_before_the_champion_is_named_loses_nothing(tmp_path: Path) -> None:
    class CrashError(Exception):
        pass

    class Torn(MemoryRecords):
        def set_alias(self, name: str, model_id: str, now: datetime) -> None:
            if name == "champion" and model_id == "x-1":
                raise CrashError
            super().set_alias(name, model_id, now)

    records = Torn()
    first = ensure_champion(records, tmp_path, NOW)
    decision = PromotionDecision(True, "better", "x-1", first, {})
    with pytest.raises(CrashError):
        apply(decision, records, NOW)
    assert records.alias("champion") == first
    records.__class__ = MemoryRecords
    apply(decision, records, NOW)
    assert (records.alias("champion"), records.alias("previous")) == ("x-1", first)
    assert len(records.changes()) == 2
