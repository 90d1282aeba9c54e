"""Which language model the settings choose, and whether it can be hosted here."""

import importlib.util
from pathlib import Path

from configs.settings import LanguageModelSettings, Settings, language_model_key
from core.errors import UsageError
from core.hosting import Hosting
from prompts.llm.openai_model import OpenAIModel
from serve.api.security import is_loopback
from serve.hosting.language_model import PREFIX, LanguageModelArgs
from serve.hosting.language_model_host import NEEDED_CPUS

SET_UP = "run `make llm`, or set language_model.address in the settings to an OpenAI-compatible server"


def model_of(settings: Settings) -> OpenAIModel | None:
    """Return the model at the address of the settings, else the hosted one, else None where none is set up."""
    chosen = settings.language_model
    if not chosen.address and why_not_hosted(settings):
        return None
    address = chosen.address or f"http://127.0.0.1:{settings.serve.port}{PREFIX}/v1"
    key = language_model_key() if chosen.address else ""
    return OpenAIModel(address, chosen.name, key, timeout_s=chosen.timeout_s, in_flight=chosen.in_flight)


def why_not_hosted(settings: Settings) -> str:
    """Return why the installation hosts no language model itself; empty when it does."""
    hosting = settings.language_model.hosting
    if settings.language_model.address:
        return f"{settings.language_model.address} is used"
    if not hosting.enabled:
        return "hosting is off in the settings"
    if not is_loopback(settings.serve.host):
        return f"it needs no token, so it is hosted on a loopback address only, not on {settings.serve.host}"
    if missing := what_is_missing(settings.language_model):
        return f"{missing}: {SET_UP}"
    if settings.ray.num_cpus < NEEDED_CPUS:
        return f"it needs ray.num_cpus of {NEEDED_CPUS} or more"
    return ""


def what_is_missing(model: LanguageModelSettings) -> str:
    """Return the first thing that is missing to host the model here; empty when nothing is."""
    hosting = model.hosting
    if hosting.python and not Path(hosting.python).exists():
        return f"its environment is missing ({hosting.python})"
    if not hosting.python and importlib.util.find_spec("vllm") is None:
        return "vLLM is not installed"
    if _is_folder(hosting.weights) and not (Path(hosting.weights) / "config.json").exists():
        return f"its weights are missing ({hosting.weights})"
    return ""


def hosted_python(settings: Settings) -> str:
    """Return the Python interpreter of the hosted model; UsageError when none can be hosted."""
    if why := why_not_hosted(settings):
        raise UsageError(f"the language model can't be hosted: {why}")
    return settings.language_model.hosting.python


def arguments(model: LanguageModelSettings) -> LanguageModelArgs:
    """Return the arguments of the application that hosts the model."""
    hosting = model.hosting
    hosted = hosting.model_dump(include=set(Hosting.model_fields))
    weights = str(Path(hosting.weights).absolute()) if _is_folder(hosting.weights) else hosting.weights
    return LanguageModelArgs(name=model.name, weights=weights, **hosted)


def _is_folder(weights: str) -> bool:
    return weights.startswith((".", "/")) or Path(weights).is_dir()
