from core.grounding.numbers import numbers
from tests.core.grounding.sentences import broken_rules, metric


def test_digits_of_a_hashtag_are_no_number() -> None:
    assert broken_rules("#top10 has 7 posts.", metric("volume", 7, tag="top10")) == []
    assert broken_rules("#2025 has 7 posts.", metric("volume", 7, tag="2025")) == []
    assert list(numbers("#top10 #f1 x9 v2.0")) == []
    assert [number.kind for number in numbers("#1 on the list")] == ["rank"]
