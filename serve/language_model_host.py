"""Hosts the language model in an environment of its own, so that its pins hold nothing else back."""

from pathlib import Path

import ray
from ray import serve

from serve.language_model import PREFIX, LanguageModelArgs

APPLICATION = "language-model"


def _run(args: LanguageModelArgs) -> None:
    from serve.language_model import build

    serve.run(build(args), name=APPLICATION, route_prefix=PREFIX, blocking=False)


def host(args: LanguageModelArgs, python: Path) -> ray.ObjectRef:
    runtime_env = {"py_executable": f"nice -n 10 {python}"}
    return ray.remote(_run).options(num_cpus=0, runtime_env=runtime_env).remote(args)
