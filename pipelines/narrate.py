"""Explains the best-ranked predictions in words whose every number can be traced to the evidence stored beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
import polars as pl
from jinja2 import Environment, StrictUndefined, Template

from core.grounding import Violation, violations
from core.grounding_evidence import Evidence, Metric, Narrative, Unit
from pipelines.narrate_facts import Fact, Printer, compact, hours, percent, whole
from pipelines.narrate_words import plain_words
from prompts.prompt import Prompt
from storage.records.rows import NarrativeRow

HORIZON_H = 24.0
HOUR_MIN = 60
TOP = 10
REASONS = 2
# From clipping on, a figure only says "at least": it is no longer printed.
CLIPPED = {"velocity": 10.0}

Texts = Sequence[tuple[Narrative, Evidence]]
Check = Callable[[Texts], list[list[Violation]]]


@dataclass(frozen=True)
class _Printed:
    """An input of the prompt: the column it comes from, its unit and how it is printed."""

    column: str
    unit: Unit
    printer: Printer


OF_PREDICTION = {
    "probability": _Printed("probability", "ratio", percent),
    "rank": _Printed("rank", "count", whole),
}
OF_METRICS = {
    "views_gained": _Printed("views_gained", "count", compact),
    "velocity": _Printed("velocity", "ratio", percent),
    "creators": _Printed("unique_creators", "count", whole),
    "novelty": _Printed("novelty", "ratio", percent),
    "engagement": _Printed("engagement_efficiency", "ratio", percent),
}


def grounded(texts: Texts) -> list[list[Violation]]:
    """The violations of each text, by the rules of `core.grounding`."""
    return [violations(narrative, evidence) for narrative, evidence in texts]


def narrate(
    at: datetime,
    predictions: pl.DataFrame,
    metrics: pl.DataFrame,
    prompt: Prompt,
    top: int = TOP,
    check: Check = grounded,
) -> list[NarrativeRow]:
    """Return a narrative for each of the `top` ranked predictions, best first.

    Parameters
    ----------
    at: time of the predictions
    predictions: rows of table `predictions` at `at`, of the champion
    metrics: rows of table `hashtag_metrics` of the windows that end at `at`; those of an hour are told
    prompt: the template
    check: the gate; a text it finds anything wrong with has status `rejected` and is not to be shown
    """
    ranked = predictions.filter(pl.col("rank").is_not_null()).sort("rank", "hashtag").head(top)
    hourly = metrics.filter(pl.col("window_length") == HOUR_MIN, pl.col("hashtag").is_in(ranked["hashtag"].implode()))
    measured = {row["hashtag"]: row for row in hourly.iter_rows(named=True)}
    drafts = [_draft(at, row, measured.get(row["hashtag"], {}), prompt) for row in ranked.iter_rows(named=True)]
    found = [wrong + _too_long(draft, prompt) for wrong, (draft, _) in zip(check(drafts), drafts, strict=True)]
    return [
        NarrativeRow(
            narrative_id=narrative.id,
            at=at,
            hashtag=hashtag,
            text=narrative.text,
            cites=tuple(narrative.cites),
            status="rejected" if wrong else "template",
            prompt_version=prompt.id,
            violations=tuple(one.to_json() for one in wrong),
            evidence=evidence.to_json(),
        )
        for hashtag, (narrative, evidence), wrong in zip(ranked["hashtag"], drafts, found, strict=True)
    ]


def _too_long(narrative: Narrative, prompt: Prompt) -> list[Violation]:
    most, length = prompt.limits["characters"], len(narrative.text)
    return [Violation("limit", (most, length), f"{length} characters, at most {most}")] if length > most else []


def _draft(
    at: datetime, prediction: Mapping[str, Any], measured: Mapping[str, Any], prompt: Prompt
) -> tuple[Narrative, Evidence]:
    tag = prediction["hashtag"]
    cites: list[str] = []
    facts = _facts(tag, at, prediction, measured, cites)
    reasons = _reasons(tag, at, prediction.get("contributions"), cites)
    inputs: dict[str, Any] = {"tag": tag, "reasons": reasons}
    for name in prompt.inputs:
        inputs.setdefault(name, facts.get(name))
    text = " ".join(_template(prompt.text).render(inputs).split())
    metrics = [fact.metric for fact in (*facts.values(), *reasons)]
    evidence = Evidence(metrics, drivers=[fact.metric.id for fact in reasons])
    return Narrative(f"{tag}@{at:%Y%m%dT%H%M}Z", text, cites), evidence


def _facts(
    tag: str, at: datetime, prediction: Mapping[str, Any], measured: Mapping[str, Any], cites: list[str]
) -> dict[str, Fact]:
    """The facts there are, by input name."""
    found: dict[str, Fact] = {}
    rows = ((OF_PREDICTION, prediction, HORIZON_H), (OF_METRICS, measured, HOUR_MIN / 60))
    for printed, row, window_h in rows:
        for name, one in printed.items():
            value = row.get(one.column)
            if value is None or abs(value) >= CLIPPED.get(name, float("inf")):
                continue
            metric = Metric(f"m{len(found) + 1}", tag, one.column, float(value), one.unit, at.isoformat(), window_h)
            found[name] = Fact(metric, one.printer(value), cites)
    horizon = Metric(f"m{len(found) + 1}", tag, "horizon", HORIZON_H, "hours", at.isoformat(), HORIZON_H)
    return found | {"horizon": Fact(horizon, hours(HORIZON_H), cites)}


def _reasons(tag: str, at: datetime, contributions: str | None, cites: list[str]) -> list[Fact]:
    """What speaks most for the prediction, in plain words, each with its feature's value as evidence."""
    told: dict[str, Fact] = {}
    for part in orjson.loads(contributions or "[]"):
        words = plain_words(part["feature"])
        if part["contribution"] > 0 and part["value"] is not None and words not in told and len(told) < REASONS:
            metric = Metric(f"d{len(told) + 1}", tag, part["feature"], float(part["value"]), "score", at.isoformat())
            told[words] = Fact(metric, words, cites)
    return list(told.values())


@cache
def _template(text: str) -> Template:
    return Environment(undefined=StrictUndefined, autoescape=False).from_string(text)
