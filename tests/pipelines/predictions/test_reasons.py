from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.features import FEATURE_SET
from core.grounding.rules import violations
from models.interface import Contribution
from pipelines.predictions.reasons import distinct, moved_by, reasons

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
VALUES = st.one_of(st.none(), st.just(0.0), st.floats(0, 1))
PART = st.builds(Contribution, st.sampled_from(FEATURE_SET.names), VALUES, st.floats(-3, 3))


@settings(deadline=None)
@given(st.lists(PART, max_size=6, unique_by=lambda part: part.feature))
def test_whatever_moved_it_is_told_in_words_that_pass_the_rules(parts: list[Contribution]) -> None:
    narrative, evidence = reasons("booktok", AT, parts)
    if not any(part.contribution for part in parts):
        assert narrative.text == ""
        assert moved_by("booktok", AT, parts) is None
        return
    assert violations(narrative, evidence) == []
    assert moved_by("booktok", AT, parts) == narrative.text
    assert not any(letter.isdigit() for letter in narrative.text)
    assert len(narrative.cites) == len(evidence.metrics) == len(evidence.drivers) <= 3


def part(feature: str, contribution: float, value: float | None = 0.5) -> Contribution:
    return Contribution(feature, value, contribution)


def test_three_different_things_are_told_by_the_side_they_are_on() -> None:
    parts = [part("gained_24h", 0.9), part("rank_gained_24h", 0.8), part("novelty", -0.5, None),
             part("likes_rate", 0.4),
             part("velocity", 0.3)]  # fmt: skip
    assert [thing.feature for thing in distinct(parts)] == ["gained_24h", "novelty", "likes_rate"]
    assert moved_by("a1", AT, parts) == (
        "For #a1, what speaks for it is its growth over the last day and how much it is liked; "
        "what speaks against it is its novelty (not known)."
    )
    _, evidence = reasons("a1", AT, parts)
    assert [(metric.metric, metric.value, metric.window_h) for metric in evidence.metrics] == [
        ("gained_24h", 0.5, 24.0),
        ("novelty_known", 0.0, 1.0),
        ("likes_rate", 0.5, 1.0),
    ]


@pytest.mark.parametrize("value", [1.5, float("inf")])
def test_an_impossible_value_is_not_told(value: float) -> None:
    assert moved_by("a", AT, [part("likes_rate", 0.9, value)]) is None
