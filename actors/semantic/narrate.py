"""The Semantic agent's hourly narratives: filled in from the figures, then written by the language model."""

from actors.runtime.agent import JobCall, JobReport
from actors.runtime.handoff import gather
from actors.semantic.context import MODEL_STATE, NO_MODEL, PLAYED, SemanticContext
from core.windows import HOUR
from pipelines.narratives.ask import keep_answers
from pipelines.narratives.context import with_context
from pipelines.narratives.evidence import Subject
from pipelines.narratives.model import narrate_by_model
from pipelines.narratives.narrate import narrate, subjects, template_use
from pipelines.narratives.prompts_in_use import prompt_in_use

TEMPLATE = "narrative_template"


def narrate_leaders(call: JobCall, context: SemanticContext) -> JobReport:
    """Narrate the best-ranked predictions of the slot from the template; those texts stand at once."""
    template = prompt_in_use(context.records, TEMPLATE, call.now)
    rows = narrate(_leaders(call, context), template, context.gate.check_texts)
    context.records.put_narratives(call.slot, rows)
    context.records.put_prompt_use(template_use(rows, template, call.slot))
    if (context.records.value(MODEL_STATE) or {"model": ""})["model"] != context.model_name:
        context.note_model("", call.now)
    rejected = sum(row.status == "rejected" for row in rows)
    summary = {"narratives": len(rows), "rejected": rejected, "prompt": template.id}
    return JobReport(summary, call.handoffs)


def write_narratives(call: JobCall, context: SemanticContext) -> JobReport:
    """Have the language model write the narratives of the slot; where it fails, and where people judged, they stay."""
    if context.model is None:
        return JobReport({"written": 0, "reason": NO_MODEL})
    if call.slot < context.installation.history_ends:
        return JobReport({"written": 0, "reason": PLAYED})
    prompt, template = (prompt_in_use(context.records, name, call.now) for name in ("narrative", TEMPLATE))
    templates = context.records.narratives(at=call.slot)
    judged = {one.narrative_id for one in context.records.feedback([row.narrative_id for row in templates])}
    leaders = [subject for subject in _leaders(call, context) if subject.narrative_id not in judged]
    rows, asked = narrate_by_model(context.model, prompt, template, leaders, templates, context.gate.check_texts)
    context.records.put_narratives(call.slot, rows)
    use = keep_answers(context.records, asked, call.slot, call.now)
    context.note_model(asked.silence, call.now)
    counts = {name: getattr(use, name) for name in ("asked", "accepted", "refused", "unanswered", "violations")}
    return JobReport(
        {"written": use.accepted, "prompt": prompt.id, "model": use.model, **counts, "problem": asked.silence}
    )


def _leaders(call: JobCall, context: SemanticContext) -> list[Subject]:
    start, end = call.slot - HOUR, call.slot
    predictions, metrics = (
        gather(name, start, end, call.handoffs, context.lake) for name in ("predictions", "hashtag_metrics")
    )
    return with_context(context.lake, subjects(end, predictions, metrics), end)
