"""An embedder of names without a trained model: hashed character n-grams, projected at random."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from core.themes.co_use import Floats, unit_rows
from core.themes.name_words import plain

FEATURES = 2**13
DIMENSIONS = 64


class NameNgrams:
    """Embeds names by their runs of three to five letters, without accents (as Bojanowski et al. 2017, untrained)."""

    name = "name-ngrams"
    captions = 0

    def __init__(self) -> None:
        self._cut = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=FEATURES)
        self._project = np.random.default_rng(0).standard_normal((FEATURES, DIMENSIONS)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Floats:
        """See `Embedder.embed`."""
        cut = self._cut.transform(["".join(plain(text).split()) for text in texts])
        return unit_rows(cut @ self._project)
