import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import BOOK, DRIVEN, check_sentence, sentences

CASES = [
    *sentences(
        BOOK,
        [
            ("It gained 12k views because a star posted it.", "cause"),
            ("It gained 12k views thanks to 14 creators.", "cause"),
            ("It gained 12k views, driven by a viral dance.", "cause"),
            ("14 creators posted, which led to 12k views.", "cause"),
        ],
    ),
    *sentences(
        DRIVEN,
        [
            ("It gained 12k views in the last hour, driven by its novelty of 72 %.", ""),
            ("It gained 12k views in the last hour because 72 % of its leading creators and sounds are new.", ""),
            ("Novelty drives it: 72 %.", ""),
            ("It gained 12k views in the last hour, driven by a celebrity.", "cause"),
            ("It gained 12k views in the last hour, thanks to its engagement of 4.5 %.", "cause"),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_cause_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)
