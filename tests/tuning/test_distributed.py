from typing import Any

import numpy as np
import pytest
import xgboost as xgb
from sklearn.metrics import average_precision_score

from core.errors import UsageError
from models.boosted import BoostedSettings, BoostedTrees
from models.rows import matrix
from models.sequence.kinds import FusionSettings
from models.trainers import HERE, NetworkTask, SequenceSettings, Trainers, Weights
from tests.support.model_rows import FEATURES, labelled
from tests.support.requirements import require_kind
from tuning.distributed import distributed
from tuning.recipe import Recipe

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
    single, two = (distributed(workers).grow(PARAMS, x, grew, 20).predict(fresh) for workers in (1, 2))
    assert np.allclose(single, here, atol=1e-6)
    assert np.abs(single - two).mean() < 0.05
    assert np.corrcoef(single, two)[0, 1] > 0.97
    assert average_precision_score(truth, two) == pytest.approx(average_precision_score(truth, single), abs=0.02)


def task(kind: str, rows: int) -> NetworkTask:
    """Few rows, and of an odd number, so that two workers have unequal shares."""
    rng = np.random.default_rng(5)
    settings = (FusionSettings if kind == "tft" else SequenceSettings)(width=8)
    viral = rng.random(rows) < 0.2
    return NetworkTask(
        kind, settings, rng.normal(size=(rows, 14, 2)), rng.normal(size=(rows, 6)) + viral[:, None],
        viral, viral * rng.random(rows), seed=4,
    )  # fmt: skip


def outputs_of(job: NetworkTask, weights: Weights) -> Any:
    """What the network says of the rows it learnt from, (rows, 4)."""
    import torch

    from models.sequence.networks import network

    net = network(job.kind, job.static.shape[1], job.settings).eval()
    net.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    with torch.no_grad():
        return net(*(torch.tensor(part, dtype=torch.float32) for part in (job.steps, job.static))).numpy()


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.usefixtures("ray_cluster")
@pytest.mark.parametrize(("kind", "workers"), [("lstm", 1), ("tft", 2)])
def test_one_worker_and_two_train_the_network_that_this_process_does(kind: str, workers: int) -> None:
    require_kind(kind)
    from models.sequence.training import trained

    job = task(kind, 101)
    here, apart = trained(job), distributed(workers).descend(job)
    assert np.allclose(outputs_of(job, apart), outputs_of(job, here), atol=1e-3)


@pytest.mark.parametrize("kind", ["lstm", "tft"])
def test_shares_of_every_batch_add_up_to_it(kind: str) -> None:
    """Dropout draws alike for the whole batch and for its parts, so that what they say in training is the same."""
    require_kind(kind)
    import torch

    from models.sequence.networks import network
    from models.sequence.training import BatchShare, shared

    job = task(kind, 11)
    net = network(kind, 6, job.settings).train()
    parts = torch.zeros(11, 4)
    for share in (BatchShare(), BatchShare(0, 3), BatchShare(1, 3), BatchShare(2, 3)):
        torch.manual_seed(1)
        own = shared(net, share, 11)
        outputs = net(torch.tensor(job.steps[own]).float(), torch.tensor(job.static[own]).float())
        if share.workers == 1:
            whole = outputs
        parts[own] = outputs
    assert torch.allclose(whole, parts, atol=1e-6)


def test_a_network_is_trained_by_what_the_model_was_given() -> None:
    require_kind("lstm")
    from models.sequence.training import trained

    tasks: list[NetworkTask] = []

    def descend(wanted: NetworkTask) -> Any:
        tasks.append(wanted)
        return trained(wanted)

    recipe = Recipe("lstm", {"width": 8})
    models = [recipe.build(1, each) for each in (Trainers(descend=descend), HERE)]
    few = ROWS.head(200)
    for model in models:
        model.fit(few.select(FEATURES), few["growth_24h"], few["viral"], few["at"], 0)
    assert tasks[0].settings.width == 8
    assert len(tasks[-1].viral) == few.height
    assert models[0].predict(FRESH).equals(models[1].predict(FRESH))


def test_every_booster_of_a_model_is_grown_by_what_it_was_given() -> None:
    workers_used: list[int] = []

    def grow(params: Any, x: Any, label: Any, rounds: int) -> Any:
        workers_used.append(rounds)
        return xgb.train(dict(params), xgb.DMatrix(x, label=label), num_boost_round=rounds)

    settings = BoostedSettings(members=2, rounds=5, quantile_rounds=3)
    models = [BoostedTrees(settings=settings, trainers=each) for each in (Trainers(grow), HERE)]
    for model in models:
        model.fit(ROWS.select(FEATURES), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], 0)
    assert sorted(set(workers_used)) == [3, 5]
    assert len(workers_used) in (3, 5)
    assert np.allclose(*(model.predict(FRESH).to_numpy() for model in models), atol=1e-6)


def test_the_older_package_is_asked_for_in_one_line() -> None:
    with pytest.raises(UsageError, match=r"environment of its own \(`make xgboost-ray`\)"):
        distributed(2, "xgboost-ray").grow({}, np.zeros((2, 1)), np.zeros(2), 1)
