"""`groundswell llm`, and the language model that `groundswell run` hosts beside the agents."""

import logging
import os
import time
from threading import Thread

import ray
from ray import serve
from rich.console import Console

from actors.runtime.local_ray import RayPlan, local_ray
from actors.runtime.orphan_reaper import start_orphan_reaper
from cli.shared.installation import require_port
from cli.shared.language_model import arguments, hosted_python, why_not_hosted
from cli.shared.signals import ignoring_signals, interruptible
from configs.settings import Settings
from core.errors import LanguageModelError
from serve.hosting.language_model import PREFIX
from serve.hosting.language_model_host import NEEDED_CPUS, host


def host_beside(settings: Settings, out: Console) -> None:
    """Start the model on the running Serve instance, if one is to be hosted, and print what writes the texts.

    Nothing waits for it: texts come from templates until it answers, and if it fails to start.
    """
    model, name = settings.language_model, settings.language_model.name
    if model.address:
        out.print(f"language model {name} at {model.address}")
    elif why := why_not_hosted(settings):
        out.print(f"language model none, texts come from templates; {why}")
    else:
        out.print(f"language model {name} is starting (one to three minutes)")
        started = host(arguments(model), model.hosting.python)
        Thread(target=_report_start, args=(started, name, out), daemon=True).start()


def _report_start(started: "ray.ObjectRef[None]", name: str, out: Console) -> None:
    try:
        ray.get(started)
    except (ray.exceptions.RayError, RuntimeError, ValueError) as error:
        if ray.is_initialized():  # otherwise the run ended before the model was up
            out.print(f"language model {name} did not start, texts come from templates: {_last_line(error)}")
    else:
        out.print(f"language model {name} is up")


def host_alone(settings: Settings, out: Console) -> None:
    """Run Ray and the language model alone until stopped."""
    model, python = settings.language_model, hosted_python(settings)
    require_port(settings.serve.port, "--port", settings.serve.host)
    with interruptible():
        reaper = start_orphan_reaper(os.getpid())
        try:
            with local_ray(RayPlan(max(settings.ray.num_cpus, NEEDED_CPUS), dashboard_port=None)):
                out.print(f"starting {model.name} (one to three minutes)")
                _start(settings, python)
                address = f"http://{settings.serve.host}:{settings.serve.port}{PREFIX}/v1"
                out.print(f"{model.name} at {address}   Ctrl-C stops it")
                while True:
                    time.sleep(3600)
        except KeyboardInterrupt:
            out.print("stopping")
        finally:
            with ignoring_signals():
                if ray.is_initialized():
                    serve.shutdown()
                    ray.shutdown()
                reaper.terminate()
                reaper.wait()
    out.print("stopped")


def _start(settings: Settings, python: str) -> None:
    logging.getLogger("ray.serve").setLevel(logging.ERROR)
    options = {"host": settings.serve.host, "port": settings.serve.port}
    serve.start(http_options=options, logging_config={"log_level": "ERROR"})
    model = settings.language_model
    try:
        ray.get(host(arguments(model), python))
    except ray.exceptions.RayError as error:
        raise LanguageModelError(f"{model.name} did not start: {_last_line(error)}") from None


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
