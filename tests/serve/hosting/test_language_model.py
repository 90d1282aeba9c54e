from typing import Any

import pytest
import yaml
from ray.serve.schema import ServeDeploySchema

from cli.shared.language_model import arguments
from configs.settings import load_settings
from serve.hosting.language_model import PREFIX, LanguageModelArgs, engine_options, environment
from tests.support.paths import CONFIGS


def args(**changes: Any) -> LanguageModelArgs:
    return LanguageModelArgs.model_validate({"name": "small", "weights": "/weights/small", **changes})


def test_the_same_code_runs_on_a_cpu_and_on_gpus_by_its_arguments_alone() -> None:
    cpu, gpu = engine_options(args()), engine_options(args(device="gpu", gpus=4))
    assert (cpu["dtype"], cpu["enforce_eager"]) == ("float32", True)
    assert (gpu["dtype"], gpu["tensor_parallel_size"], "enforce_eager" in gpu) == ("bfloat16", 4, False)
    for options in (cpu, gpu):
        assert options["enable_prefix_caching"]
        assert options["max_num_seqs"] == args().sequences
    assert engine_options(args(dtype="float16"))["dtype"] == "float16"


def test_a_folder_of_weights_is_never_looked_up_elsewhere_and_nothing_is_reported() -> None:
    assert environment(args())["HF_HUB_OFFLINE"] == "1"
    assert "HF_HUB_OFFLINE" not in environment(args(weights="Qwen/Qwen3-8B", device="gpu"))
    assert environment(args())["VLLM_NO_USAGE_STATS"] == "1"
    assert environment(args(kv_cache_gb=3))["VLLM_CPU_KVCACHE_SPACE"] == "3"


def test_the_shipped_serve_file_names_what_is_there() -> None:
    content = yaml.safe_load((CONFIGS / "serve_language_model.yaml").read_text())
    (application,) = ServeDeploySchema.model_validate(content).applications
    module, _, name = application.import_path.partition(":")
    assert (module, name, application.route_prefix) == ("serve.hosting.language_model", "build", PREFIX)
    assert LanguageModelArgs.model_validate(application.args).device == "gpu"


def test_the_shipped_settings_of_a_cluster_fit_the_application() -> None:
    args = arguments(load_settings(CONFIGS / "cluster.yaml").language_model)
    assert (args.device, args.weights) == ("gpu", "Qwen/Qwen3-8B")


@pytest.mark.parametrize("wrong", [{"device": "tpu"}, {"replicas": 0}, {"colour": "red"}])
def test_wrong_arguments_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        args(**wrong)
