"""Whether xgboost-ray grows what XGBoost grows, in an environment of its own: `make xgboost-ray`.

The old package holds xgboost at 2.0.3, which the rest of the project has left behind: no test like others can run it.
"""

import logging
import sys
from typing import Any

import numpy as np
import ray
import xgboost as xgb
from sklearn.metrics import average_precision_score

from models.boosted import BoostedSettings, BoostedTrees
from models.rows import matrix
from tests.support.model_rows import FEATURES, labelled
from tuning.distributed import distributed

ROWS, FRESH = labelled(tags=60, days=12), labelled(seed=9, tags=60, days=12)
ROUNDS = 40
PARAMS = {
    "objective": "binary:logistic", "tree_method": "hist", "max_bin": 64, "max_depth": 4, "eta": 0.12,
    "subsample": 0.6, "colsample_bytree": 0.8, "min_child_weight": 4.0, "nthread": 1, "seed": 3,
}  # fmt: skip


def main() -> None:
    """Compare one worker, two workers and none; an AssertionError says what differs."""
    x, grew = matrix(ROWS, FEATURES), (ROWS["growth_24h"] > 0).to_numpy().astype(float)
    truth = FRESH["growth_24h"].to_numpy() > 0

    def margins(booster: Any) -> Any:
        return booster.predict(xgb.DMatrix(matrix(FRESH, FEATURES)))

    here = margins(xgb.train(PARAMS, xgb.DMatrix(x, label=grew), num_boost_round=ROUNDS))
    single, double = (margins(distributed(workers, "xgboost-ray").grow(PARAMS, x, grew, ROUNDS)) for workers in (1, 2))
    assert np.allclose(single, here, atol=1e-5), np.abs(single - here).max()
    assert np.corrcoef(single, double)[0, 1] > 0.97, np.corrcoef(single, double)
    areas = [average_precision_score(truth, each) for each in (single, double)]
    assert abs(areas[0] - areas[1]) < 0.02, areas
    model = BoostedTrees(
        settings=BoostedSettings(members=1, rounds=10, quantile_rounds=5), trainers=distributed(2, "xgboost-ray")
    )
    model.fit(ROWS.select(FEATURES), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], 0)
    assert model.predict(FRESH)["probability"].is_between(0, 1).all()
    sys.stdout.write(f"xgboost-ray with xgboost {xgb.__version__}: PR-AUC {areas[0]:.4f} and {areas[1]:.4f}\n")


if __name__ == "__main__":
    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    try:
        main()
    finally:
        ray.shutdown()
