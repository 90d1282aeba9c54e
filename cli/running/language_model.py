"""`groundswell llm`, and what the settings say of the language model."""

import importlib.util
import logging
import os
import time
from pathlib import Path
from threading import Thread

import ray
from ray import serve
from rich.console import Console

from actors.runtime.local_ray import RayPlan, local_ray
from actors.runtime.orphan_reaper import start_orphan_reaper
from cli.running.installation import require_port
from cli.running.signals import deaf, interruptible
from configs.settings import LanguageModelSettings, Settings, language_model_key
from core.errors import LanguageModelError, UsageError
from core.hosting import Hosting
from prompts.llm.openai_model import OpenAIModel
from serve.api.security import is_loopback
from serve.hosting.language_model import PREFIX, LanguageModelArgs
from serve.hosting.language_model_host import NEEDED_CPUS, host

SET_UP = "run `make llm`, or name a server of OpenAI's shape as language_model.address in the settings"


def model_of(settings: Settings) -> OpenAIModel | None:
    """The language model that writes: behind the address of the settings, else the hosted one where it is set up."""
    chosen = settings.language_model
    if not chosen.address and why_not_hosted(settings):
        return None
    address = chosen.address or f"http://127.0.0.1:{settings.serve.port}{PREFIX}/v1"
    key = language_model_key() if chosen.address else ""
    return OpenAIModel(address, chosen.name, key, timeout_s=chosen.timeout_s, in_flight=chosen.in_flight)


def why_not_hosted(settings: Settings) -> str:
    """Why the installation hosts no language model itself; empty when it does."""
    hosting = settings.language_model.hosting
    if settings.language_model.address:
        return f"{settings.language_model.address} is used"
    if not hosting.enabled:
        return "hosting is off in the settings"
    if not is_loopback(settings.serve.host):
        return f"it asks for no token, so that it is not hosted on {settings.serve.host}"
    if missing := what_is_missing(settings.language_model):
        return f"{missing}: {SET_UP}"
    if settings.ray.num_cpus < NEEDED_CPUS:
        return f"it needs ray.num_cpus of {NEEDED_CPUS} or more"
    return ""


def what_is_missing(model: LanguageModelSettings) -> str:
    """The first thing that hosting the model lacks here; empty when all is there."""
    hosting = model.hosting
    if hosting.python and not Path(hosting.python).exists():
        return f"its environment is not there ({hosting.python})"
    if not hosting.python and importlib.util.find_spec("vllm") is None:
        return "vLLM is not installed"
    if _is_folder(hosting.weights) and not (Path(hosting.weights) / "config.json").exists():
        return f"its weights are not there ({hosting.weights})"
    return ""


def hosted_python(settings: Settings) -> str:
    """The interpreter of the model that is hosted; UsageError when none can be."""
    if why := why_not_hosted(settings):
        raise UsageError(f"the language model can't be hosted: {why}")
    return settings.language_model.hosting.python


def arguments(model: LanguageModelSettings) -> LanguageModelArgs:
    """What the application is told."""
    hosting = model.hosting
    told = hosting.model_dump(include=set(Hosting.model_fields))
    weights = str(Path(hosting.weights).absolute()) if _is_folder(hosting.weights) else hosting.weights
    return LanguageModelArgs(name=model.name, weights=weights, **told)


def host_beside(settings: Settings, out: Console) -> None:
    """Start the model on the Serve instance that runs already, if any is to be hosted, and say what writes the texts.

    Nothing waits for it: until it answers, and when it fails to start, texts come from templates.
    """
    model, name = settings.language_model, settings.language_model.name
    if model.address:
        out.print(f"language model {name} at {model.address}")
    elif why := why_not_hosted(settings):
        out.print(f"language model none, texts come from templates; {why}")
    else:
        out.print(f"language model {name} starts beside (one to three minutes)")
        started = host(arguments(model), model.hosting.python)
        Thread(target=_tell_of, args=(started, name, out), daemon=True).start()


def _tell_of(started: "ray.ObjectRef[None]", name: str, out: Console) -> None:
    try:
        ray.get(started)
    except (ray.exceptions.RayError, RuntimeError, ValueError) as error:
        if ray.is_initialized():  # else the whole run has ended before the model was up
            out.print(f"language model {name} did not start, texts come from templates: {_last_line(error)}")
    else:
        out.print(f"language model {name} is up")


def host_alone(settings: Settings, out: Console) -> None:
    """Start Ray and the language model, and nothing else, until stopped."""
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
            with deaf():
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


def _is_folder(weights: str) -> bool:
    return weights.startswith((".", "/")) or Path(weights).is_dir()
