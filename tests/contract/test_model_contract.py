"""One suite for every kind of model."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from models.interface import PREDICTED, Model
from models.registry.kinds import KINDS
from tests.support.model_rows import FEATURES, labelled
from tests.support.requirements import require_kind

ROWS = labelled()
FEW = labelled(tags=10, days=5)
_FITTED: dict[str, Model] = {}


def fit(kind: str, rows: pl.DataFrame = ROWS, seed: int = 7) -> Model:
    model = KINDS[kind]()
    model.fit(rows.select("hashtag", "at", *FEATURES), rows["growth_24h"], rows["viral"], rows["at"], seed)
    return model


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    require_kind(request.param)
    return str(request.param)


@pytest.fixture
def model(kind: str) -> Model:
    if kind not in _FITTED:
        _FITTED[kind] = fit(kind)
    return _FITTED[kind]


def sound(predicted: pl.DataFrame, rows: int) -> None:
    assert tuple(predicted.columns) == PREDICTED
    assert predicted.height == rows
    assert all(dtype == pl.Float64 for dtype in predicted.dtypes)
    assert predicted["probability"].is_between(0, 1).all()
    assert predicted["probability"].null_count() == 0
    for low, high in (
        ("lower", "probability"),
        ("probability", "upper"),
        ("growth_p10", "growth_p50"),
        ("growth_p50", "growth_p90"),
    ):
        assert (predicted[low] <= predicted[high]).all(), (low, high)
    assert not predicted.select(pl.any_horizontal(pl.all().is_nan())).to_series().any()
    assert predicted["upper"].max() is None or predicted["upper"].max() <= 1  # type: ignore[operator]


def test_predictions_are_sound(model: Model) -> None:
    predicted = model.predict(ROWS)
    sound(predicted, ROWS.height)
    assert predicted.null_count().sum_horizontal()[0] == 0
    assert predicted["probability"].mean() == pytest.approx(0.05, abs=0.02)


def test_what_surges_ranks_above_what_does_not(model: Model) -> None:
    fresh = labelled(seed=99)
    probability = fresh.with_columns(model.predict(fresh)["probability"])
    assert (
        probability.filter("viral")["probability"].mean()
        > 1.5 * probability.filter(~pl.col("viral"))["probability"].mean()
    )  # type: ignore[operator]


def test_a_stored_model_predicts_the_same_to_the_last_bit(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = type(model).load(tmp_path)
    assert again.features == model.features
    assert again.predict(ROWS).equals(model.predict(ROWS), null_equal=True)
    assert again.explain(ROWS.head(20)) == model.explain(ROWS.head(20))
    assert not list(tmp_path.glob("*.pkl")) + list(tmp_path.glob("*.pickle"))


def test_the_order_of_training_rows_and_the_seed_decide_nothing_else(kind: str) -> None:
    ordered, shuffled = fit(kind, FEW), fit(kind, FEW.sample(fraction=1, shuffle=True, seed=3))
    assert shuffled.predict(ROWS).equals(ordered.predict(ROWS), null_equal=True)


def test_rows_are_judged_alone_and_in_any_order(model: Model) -> None:
    whole = model.predict(ROWS.head(50))
    assert model.predict(ROWS.head(50).reverse()).reverse().equals(whole, null_equal=True)
    alone = model.predict(ROWS.head(1))
    assert np.allclose(alone.to_numpy(), whole.head(1).to_numpy(), rtol=1e-12)


def test_missing_columns_and_groups_are_normal(kind: str, model: Model) -> None:
    sound(model.predict(ROWS.drop("shares_rate", "semantic")), ROWS.height)
    sound(model.predict(ROWS.select("hashtag", "at")), ROWS.height)
    nulls = ROWS.with_columns(pl.lit(None, pl.Float64).alias(name) for name in FEATURES)
    sound(model.predict(nulls), ROWS.height)
    sound(fit(kind, nulls.head(FEW.height)).predict(ROWS), ROWS.height)
    wild = ROWS.with_columns(velocity=pl.lit(float("inf")), shares_rate=pl.lit(-1e300))
    sound(model.predict(wild), ROWS.height)


@pytest.mark.parametrize("viral", [False, True])
def test_labels_of_one_class_are_no_error(kind: str, viral: bool) -> None:
    rows = ROWS.head(200).with_columns(viral=pl.lit(viral), growth_24h=pl.lit(0.1 if viral else 0.0))
    predicted = fit(kind, rows).predict(rows)
    sound(predicted, rows.height)
    assert (predicted["probability"].mean() > 0.5) == viral  # type: ignore[operator]


def test_no_rows_are_answered_with_none(model: Model) -> None:
    sound(model.predict(ROWS.head(0)), 0)
    assert model.explain(ROWS.head(0)) == []


def test_the_strongest_features_come_first(model: Model) -> None:
    explained = model.explain(ROWS.head(30), top=2)
    assert len(explained) == 30
    assert all(len(row) <= 2 for row in explained)
    assert {part.feature for row in explained for part in row} <= set(model.features)
    for row, values in zip(explained, ROWS.head(30).iter_rows(named=True), strict=True):
        sizes = [abs(part.contribution) for part in row]
        assert sizes == sorted(sizes, reverse=True)
        for part in row:
            assert part.value == values[part.feature]
