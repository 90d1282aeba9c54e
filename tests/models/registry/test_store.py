import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from core.errors import StorageError
from core.evaluation.model_ids import kind_of
from core.features.growth_by_plays import GROWTH
from models.last_growth import LastGrowth
from models.registry.kinds import KINDS
from models.registry.store import load, read_card, store
from tests.support.model_rows import FEATURES, labelled
from tests.support.requirements import require_kind

NOW = datetime(2025, 6, 1, 3, tzinfo=UTC)
ROWS = labelled(tags=20, days=6)
SET = {"name": "t", "content_hash": "abc", "rows": ROWS.height}


def fitted(kind: str = "logistic"):  # type: ignore[no-untyped-def]
    model = KINDS[kind]()
    model.fit(ROWS.select(FEATURES), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], 1)
    return model


@pytest.mark.parametrize("kind", list(KINDS))
def test_two_equal_trainings_are_one_model(kind: str, tmp_path: Path) -> None:
    require_kind(kind)
    trained = fitted(kind)
    first = store(tmp_path, trained, NOW, training_set=SET, metrics={"pr_auc": 0.2}, importance={"velocity": 1.0})
    second = store(tmp_path, fitted(kind), NOW, training_set=SET, metrics={"pr_auc": 0.3})
    assert first == second
    assert first.model_id.startswith(f"{kind}-20250601T0300-")
    assert [path.name for path in tmp_path.iterdir()] == [first.model_id]
    model, card = load(tmp_path, first.model_id)
    assert card == first == read_card(tmp_path, first.model_id)
    assert model.predict(ROWS).equals(trained.predict(ROWS))
    assert kind_of(card.model_id) == kind
    assert ("torch" in card.environment) == (kind in ("lstm", "tft", "blend-tft"))


def test_a_model_of_totals_alone_does_not_look_at_growth_by_plays(tmp_path: Path) -> None:
    card = store(tmp_path, fitted(), NOW, training_set=SET | {"growth_by": "totals"})
    model, _ = load(tmp_path, card.model_id)
    by_totals, played = (ROWS.with_columns(from_totals=pl.lit(share)) for share in (1.0, 0.0))
    unknown = ROWS.with_columns(pl.lit(None, pl.Float64).alias(name) for name in FEATURES if name in GROWTH)
    assert model.predict(by_totals).equals(fitted().predict(ROWS))
    assert model.predict(played).equals(fitted().predict(unknown))
    assert not model.predict(played).equals(fitted().predict(ROWS))
    assert model.explain(played.head(3)) == fitted().explain(unknown.head(3))


def test_an_untrained_model_has_no_time_in_its_name(tmp_path: Path) -> None:
    first = store(tmp_path, LastGrowth(), NOW)
    second = store(tmp_path, LastGrowth(), datetime(2026, 1, 1, tzinfo=UTC))
    assert first.model_id == second.model_id
    assert first.model_id.startswith("last-24h-growth-untrained-")


def test_a_changed_or_missing_model_is_one_clear_line(tmp_path: Path) -> None:
    card = store(tmp_path, fitted(), NOW, training_set=SET)
    with pytest.raises(StorageError, match="can't be read from"):
        load(tmp_path, "logistic-20250101T0000-00000000")
    path = tmp_path / card.model_id / "model.json"
    described = json.loads(path.read_text())
    path.write_text(json.dumps(described | {"features": ["other"]}))
    with pytest.raises(StorageError, match="other features"):
        load(tmp_path, card.model_id)
    state = tmp_path / card.model_id / "logistic.json"
    state.write_text(state.read_text().replace("1", "2"))
    with pytest.raises(StorageError, match="not those that were stored"):
        load(tmp_path, card.model_id)


def test_what_a_crash_left_half_written_is_no_model(tmp_path: Path) -> None:
    (tmp_path / ".writing-logistic-1").mkdir()
    with pytest.raises(StorageError):
        load(tmp_path, ".writing-logistic-1")
