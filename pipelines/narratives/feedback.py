"""People's decisions about narratives: checked, stored for good and counted by prompt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.evaluation.acceptance import acceptance_figures
from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import violations
from storage.records.interface import Records
from storage.records.rows import KpiRow, NarrativeRow
from storage.records.rows_prompts import Decision, FeedbackRow

PERIOD = timedelta(days=14)
LONGEST_TEXT = 2000
LONGEST_REASON = 500


def decide(
    records: Records, narrative: NarrativeRow, decision: Decision, text: str, reason: str, now: datetime
) -> FeedbackRow:
    """Store a decision durably and return it.

    A person's own text passes the same grounding rules, citing all of the evidence. One that they object to is stored
    too, with what they found: it is shown as a person's word. What makes no sense is a ValueError in one line.
    """
    own, why = _lines(text), " ".join(reason.split())
    judged = latest(records.feedback([narrative.narrative_id])).get(narrative.narrative_id)
    before = judged.text if judged is not None and judged.decision == "EDIT" else narrative.text
    if decision == "EDIT" and not own:
        raise ValueError("an edit needs the edited text")
    if decision == "EDIT" and own == before:
        raise ValueError("the edited text is the same as before: accept it, or change it")
    if decision != "EDIT" and own:
        raise ValueError(f"a text goes with EDIT, not with {decision}")
    if len(own) > LONGEST_TEXT or len(why) > LONGEST_REASON:
        raise ValueError(f"a text may have {LONGEST_TEXT} characters, a reason {LONGEST_REASON}")
    violations = _check(narrative, own or before)
    row = FeedbackRow(
        narrative_id=narrative.narrative_id,
        at=now,
        decision=decision,
        prompt_id=narrative.prompt_version,
        model=narrative.model,
        judged=before,
        text=own,
        reason=why,
        violations=violations,
    )
    records.add_feedback(row)
    return row


def latest(feedback: Sequence[FeedbackRow]) -> dict[str, FeedbackRow]:
    """The decision that counts for each narrative; `feedback` lists the newest first."""
    return {row.narrative_id: row for row in reversed(feedback)}


def acceptance_kpis(records: Records, now: datetime) -> list[KpiRow]:
    """Narrative acceptance and edit share of the last two weeks, of all texts and of each prompt version.

    The row `champion` is that of all texts; the others carry the id of the prompt as their model.
    """
    start = now - PERIOD
    counted = [row for row in latest(records.feedback()).values() if start < row.at <= now]
    groups = {"champion": counted}
    for row in counted:
        groups.setdefault(row.prompt_id, []).append(row)
    return [
        KpiRow(
            computed_at=now,
            period_start=start,
            period_end=now,
            model=model,
            scope="all",
            name=name,
            value=figure.value,
            lower=figure.lower,
            upper=figure.upper,
            n=figure.n,
        )
        for model, rows in groups.items()
        for name, figure in acceptance_figures([(row.at, row.decision) for row in rows]).items()
    ]


def _check(narrative: NarrativeRow, text: str) -> tuple[dict[str, object], ...]:
    evidence = Evidence.from_json(narrative.evidence)
    cites = [metric.id for metric in evidence.metrics]
    return tuple(
        violation.to_json() for violation in violations(CitedText(narrative.narrative_id, text, cites), evidence)
    )


def _lines(text: str) -> str:
    """The text with whitespace collapsed in each line and empty lines removed."""
    return "\n".join(line for part in text.splitlines() if (line := " ".join(part.split())))
