import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.counts import Doubt, read_count


@pytest.mark.parametrize(
    ("value", "count", "doubt"),
    [
        (7, 7, None),
        ("12", 12, None),
        (12.0, 12, None),
        ("12.0", 12, None),
        ("1,203", 1_203, None),
        ("1.203.456", 1_203_456, None),
        ("1 203", 1_203, None),
        ("1\u202f203", 1_203, None),
        ("٣٤", 34, None),
        ("1.2M", 1_200_000, Doubt.ROUNDED),
        ("1,2m", 1_200_000, Doubt.ROUNDED),
        ("317.4K", 317_400, Doubt.ROUNDED),
        ("12k+", 12_000, Doubt.ROUNDED),
        ("503.2B", 503_200_000_000, Doubt.ROUNDED),
        ("1.2万", 12_000, Doubt.ROUNDED),
        ("3,4 млн", 3_400_000, Doubt.ROUNDED),
        (None, None, None),
        ("", None, None),
        (" ", None, None),
        ("many", None, Doubt.LOST),
        ("-", None, Doubt.LOST),
        (-1, None, Doubt.LOST),
        (True, None, Doubt.LOST),
        (1.5, None, Doubt.LOST),
        ("1.2", None, Doubt.LOST),
        ("1,20", None, Doubt.LOST),
        (2**63, None, Doubt.LOST),
        ("9" * 5000, None, Doubt.LOST),
        (float("nan"), None, Doubt.LOST),
        (float("inf"), None, Doubt.LOST),
        ([], None, Doubt.LOST),
        ({}, None, Doubt.LOST),
    ],
)
def test_counts_are_read_as_they_are_written(value: object, count: int | None, doubt: Doubt | None) -> None:
    assert read_count(value) == (count, doubt)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_any_value_is_a_count_of_64_bits_or_none(value: object) -> None:
    count, doubt = read_count(value)
    assert count is None or (0 <= count < 2**63 and doubt is not Doubt.LOST)
