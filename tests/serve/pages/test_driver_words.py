import math

import pytest

from core.features import FEATURE_SET
from serve.pages.driver_words import driver_words


@pytest.mark.parametrize("name", FEATURE_SET.names)
@pytest.mark.parametrize("value", [None, math.nan, 0.0, 0.37, 12.0])
def test_every_feature_can_be_told_with_any_value(name: str, value: float | None) -> None:
    words = driver_words(name, value)
    assert "_" not in words
    assert len(words) < 80
    assert words.endswith("unknown") == (value is None or math.isnan(value))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("gained_6h_log", math.log1p(13_400), "13K views gained in 6 h"),
        ("rank_gained_24h", 0.97, "views gained in a day above 97 % of all"),
        ("velocity", -0.4, "speed of growth −40 %"),
        ("unique_creators", 7.0, "7 creators taking part"),
        ("days_since_top", 3.0, "time since its last surge 3 days"),
    ],
)
def test_it_is_told_in_its_own_unit(name: str, value: float, words: str) -> None:
    assert driver_words(name, value).replace("\u202f", " ") == words
