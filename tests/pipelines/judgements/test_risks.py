from typing import Any

import pytest

from core.grounding.evidence import CitedText
from core.grounding.rules import violations
from core.judgements.boosting import SIGNALS
from pipelines.judgements.risks import evidence_of, facts_of, words
from storage.records.rows_judgements import RiskRow
from tests.core.judgements.test_boosting import AT

MEASURES = list(dict.fromkeys(signal.measure for signal in SIGNALS))
TALLIES = {"videos", "span_h", "videos_per_creator"}


def found(factor: float) -> list[dict[str, Any]]:
    """Every signal with a figure so many times its limit; shares stay shares, and one figure has one value."""
    limits = {signal.measure: signal.limit for signal in reversed(SIGNALS)}
    values = {name: limit * factor if name in TALLIES else min(limit * factor, 1.0) for name, limit in limits.items()}
    return [{"name": signal.name, "value": values[signal.measure], "fired": True} for signal in SIGNALS]


@pytest.mark.parametrize("factor", [0.0, 0.31, 1.0, 1.37, 4.0])
def test_whatever_the_rule_can_write_passes_the_grounding_rules(factor: float) -> None:
    signals = found(factor)
    evidence = evidence_of("gym", AT, signals)
    facts = facts_of(RiskRow(at=AT, hashtag="gym", flagged=True, score=0.75, signals=signals))
    assert [metric.metric for metric in evidence.metrics] == MEASURES
    statements = [(fact["text"], [fact["id"]]) for fact in facts]
    statements.append(("; ".join(text for text, _ in statements), [ident for _, ids in statements for ident in ids]))
    for text, cites in statements:
        for sentence in (text, f"#gym: {text}.", f"{text[0].upper()}{text[1:]}."):
            assert violations(CitedText("n", sentence, cites), evidence) == [], sentence


def test_a_fact_with_another_figure_is_refused() -> None:
    signals = found(1.37)
    evidence = evidence_of("gym", AT, signals)
    by_name = {metric.metric: metric for metric in evidence.metrics}
    for signal in SIGNALS:
        metric = by_name[signal.measure]
        assert violations(CitedText("n", words(signal, metric.value + 17), [metric.id]), evidence)
