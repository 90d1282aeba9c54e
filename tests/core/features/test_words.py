import pytest

from core.features import FEATURE_SET
from core.features.words import feature_words, plain_words

SAME_WORD = {"momentum"}


@pytest.mark.parametrize("name", FEATURE_SET.names)
def test_every_feature_has_words(name: str) -> None:
    words = feature_words(name)
    assert words not in ("", name.replace("_", " ")) or name in SAME_WORD
    assert "_" not in words
    assert len(words) < 60


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("gained_168h_log", "its growth over the last week"),
        ("gained_3h", "its growth over the last hours"),
        ("gained_24h_before", "its growth the day before"),
        ("rank_gained_24h", "its growth over the last day compared with others"),
        ("novelty_mean_12", "its novelty"),
        ("something_else_2", "its something else"),
    ],
)
def test_features_are_named_without_digits(feature: str, words: str) -> None:
    assert plain_words(feature) == words


def test_every_feature_of_the_set_has_words_of_its_own_and_no_digits() -> None:
    words_of = {feature.name: plain_words(feature.name) for feature in FEATURE_SET.features}
    assert not [name for name, words in words_of.items() if any(letter.isdigit() for letter in words)]
    assert not [name for name, words in words_of.items() if "_" in name and words == "its " + name.replace("_", " ")]
