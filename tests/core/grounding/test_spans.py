import pytest

from core.grounding.numbers import parse_numbers
from core.grounding.spans import AHEAD, BACK, EITHER, Span, is_span, spans
from core.grounding.tokens import tokenize


def only_span(text: str) -> Span:
    tokens = tokenize(text)
    [span] = spans(tokens, list(parse_numbers(tokens)))
    return span


@pytest.mark.parametrize(
    ("text", "hours", "direction"),
    [
        ("in the last hour", 1, BACK),
        ("over the past two days", 48, BACK),
        ("within the next 24 hours", 24, AHEAD),
        ("within 6h", 6, EITHER),
        ("since yesterday", 24, BACK),
        ("week over week", 168, BACK),
        ("12k views an hour", 1, EITHER),
    ],
)
def test_a_time_span_has_a_length_and_a_direction(text: str, hours: float, direction: int) -> None:
    span = only_span(text)
    assert span.covers(hours)
    assert not span.covers(hours + 0.5)
    assert span.direction == direction


def test_the_hour_before_is_earlier_and_the_past_hour_is_the_latest() -> None:
    assert only_span("the hour before").earlier
    assert only_span("the past hour").latest
    assert not only_span("an hour").earlier


@pytest.mark.parametrize(("text", "expected"), [("over 36 hours", True), ("a half-life of 36 hours", False)])
def test_some_numbers_of_hours_can_only_be_windows(text: str, expected: bool) -> None:
    tokens = tokenize(text)
    [number] = parse_numbers(tokens)
    assert is_span(tokens, number) is expected
