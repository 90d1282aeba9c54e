"""Explains the best-ranked predictions in bullets; the evidence stored with them backs every number."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import TextCheck, Violation, grounded
from pipelines.narratives.evidence import Bullet, Subject, bullets_of
from prompts.prompt import Prompt
from storage.records.rows import NarrativeRow, NarrativeStatus
from storage.records.rows_prompts import PromptUseRow

HOUR_MIN = 60
TOP = 20


def subjects(at: datetime, predictions: pl.DataFrame, metrics: pl.DataFrame, top: int = TOP) -> list[Subject]:
    """Return the `top` ranked hashtags with their measurements, best first.

    Parameters
    ----------
    at: time of the predictions
    predictions: rows of table `predictions` at `at`, of the champion
    metrics: rows of table `hashtag_metrics` of the windows that end at `at`; only those of an hour are used
    """
    ranked = predictions.filter(pl.col("rank").is_not_null()).sort("rank", "hashtag").head(top)
    hourly = metrics.filter(pl.col("window_length") == HOUR_MIN, pl.col("hashtag").is_in(ranked["hashtag"].implode()))
    measured = {row["hashtag"]: row for row in hourly.iter_rows(named=True)}
    return [Subject(row["hashtag"], at, row, measured.get(row["hashtag"], {})) for row in ranked.iter_rows(named=True)]


def narrate(subjects: Sequence[Subject], prompt: Prompt, check: TextCheck = grounded) -> list[NarrativeRow]:
    """Return a narrative for each hashtag, the template filled in from the figures.

    Parameters
    ----------
    prompt: the template
    check: the gate; a text with any violation gets the status `rejected` and must not be shown
    """
    drafts = []
    for subject in subjects:
        bullets, evidence = bullets_of(prompt, subject)
        kept = bullets[: prompt.limits["bullets"]]
        drafts.append((subject, kept, evidence))
    violations = check([(narrative_of(subject, bullets), evidence) for subject, bullets, evidence in drafts])
    rows = []
    for (subject, bullets, evidence), wrong in zip(drafts, violations, strict=True):
        row = narrative_row(subject, bullets, evidence, prompt, wrong + _too_long(bullets, prompt))
        rows.append(row)
    return rows


def narrative_of(subject: Subject, bullets: Sequence[Bullet]) -> CitedText:
    """The bullets as one text, one per line, with all their citations."""
    cites = dict.fromkeys(cite for bullet in bullets for cite in bullet.cites)
    return CitedText(subject.narrative_id, "\n".join(bullet.text for bullet in bullets), tuple(cites))


def narrative_row(
    subject: Subject,
    bullets: Sequence[Bullet],
    evidence: Evidence,
    prompt: Prompt,
    wrong: Sequence[Violation] = (),
    model: str = "",
) -> NarrativeRow:
    """The row of a narrative; `model` names the language model that wrote it, empty for the template."""
    text = narrative_of(subject, bullets)
    fine: NarrativeStatus = "accepted" if model else "template"
    return NarrativeRow(
        narrative_id=text.id,
        at=subject.at,
        hashtag=subject.hashtag,
        text=text.text,
        cites=tuple(text.cites),
        status="rejected" if wrong else fine,
        prompt_version=prompt.id,
        violations=tuple(violation.to_json() for violation in wrong),
        evidence=evidence.to_json(),
        bullets=tuple(bullet.to_json() for bullet in bullets),
        model=model,
    )


def template_use(rows: Sequence[NarrativeRow], prompt: Prompt, at: datetime) -> PromptUseRow:
    """Counts of the template's accepted and refused narratives at a time."""
    refused = [row for row in rows if row.status == "rejected"]
    rules = [str(violation["rule"]) for row in refused for violation in row.violations]
    counts = {rule: rules.count(rule) for rule in dict.fromkeys(rules)}
    return PromptUseRow(
        prompt_id=prompt.id,
        at=at,
        model="",
        asked=len(rows),
        accepted=len(rows) - len(refused),
        refused=len(refused),
        unanswered=0,
        violations=counts,
    )


def _too_long(bullets: Sequence[Bullet], prompt: Prompt) -> list[Violation]:
    most, length = prompt.limits["characters"], sum(len(bullet.text) + 1 for bullet in bullets) - 1
    return [Violation("limit", (most, length), f"{length} characters, at most {most}")] if length > most else []
