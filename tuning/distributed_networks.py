"""One network trained by several Ray workers, each on its own share of every batch."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from models.sequence.task import NetworkTask, Weights

FILE = "weights.npz"


def descend(workers: int, task: NetworkTask) -> Weights:
    """Train on `workers` processes of one CPU each, whose gradients are averaged over gloo; Ray must be running."""
    import ray
    import ray.train
    from ray.train.torch import TorchConfig, TorchTrainer

    with tempfile.TemporaryDirectory() as folder:
        trainer = TorchTrainer(
            _worker,
            train_loop_config={"task": [ray.put(task)]},
            torch_config=TorchConfig(backend="gloo"),
            scaling_config=ray.train.ScalingConfig(num_workers=workers, resources_per_worker={"CPU": 1}),
            run_config=ray.train.RunConfig(name="network", storage_path=folder),
        )
        result = trainer.fit()
        with result.checkpoint.as_directory() as kept, np.load(Path(kept) / FILE, allow_pickle=False) as weights:
            return {name: weights[name] for name in weights.files}


def _worker(config: dict[str, Any]) -> None:
    """Train on this worker's rows of every batch; the first worker hands the weights back."""
    import ray
    import ray.train
    from ray.train.torch import prepare_model

    from models.sequence.training import Share, trained

    context = ray.train.get_context()
    share = Share(context.get_world_rank(), context.get_world_size())
    weights = trained(ray.get(config["task"][0]), share, prepare_model)
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / FILE, allow_pickle=False, **weights)
        first = share.rank == 0
        ray.train.report({}, checkpoint=ray.train.Checkpoint.from_directory(folder) if first else None)
