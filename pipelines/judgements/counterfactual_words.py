"""Counterfactuals in words that pass the grounding rules, as rows of the records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.grounding.evidence import CitedText, Evidence, EvidenceMetric
from core.grounding.rules import TextCheck
from pipelines.judgements.counterfactuals import Counterfactual
from pipelines.narratives.facts import Fact, Printer, percent, whole
from prompts.llm.asking import render
from prompts.prompt import Prompt
from storage.records.rows_judgements import CounterfactualRow

HORIZON_H = 24.0


def counterfactual_rows(
    at: datetime, counterfactuals: Sequence[Counterfactual], model_id: str, prompt: Prompt, check: TextCheck
) -> list[CounterfactualRow]:
    """Return a row for each counterfactual whose printed figures differ.

    Parameters
    ----------
    model_id: the model that was asked
    prompt: the template
    check: the gate; a text with any violation gets the status `rejected` and must not be shown
    """
    drafts = [(counterfactual, *draft(at, counterfactual, prompt)) for counterfactual in counterfactuals]
    shown = [(counterfactual, text, evidence) for counterfactual, text, evidence in drafts if text.text]
    wrong = check([(text, evidence) for _, text, evidence in shown])
    return [
        CounterfactualRow(
            at=at,
            hashtag=counterfactual.hashtag,
            model_id=model_id,
            feature=counterfactual.perturbation.feature,
            value_from=counterfactual.value_from,
            value_to=counterfactual.value_to,
            moved=dict(counterfactual.moved),
            probability_from=counterfactual.probability_from,
            probability_to=counterfactual.probability_to,
            text=text.text,
            cites=tuple(text.cites),
            status="rejected" if problems or len(text.text) > prompt.limits["characters"] else "template",
            prompt_version=prompt.id,
            evidence=evidence.to_json(),
        )
        for (counterfactual, text, evidence), problems in zip(shown, wrong, strict=True)
    ]


def draft(at: datetime, counterfactual: Counterfactual, prompt: Prompt) -> tuple[CitedText, Evidence]:
    """Return the sentence and its evidence; the sentence is empty if rounding hides the change."""
    facts = facts_of(at, counterfactual)
    cites = next(iter(facts.values())).cites
    cites.append(facts["change"].metric.id)
    inputs: dict[str, Any] = {"tag": counterfactual.hashtag, "words": counterfactual.perturbation.words, **facts}
    text = " ".join(render(prompt.text, inputs).split())
    shown = all(facts[f"{name}before"].words != facts[f"{name}after"].words for name in ("", "probability_"))
    name = f"{counterfactual.hashtag}@{at:%Y%m%dT%H%M}Z/{counterfactual.perturbation.feature}"
    return CitedText(name, text if shown else "", cites), Evidence([fact.metric for fact in facts.values()])


def facts_of(at: datetime, counterfactual: Counterfactual) -> dict[str, Fact]:
    """The figures of a counterfactual by the template's names."""
    cites: list[str] = []
    unit, printer = ("count", whole) if counterfactual.perturbation.whole else ("ratio", share)
    feature, moved = counterfactual.perturbation.feature, counterfactual.value_to - counterfactual.value_from

    def fact(name: str, metric: str, value: float, kind: Any, printed: Printer, window_h: float) -> Fact:
        return Fact(
            EvidenceMetric(name, counterfactual.hashtag, metric, value, kind, at.isoformat(), window_h),
            printed(value),
            cites,
        )

    return {
        "before": fact("v1", feature, counterfactual.value_from, unit, printer, 1.0),
        "after": fact("v2", f"{feature}_what_if", counterfactual.value_to, unit, printer, 1.0),
        "change": fact("v3", f"change_{feature}", moved, unit, printer, 1.0),
        "probability_before": fact("p1", "probability", counterfactual.probability_from, "ratio", percent, HORIZON_H),
        "probability_after": fact(
            "p2", "probability_what_if", counterfactual.probability_to, "ratio", percent, HORIZON_H
        ),
    }


def share(value: float) -> str:
    """Print a share with a decimal.

    Examples
    --------
    >>> share(0.0442), share(1.0)
    ('4.4 %', '100.0 %')
    """
    return f"{100 * abs(value):.1f} %"
