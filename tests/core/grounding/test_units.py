import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import (
    BOOK,
    GYM,
    MISSES,
    SLOWING,
    TWO_DAYS,
    check_sentence,
    sentences,
)

CASES = [
    *sentences(
        BOOK,
        [
            ("Fourteen creators posted under #booktok in the last hour.", ""),
            ("72 % of its leading creators and sounds are new.", ""),
            ("Nearly three quarters of its leading creators and sounds are new.", ""),
            ("Engagement is 4.5 %.", ""),
            ("An engagement rate of 4.5 per cent.", ""),
            ("Engagement efficiency came in at 0.045.", ""),
            ("The half-life of its engagement is 36 hours.", ""),
            ("Engagement halves every 36 hours.", ""),
            ("The half-life is 1.5 days.", ""),
            ("Momentum of 0.83.", ""),
            ("23 new videos were posted in the last hour.", ""),
            ("A third of its creators are new.", "unit"),
            ("One in five of its creators is new.", "unit"),
            ("It gained $12k.", "unit"),
            ("#booktok gained 12k likes in the last hour.", "unit"),
            ("#booktok gained 12k creators in the last hour.", "unit"),
            ("#booktok gained 12k followers in the last hour.", "unit"),
            ("14 videos in the last hour.", "unit"),
            ("14 sounds in the last hour.", "unit"),
            ("14 views in the last hour.", "unit"),
            ("Creators: 12,340.", "unit"),
            ("23 creators posted.", "unit"),
            ("14 new videos.", "unit"),
            ("Views: 14.", "unit"),
            ("Momentum is 35 %.", "unit"),
            ("Novelty is 83 %.", "unit"),
            ("Acceleration is 0.35.", "unit"),
            ("4.5 % of its creators and sounds are new.", "unit"),
            ("71 % of its views are new.", "unit"),
            ("Engagement is 72 %.", "unit"),
        ],
    ),
    *sentences(
        GYM,
        [
            ("Creator dispersion: 6.4 %.", "unit"),
            ("Dispersion of likes: 90 %.", "unit"),
        ],
    ),
    *sentences(
        TWO_DAYS,
        [
            ("The likes rate doubled to 12 %.", "unit"),
        ],
    ),
    *sentences(
        SLOWING,
        [
            ("31 % of its views are new.", "unit"),
        ],
    ),
    *sentences(
        MISSES,
        [
            ("The 3 surges that were detected late shared a sound.", ""),
            ("Three missed surges.", ""),
            ("The 14 surges that were detected late shared a sound.", "unit"),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_what_a_number_counts_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)
