import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import (
    BOOK,
    GYM,
    SLOWING,
    TWO_DAYS,
    TWO_HOURS,
    check_sentence,
    sentences,
)

CASES = [
    *sentences(
        BOOK,
        [
            ("#booktok gained 12,340 views in the past hour.", ""),
            ("#booktok gained 12.34k views over the last 60 minutes.", ""),
            ("The model gives it a 71 % chance to surge within 24 hours.", ""),
            ("Probability of a surge in the next day: 71.3 %.", ""),
            ("It is expected to grow 40 % (median) over the next 24 hours.", ""),
            ("It gained 12k views between 09:00 and 10:00.", ""),
            ("In the hour to 2025-05-14 10:00 it gained 12k views.", ""),
            ("On Wednesday it gained 12k views in an hour.", ""),
            ("#booktok gained 12k views in the last day.", "time"),
            ("#booktok gained 12k views in the past six hours.", "time"),
            ("#booktok gained 12k views this week.", "time"),
            ("#booktok gained 12k views since yesterday.", "time"),
            ("#booktok gained 12k views today.", "time"),
            ("#booktok gained 12k views overnight.", "time"),
            ("#booktok gained 12k views over 24 hours.", "time"),
            ("#booktok gained 12k views (24h).", "time"),
            ("#booktok +12k views/24h.", "time"),
            ("#booktok gained 12k views daily.", "time"),
            ("#booktok will gain 12k views in the next hour.", "time"),
            ("Views are growing 35 % faster than the day before.", "time"),
            ("Week over week it is up 35 %.", "time"),
            ("It has a 71 % chance to surge within 48 hours.", "time"),
            ("It has a 71 % chance to surge within the hour.", "time"),
            ("It gained 12k views between 08:00 and 12:00.", "time"),
            ("On Monday it gained 12k views in an hour.", "time"),
            ("On 2025-05-15 it gained 12k views in an hour.", "time"),
        ],
    ),
    *sentences(
        GYM,
        [
            ("Two hundred and five creators took part in the last day.", ""),
            ("Daily views: 8,200.", ""),
            ("The likes rate is 6.4 %, with 205 creators in the last twenty-four hours.", ""),
            ("#gymtok gained eight thousand views since yesterday.", ""),
            ("#gymtok gained 8.2k views in the past hour.", "time"),
            ("Hourly views: 8,200.", "time"),
        ],
    ),
    *sentences(
        TWO_HOURS,
        [
            ("It gained 12k views in the last hour and 150k over the past day.", ""),
            ("Views climbed to 12k.", ""),
            ("It gained 12k views in the last hour and 150k over the past week.", "time"),
            ("It gained 12k views in the last day and 150k over the past day.", "time"),
            ("It gained 150k views in the last hour.", "time"),
        ],
    ),
    *sentences(
        TWO_DAYS,
        [
            ("500 creators posted in the last 24 hours.", "time"),
            ("The day before saw 640k views.", "time"),
        ],
    ),
    *sentences(
        SLOWING,
        [
            ("A surge within the next 24 hours looks unlikely, at 7 %.", ""),
            ("The last hour brought 7.8k views, about 3 % of the 240k of the last 24 hours.", ""),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_time_span_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)
