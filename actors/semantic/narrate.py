"""The Semantic agent's hourly narratives: filled in from the figures, then written by the language model."""

from datetime import timedelta

from actors.runtime.agent import JobCall, JobReport
from actors.runtime.handoff import gather
from actors.semantic.context import MODEL_STATE, NO_MODEL, PLAYED, Desk
from pipelines.narratives.ask import keep_answers
from pipelines.narratives.context import with_context
from pipelines.narratives.evidence import Subject
from pipelines.narratives.model import narrate_by_model
from pipelines.narratives.narrate import narrate, subjects, template_use
from pipelines.narratives.prompts_in_use import prompt_in_use

HOUR = timedelta(hours=1)
TEMPLATE = "narrative_template"


def narrate_leaders(call: JobCall, desk: Desk) -> JobReport:
    """Narrate the best-ranked predictions of the slot from the template; those texts stand at once."""
    template = prompt_in_use(desk.records, TEMPLATE, call.now)
    rows = narrate(_leaders(call, desk), template, desk.gate.check_texts)
    desk.records.put_narratives(call.slot, rows)
    desk.records.put_prompt_use(template_use(rows, template, call.slot))
    if (desk.records.value(MODEL_STATE) or {"model": ""})["model"] != desk.model_name:
        desk.note_model("", call.now)
    rejected = sum(row.status == "rejected" for row in rows)
    summary = {"narratives": len(rows), "rejected": rejected, "prompt": template.id}
    return JobReport(summary, call.handoffs)


def write_narratives(call: JobCall, desk: Desk) -> JobReport:
    """Have the language model write the narratives of the slot; where it fails, and where people judged, they stay."""
    if desk.model is None:
        return JobReport({"written": 0, "reason": NO_MODEL})
    if call.slot < desk.installation.history_ends:
        return JobReport({"written": 0, "reason": PLAYED})
    prompt, template = (prompt_in_use(desk.records, name, call.now) for name in ("narrative", TEMPLATE))
    templates = desk.records.narratives(at=call.slot)
    judged = {one.narrative_id for one in desk.records.feedback([row.narrative_id for row in templates])}
    leaders = [subject for subject in _leaders(call, desk) if subject.narrative_id not in judged]
    rows, asked = narrate_by_model(desk.model, prompt, template, leaders, templates, desk.gate.check_texts)
    desk.records.put_narratives(call.slot, rows)
    use = keep_answers(desk.records, asked, call.slot, call.now)
    desk.note_model(asked.silence, call.now)
    counts = {name: getattr(use, name) for name in ("asked", "accepted", "refused", "unanswered", "violations")}
    return JobReport(
        {"written": use.accepted, "prompt": prompt.id, "model": use.model, **counts, "problem": asked.silence}
    )


def _leaders(call: JobCall, desk: Desk) -> list[Subject]:
    start, end = call.slot - HOUR, call.slot
    predictions, metrics = (
        gather(name, start, end, call.handoffs, desk.lake) for name in ("predictions", "hashtag_metrics")
    )
    return with_context(desk.lake, subjects(end, predictions, metrics), end)
