"""Hosts the language model on Ray Serve, in the environment that holds vLLM.

Only the model's own processes run there, started by the interpreter that Ray's runtime environment names; the rest of
the installation keeps its own packages. Both hold the same releases of Python and Ray.
"""

from pathlib import Path
from typing import Any

import ray
from ray import serve

from serve.hosting.language_model import PREFIX, LanguageModelArgs, build

APPLICATION = "language-model"
NEEDED_CPUS = 4
"""Logical CPUs that Ray must have free: two for the engine, one for what takes requests in, one to spare."""


def host(args: LanguageModelArgs, python: str = "") -> "ray.ObjectRef[None]":
    """Start the application on the Serve instance that is running; the reference is ready once it answers.

    Parameters
    ----------
    python: interpreter of the model's environment; empty for the one that runs this
    """
    environment: dict[str, Any] = {}
    if python:
        # The lowest priority: the model only takes CPU time that the agents leave.
        environment["py_executable"] = f"nice -n 19 {Path(python).absolute()}"
    started: ray.ObjectRef[None] = ray.remote(_run).options(num_cpus=0, runtime_env=environment).remote(args)
    return started


def _run(args: LanguageModelArgs) -> None:
    serve.run(build(args), name=APPLICATION, route_prefix=PREFIX, blocking=False)
