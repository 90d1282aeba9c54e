import pytest

from core.feature_set_in_use import FEATURE_SET
from serve.feature_words import feature_words

SAME_WORD = {"momentum"}


@pytest.mark.parametrize("name", FEATURE_SET.names)
def test_every_feature_has_words(name: str) -> None:
    words = feature_words(name)
    assert words not in ("", name.replace("_", " ")) or name in SAME_WORD
    assert "_" not in words
    assert len(words) < 60
