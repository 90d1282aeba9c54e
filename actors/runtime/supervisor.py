"""Starts the nine agents as named actors that Ray restarts for ever."""

from typing import Any

import ray

from actors.evaluation import Evaluation
from actors.governance import Governance
from actors.improvement import Improvement
from actors.ingestion import Ingestion
from actors.metric import Metric
from actors.notification import Notification
from actors.prediction import Prediction
from actors.runtime.agent import Agent
from actors.runtime.installation import Installation
from actors.runtime.ray_in_place import NAMESPACE
from actors.scheduler import Scheduler
from actors.semantic.agent import Semantic

AGENTS: dict[str, type[Agent]] = {
    "governance": Governance,
    "notification": Notification,
    "ingestion": Ingestion,
    "metric": Metric,
    "semantic": Semantic,
    "prediction": Prediction,
    "evaluation": Evaluation,
    "improvement": Improvement,
    "scheduler": Scheduler,
}


def start_agents(installation: Installation) -> dict[str, Any]:
    """Start all agents and wait until each has opened its stores; returns their handles by name."""
    options = {"namespace": NAMESPACE, "num_cpus": 0, "max_restarts": -1, "max_task_retries": -1}
    handles = {
        name: ray.remote(kind).options(name=name, max_concurrency=kind.concurrency, **options).remote(installation)
        for name, kind in AGENTS.items()
    }
    ray.get([handle.ping.remote() for handle in handles.values()])
    others = {name: handle for name, handle in handles.items() if name != Scheduler.name}
    ray.get(handles[Scheduler.name].meet.remote(others))
    return handles
