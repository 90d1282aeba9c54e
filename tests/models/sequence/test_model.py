"""Sequence models: they learn from the order of days alone, and say what is missing where PyTorch is."""

import sys
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from core.errors import UsageError
from models.registry.kinds import KINDS
from models.rows import feature_columns, sequence_columns
from tests.support.model_rows import START
from tests.support.requirements import require_kind

ROWS, DAYS = 3000, 14


def rows(seed: int) -> pl.DataFrame:
    """Days of the same sizes in every row: rising ones surge, falling ones do not, and no single day tells."""
    rng = np.random.default_rng(seed)
    rising = rng.random(ROWS) < 0.3
    days = np.sort(rng.uniform(0, 0.2, (ROWS, DAYS)), axis=1)
    middle = rng.uniform(0, 0.2, (ROWS, 4))
    days[:, [0, 1, -2, -1]] = middle
    newest_first = np.where(rising[:, None], days[:, ::-1], days)
    frame = pl.DataFrame({f"day_{day}": newest_first[:, day] for day in range(DAYS)})
    at = [START + timedelta(hours=row // 20) for row in range(ROWS)]
    return frame.with_columns(at=pl.Series(at), size=pl.Series(rng.normal(size=ROWS)), viral=pl.Series(rising))


def test_the_sequence_is_no_feature_of_other_models() -> None:
    frame = rows(1).drop("viral")
    assert feature_columns(frame) == ("size",)
    assert sequence_columns(frame) == tuple(f"day_{day}" for day in range(DAYS))


@pytest.mark.parametrize("kind", ["lstm", "tft"])
def test_they_learn_from_the_order_of_days(kind: str) -> None:
    require_kind(kind)
    model, training, fresh = KINDS[kind](), rows(1), rows(2)
    model.fit(training.drop("viral"), training["viral"].cast(pl.Float64) * 0.1, training["viral"], training["at"], 1)
    assert model.features == ("size", *(f"day_{day}" for day in range(DAYS)))
    predictions = model.predict(fresh.drop("viral"))
    assert roc_auc_score(fresh["viral"], predictions["probability"]) > 0.9
    assert (predictions["upper"] > predictions["lower"]).mean() > 0.9  # type: ignore[operator]
    moved = {part.feature for parts in model.explain(fresh.head(50)) for part in parts}
    assert any(name.startswith("day_") for name in moved)


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UsageError, match=r"groundswell\[sequence\]"):
        KINDS["lstm"]()
