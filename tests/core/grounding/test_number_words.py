import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.grounding.printed_numbers import in_words
from core.grounding.number_words import number_in_words
from core.grounding.tokens import tokenize


@settings(deadline=None)
@given(st.integers(0, 999_999_999))
def test_every_whole_number_in_words_is_read_back(value: int) -> None:
    tokens = tokenize(in_words(value))
    number = number_in_words(tokens, 0)
    assert number is not None
    assert (number.value, number.end) == (value, len(tokens))


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("twelve thousand", 12_000, 11_500, 12_500),
        ("two point five million", 2_500_000, 2_450_000, 2_550_000),
        ("three and a half thousand", 3_500, 3_250, 3_750),
        ("a couple dozen", 24, 23.5, 24.5),
        ("dozens of", 24, 24, 200),
        ("double-digit percent", 10, 10, 99.999),
        ("half", 0.5, 0.45, 0.55),
    ],
)
def test_the_last_word_of_a_number_is_its_precision(text: str, value: float, low: float, high: float) -> None:
    number = number_in_words(tokenize(text), 0)
    assert number is not None
    assert (number.value, number.low, number.high) == pytest.approx((value, low, high))


@pytest.mark.parametrize("text", ["half-life", "a third time", "dozens", "halves every day", "view"])
def test_other_words_are_no_number(text: str) -> None:
    assert number_in_words(tokenize(text), 0) is None
