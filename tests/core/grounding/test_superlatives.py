import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import (
    BOOK,
    PADEL_FIRST,
    RANKED,
    SLOWING,
    UNRANKED,
    VINYL_AND_PADEL,
    check_sentence,
    sentences,
)

CASES = [
    *sentences(
        BOOK,
        [
            ("It ranks third.", ""),
            ("#booktok is ranked 3rd on the list.", ""),
            ("It sits at no. 3.", ""),
            ("#3 on the list: #booktok.", ""),
            ("#booktok is in the top 5.", ""),
            ("Among the top hashtags, #booktok ranks third.", ""),
            ("#booktok is the fastest hashtag with 12k views in the last hour.", "superlative"),
            ("#booktok has the most views, 12k in the last hour.", "superlative"),
            ("A record 12k views in the last hour.", "superlative"),
            ("Unprecedented: 12k views in the last hour.", "superlative"),
            ("It is the biggest mover, at rank 3.", "superlative"),
            ("It tops the list with 12k views in the last hour.", "superlative"),
            ("It has 12k views in the last hour, more than any other.", "superlative"),
        ],
    ),
    *sentences(
        UNRANKED,
        [
            ("#booktok is the #1 trend with 12k views in the last hour.", "superlative"),
        ],
    ),
    *sentences(
        VINYL_AND_PADEL,
        [
            ("No other hashtag grew more.", "superlative"),
            ("#vinyl gained 1.2M views; none gained more.", "superlative"),
            ("Nothing else comes close to #vinyl.", "superlative"),
        ],
    ),
    *sentences(
        RANKED,
        [
            ("#vinyl ranks first, #padel fourth.", ""),
            ("#vinyl ranks first. No other hashtag gained more views.", ""),
            ("No other hashtag ranks higher than #vinyl.", ""),
            ("#padel sits at rank 4, three places behind #vinyl.", ""),
            ("#vinyl gained the most views.", ""),
            ("#padel ranks first, #vinyl fourth.", "name"),
            ("#padel gained 302k views. No other hashtag gained more.", "superlative"),
            ("#padel sits at rank 4, two places behind #vinyl.", "number"),
            ("Most views went to #padel.", "superlative"),
        ],
    ),
    *sentences(
        PADEL_FIRST,
        [
            ("#padel ranks first. No other hashtag gained more views.", "superlative"),
        ],
    ),
    *sentences(
        SLOWING,
        [
            ("It is ranked 41, so outside the top 40.", ""),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_superlative_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)
