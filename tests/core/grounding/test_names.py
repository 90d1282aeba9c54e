import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import BOOK, DRIVEN, broken_rules, check_sentence, metric, sentences

CASES = [
    *sentences(
        BOOK,
        [
            ("#gymtok gained 12k views in the last hour.", "name"),
            ("GYMTOK +12.3k views (1h)", "name"),
            ("@somebody and 14 creators posted in the last hour.", "name"),
            ('14 creators use "Neon Sky" in the last hour.', "name"),
            ("14 creators use the sound Neon Sky in the last hour.", "name"),
            ("14 creators posted, with Taylor Swift among them.", "name"),
            ("14 creators posted, led on by creator Mia Lorenz.", "name"),
        ],
    ),
    *sentences(
        DRIVEN,
        [
            ('People use "Espresso Run", 12k views in the last hour.', ""),
            ("@lena_bakes is one of the 14 creators.", ""),
            ('People use "Espresso Walk", 12k views in the last hour.', "name"),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_name_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)


def test_only_names_of_the_evidence_may_be_named() -> None:
    assert broken_rules("#BookTok has 7 posts.", metric("volume", 7)) == []
    assert set(broken_rules("#other has 7 posts.", metric("volume", 7))) == {"name"}
    assert broken_rules("@someone has 7 posts.", metric("volume", 7)) == ["name"]
