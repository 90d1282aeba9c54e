import pytest

from core.feature_set_v2 import V2
from serve.feature_words import feature_words

SAME_WORD = {"momentum"}


@pytest.mark.parametrize("name", V2.names)
def test_every_feature_has_words(name: str) -> None:
    words = feature_words(name)
    assert words not in ("", name.replace("_", " ")) or name in SAME_WORD
    assert "_" not in words
    assert len(words) < 60
