"""The language model as a Ray Serve application: vLLM behind OpenAI's HTTP shape, on GPUs or on the CPU.

Built and run in the environment of the model, see `serve.hosting.language_model_host`.
"""

from typing import Any

from ray.serve import Application

from core.hosting import Hosting

PREFIX = "/llm"
GRACE_S = 2.0
DTYPES = {"cpu": "float32", "gpu": "bfloat16"}


class LanguageModelArgs(Hosting):
    """What is hosted, beside what it runs on.

    Parameters
    ----------
    name: what clients ask for
    weights: folder of the weights, or the name of a model that vLLM can fetch
    """

    name: str
    weights: str


def engine_options(args: LanguageModelArgs) -> dict[str, Any]:
    """Options of vLLM's engine; prefixes are cached and reported in `usage`."""
    options: dict[str, Any] = {
        "max_model_len": args.context,
        "max_num_seqs": args.sequences,
        "dtype": args.dtype or DTYPES[args.device],
        "enable_prefix_caching": True,
        "enable_prompt_tokens_details": True,
    }
    if args.device == "cpu":
        # Compiling takes two minutes of start-up and gives a tenth more tokens a second.
        return options | {"enforce_eager": True}
    return options | {"tensor_parallel_size": args.gpus}


def environment(args: LanguageModelArgs) -> dict[str, str]:
    """Environment variables of the model's processes: no usage statistics, and no look-ups where a folder is named."""
    variables = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "TOKENIZERS_PARALLELISM": "false"}
    if args.weights.startswith("/"):
        variables |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    if args.device == "cpu":
        variables |= {"VLLM_CPU_KVCACHE_SPACE": str(args.kv_cache_gb)}
    return variables


def build(args: LanguageModelArgs) -> Application:
    """The application, to be run under the route prefix `PREFIX`; needs `ray[llm]` and a vLLM of the device."""
    from ray.serve.llm import LLMConfig, build_openai_app

    hardware: dict[str, Any] = {"accelerator_config": {"kind": args.device}}
    if args.accelerator_type:
        hardware["accelerator_type"] = args.accelerator_type
    config = LLMConfig(
        model_loading_config={"model_id": args.name, "model_source": args.weights},
        engine_kwargs=engine_options(args),
        deployment_config={"num_replicas": args.replicas, "graceful_shutdown_timeout_s": GRACE_S},
        runtime_env={"env_vars": environment(args)},
        **hardware,
    )
    ingress = {"num_replicas": 1, "graceful_shutdown_timeout_s": GRACE_S}
    return build_openai_app({"llm_configs": [config], "ingress_deployment_config": ingress})
