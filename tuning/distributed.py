"""Fits on several Ray workers: one booster or one network, each worker with its own share of the rows."""

import os
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xgboost as xgb

from core.errors import UsageError
from core.evaluation.intervals import Floats
from models.trainers import NetworkTask, Trainers, Weights

Backend = Literal["ray-train", "xgboost-ray"]
BOOSTER, WEIGHTS = "booster.ubj", "weights.npz"
POLLED = ("RAY_TRAIN_HEALTH_CHECK_INTERVAL_S", "0.2")  # a fit is done in seconds; the end is noticed by polling


def distributed(workers: int, backend: Backend = "ray-train") -> Trainers:
    """Return trainers that fit on several processes of one CPU each; Ray has to be running.

    Networks are equal to those of one process except for rounding. The workers sum the histograms of trees, so that
    trees differ from those of one process only by the sketch of the bins and by the draws of rows, which each worker
    makes for itself.

    Parameters
    ----------
    workers: number of processes
    backend: what grows the trees: `ray.train.xgboost.XGBoostTrainer`, or the older package xgboost-ray, which needs an
        environment of its own
    """
    os.environ.setdefault(*POLLED)
    return Trainers(partial(_BACKENDS[backend], workers), partial(descend, workers))


def _by_ray_train(workers: int, params: Mapping[str, Any], x: Floats, label: Floats, rounds: int) -> Any:
    import ray.train
    from ray.train.xgboost import XGBoostTrainer

    with tempfile.TemporaryDirectory() as folder:
        trainer = XGBoostTrainer(
            _tree_worker,
            train_loop_config={"params": dict(params), "rounds": rounds, "rows": [ray.put(x), ray.put(label)]},
            scaling_config=ray.train.ScalingConfig(num_workers=workers, resources_per_worker={"CPU": 1}),
            run_config=ray.train.RunConfig(name="boosting", storage_path=folder),
        )
        result = trainer.fit()
        booster = xgb.Booster({"nthread": 1})
        with result.checkpoint.as_directory() as kept:
            booster.load_model(Path(kept) / BOOSTER)
    return booster


def _tree_worker(config: dict[str, Any]) -> None:
    """Grow a booster on every `workers`-th row; the first worker reports it."""
    import ray.train

    context = ray.train.get_context()
    rank, workers = context.get_world_rank(), context.get_world_size()
    x, label = (ray.get(ref)[rank::workers] for ref in config["rows"])
    booster = xgb.train(config["params"], xgb.DMatrix(x, label=label, nthread=1), num_boost_round=config["rounds"])
    with tempfile.TemporaryDirectory() as folder:
        booster.save_model(Path(folder) / BOOSTER)
        ray.train.report({}, checkpoint=ray.train.Checkpoint.from_directory(folder) if rank == 0 else None)


def _by_xgboost_ray(workers: int, params: Mapping[str, Any], x: Floats, label: Floats, rounds: int) -> Any:
    try:
        import xgboost_ray
    except ImportError:
        raise UsageError(
            "trainer xgboost-ray is not installed: it needs an environment of its own (`make xgboost-ray`), "
            "or set learning.trainer to ray-train"
        ) from None
    rows = xgboost_ray.RayDMatrix(x, label)
    workers_of_one = xgboost_ray.RayParams(num_actors=workers, cpus_per_actor=1)
    return xgboost_ray.train(dict(params), rows, num_boost_round=rounds, ray_params=workers_of_one)


_BACKENDS: Mapping[Backend, Any] = {"ray-train": _by_ray_train, "xgboost-ray": _by_xgboost_ray}


def descend(workers: int, task: NetworkTask) -> Weights:
    """Return the weights of a network trained by several processes of one CPU each, whose gradients gloo averages."""
    import ray
    import ray.train
    from ray.train.torch import TorchConfig, TorchTrainer

    with tempfile.TemporaryDirectory() as folder:
        trainer = TorchTrainer(
            _network_worker,
            train_loop_config={"task": [ray.put(task)]},
            torch_config=TorchConfig(backend="gloo"),
            scaling_config=ray.train.ScalingConfig(num_workers=workers, resources_per_worker={"CPU": 1}),
            run_config=ray.train.RunConfig(name="network", storage_path=folder),
        )
        result = trainer.fit()
        with result.checkpoint.as_directory() as kept, np.load(Path(kept) / WEIGHTS, allow_pickle=False) as weights:
            return {name: weights[name] for name in weights.files}


def _network_worker(config: dict[str, Any]) -> None:
    """Train on this worker's rows of every batch; the first worker reports the weights."""
    import ray
    import ray.train
    from ray.train.torch import prepare_model

    from models.sequence.training import BatchShare, trained

    context = ray.train.get_context()
    share = BatchShare(context.get_world_rank(), context.get_world_size())
    weights = trained(ray.get(config["task"][0]), share, prepare_model)
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / WEIGHTS, allow_pickle=False, **weights)
        first = share.rank == 0
        ray.train.report({}, checkpoint=ray.train.Checkpoint.from_directory(folder) if first else None)
