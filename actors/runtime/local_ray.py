"""Ray on one machine: started by this process on the loopback interface, and stopped with it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ray

NAMESPACE = "groundswell"
THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKIO_WORKER_THREADS": "2",
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True)
class RayPlan:
    """How Ray is started on this machine.

    Parameters
    ----------
    num_cpus: logical CPUs
    object_store_mb: size of the object store, MB
    dashboard_port: port of Ray's own dashboard, None for none
    """

    num_cpus: int = 8
    object_store_mb: int = 256
    dashboard_port: int | None = 8265


@contextmanager
def local_ray(plan: RayPlan) -> Iterator[str]:
    """Start Ray on the loopback interface and stop all of it at the end; yields the address of its dashboard."""
    os.environ.update(THREADS)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_DEDUP_LOGS", "0")
    os.environ.setdefault("RAY_SERVE_LOG_TO_STDERR", "0")
    context = ray.init(
        num_cpus=plan.num_cpus,
        namespace=NAMESPACE,
        include_dashboard=plan.dashboard_port is not None,
        dashboard_port=plan.dashboard_port,
        object_store_memory=plan.object_store_mb * 2**20,
        log_to_driver=False,
        logging_level=logging.ERROR,
        _node_ip_address="127.0.0.1",
    )
    try:
        yield f"http://{context.dashboard_url}" if plan.dashboard_port is not None else ""
    finally:
        ray.shutdown()
