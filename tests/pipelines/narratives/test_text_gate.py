from core.grounding.evidence import CitedText, Evidence, EvidenceMetric
from pipelines.narratives.text_gate import grounded


def test_texts_pass_the_grounding_rules_each_by_its_own_evidence() -> None:
    evidence = Evidence([EvidenceMetric("m1", "a", "probability", 0.5, "ratio", "2025-05-14T23:50:00+00:00")])
    texts = [CitedText(f"n{number}", f"#a: {number} %", ["m1"]) for number in (50, 51)]
    fine, wrong = grounded([(text, evidence) for text in texts])
    assert fine == []
    assert [one.rule for one in wrong] == ["number"]
