import pytest

from core.grounding.tokens import tokenize
from core.grounding.vocabulary import BEATS, COMPARATIVES, DIRECTIONS, DOWN, TERMS, UP


@pytest.mark.parametrize(
    ("text", "signs"),
    [("climbing", [UP]), ("losing steam", [DOWN]), ("📉", [DOWN]), ("below its norm", [DOWN]), ("follow up", [0])],
)
def test_words_of_direction_have_a_sign_and_idioms_have_none(text: str, signs: list[int]) -> None:
    assert [sign for _, _, sign in DIRECTIONS.find(tokenize(text))] == signs


def test_a_word_that_beats_or_trails_is_no_amount() -> None:
    assert BEATS.keys() & COMPARATIVES.keys() == {"lead"}
    assert set(BEATS.values()) == {UP, DOWN}


def test_terms_name_topics() -> None:
    topics = [topics for _, _, topics in TERMS.find(tokenize("total views, new posts and a z-score"))]
    assert topics == [{"views", "total"}, {"videos", "new"}, {"z"}]
