from typing import Any

import numpy as np
import pytest
import xgboost as xgb
from sklearn.metrics import average_precision_score

from core.errors import UsageError
from models.boosted import BoostedSettings, BoostedTrees
from models.rows import matrix
from tests.model_rows import FEATURES, labelled
from tuning.distributed import distributed

ROWS, FRESH = labelled(tags=60, days=12), labelled(seed=9, tags=60, days=12)
PARAMS = {
    "objective": "binary:logistic", "tree_method": "hist", "max_bin": 64, "max_depth": 4, "eta": 0.12,
    "subsample": 0.6, "colsample_bytree": 0.8, "min_child_weight": 4.0, "nthread": 1, "seed": 3,
}  # fmt: skip


@pytest.mark.ray
@pytest.mark.usefixtures("ray_cluster")
def test_one_worker_and_two_grow_equally_good_trees() -> None:
    x, grew = matrix(ROWS, FEATURES), (ROWS["growth_24h"] > 0).to_numpy().astype(float)
    fresh, truth = xgb.DMatrix(matrix(FRESH, FEATURES)), FRESH["growth_24h"].to_numpy() > 0
    here = xgb.train(PARAMS, xgb.DMatrix(x, label=grew), num_boost_round=20).predict(fresh)
    one, two = (distributed(workers)(PARAMS, x, grew, 20).predict(fresh) for workers in (1, 2))
    assert np.allclose(one, here, atol=1e-6)
    assert np.abs(one - two).mean() < 0.05
    assert np.corrcoef(one, two)[0, 1] > 0.97
    assert average_precision_score(truth, two) == pytest.approx(average_precision_score(truth, one), abs=0.02)


def test_every_booster_of_a_model_is_grown_by_what_it_was_given() -> None:
    asked: list[int] = []

    def grow(params: Any, x: Any, label: Any, rounds: int) -> Any:
        asked.append(rounds)
        return xgb.train(dict(params), xgb.DMatrix(x, label=label), num_boost_round=rounds)

    settings = BoostedSettings(members=2, rounds=5, quantile_rounds=3)
    models = [BoostedTrees(settings=settings, grow=each) for each in (grow, None)]
    for model in models:
        model.fit(ROWS.select(FEATURES), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], 0)
    assert sorted(set(asked)) == [3, 5]
    assert len(asked) in (3, 5)
    assert np.allclose(*(model.predict(FRESH).to_numpy() for model in models), atol=1e-6)


def test_the_older_package_is_asked_for_in_one_line() -> None:
    with pytest.raises(UsageError, match=r"environment of its own \(`make xgboost-ray`\)"):
        distributed(2, "xgboost-ray")({}, np.zeros((2, 1)), np.zeros(2), 1)
