"""A language model's hypotheses about missed surges, as backlog items; it is asked only if there are misses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.grounding.evidence import Evidence, EvidenceMetric, Unit
from core.grounding.rules import TextCheck
from pipelines.improvement.backlog import backlog_row
from pipelines.improvement.misses import Miss, MissCategory
from pipelines.narratives.ask import AnsweredBatch, Case, Statements, ask
from pipelines.narratives.facts import percent
from prompts.llm.interface import LanguageModel
from prompts.prompt import Prompt
from storage.records.rows import BacklogRow, KpiRow

TRIGGER = "LLM suggestion"
PERIOD_H = 336.0


@dataclass(frozen=True)
class _Figure:
    """A figure that success may be measured by: its words, its name in the records, its unit and its decimals."""

    words: str
    name: str
    unit: Unit
    decimals: int


FIGURES = (
    _Figure("precision at ten", "precision_at_10", "ratio", 2),
    _Figure("PR-AUC", "pr_auc", "score", 2),
    _Figure("calibration error", "calibration_error", "score", 3),
    _Figure("median lead time in hours", "lead_time_median_h", "hours", 1),
    _Figure("false surge rate", "false_surge_rate", "ratio", 2),
)


def hypotheses(
    model: LanguageModel,
    prompt: Prompt,
    misses: Sequence[Miss],
    kpis: Sequence[KpiRow],
    check: TextCheck,
    now: datetime,
) -> tuple[list[BacklogRow], AnsweredBatch | None]:
    """Return the model's proposals as backlog items, and all its answers; None if there was nothing to ask.

    A hypothesis may be wrong, but a number, hashtag or name in it has to stand in what the model was shown.
    """
    own = {kpi.name: kpi.value for kpi in kpis if kpi.model == "champion" and kpi.scope == "all"}
    figures = {figure.words: (figure, value) for figure in FIGURES if (value := own.get(figure.name)) is not None}
    if not misses or not figures:
        return [], None
    inputs = {
        "period": "14 days",
        "misses": list(_told(misses)),
        "figures": [f"{words} is {value:.{figure.decimals}f}" for words, (figure, value) in figures.items()],
        "metrics": list(figures),
    }
    case = Case(f"misses@{now:%Y%m%d}", inputs, {"metrics": list(figures)}, _evidence(misses, figures, now))
    batch = ask(model, prompt, [case], check, extract=_hypotheses_in)
    answer = batch.accepted().get(case.id)
    if answer is None:
        return [], batch
    assert answer.value is not None
    return [_row(item, figures[item["success_metric"]], now) for item in answer.value["items"]], batch


def _hypotheses_in(case: Case, value: Any) -> Statements:
    cites = tuple(metric.id for metric in case.evidence.metrics)
    for item in value["items"]:
        yield f"{item['title']}. {item['hypothesis']}", cites


def _row(item: dict[str, Any], measured: tuple[_Figure, float], now: datetime) -> BacklogRow:
    figure, value = measured
    target = f"{item['direction']} than {value:.{figure.decimals}f}"
    title, story = (" ".join(item[name].split()) for name in ("title", "hypothesis"))
    return backlog_row(now, title, item["category"], TRIGGER, story, figure.words, target, item["owner"])


def _told(misses: Sequence[Miss]) -> list[str]:
    """The misses by category, most frequent first, each with the one that grew most."""
    lines = []
    for category in MissCategory:
        mine = [miss for miss in misses if miss.category is category]
        if mine:
            worst = max(mine, key=lambda miss: miss.growth_24h)
            chance, unknown = percent(worst.probability), percent(worst.missing_share)
            example = f"such as #{worst.hashtag}: chance {chance}, {unknown} of its features unknown"
            lines.append((len(mine), f"{len(mine)} by {category.value}; {example}"))
    return [line for _, line in sorted(lines, reverse=True)]


def _evidence(misses: Sequence[Miss], figures: dict[str, tuple[_Figure, float]], now: datetime) -> Evidence:
    ends, tag = now.isoformat(), misses[0].hashtag
    metrics = [
        EvidenceMetric(figure.name, tag, figure.name, round(value, figure.decimals), figure.unit, ends, PERIOD_H)
        for figure, value in figures.values()
    ]
    for category in MissCategory:
        count = sum(miss.category is category for miss in misses)
        metrics.append(EvidenceMetric(f"misses {category.name}", tag, "misses", float(count), "count", ends, PERIOD_H))
    for place, miss in enumerate(misses):
        metrics.append(
            EvidenceMetric(f"p{place}", miss.hashtag, "probability", miss.probability, "ratio", ends, PERIOD_H)
        )
        metrics.append(
            EvidenceMetric(f"u{place}", miss.hashtag, "unknown_share", miss.missing_share, "ratio", ends, PERIOD_H)
        )
    return Evidence(metrics, drivers=[metric.id for metric in metrics])
