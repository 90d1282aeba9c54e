"""The Semantic agent's refinement of prompts, twice a week."""

from actors.runtime.agent import JobCall, JobReport
from actors.semantic.context import NO_MODEL, SemanticContext
from core.events import Event, EventKind
from pipelines.narratives.refine import REFINED, refine


def refine_prompts(call: JobCall, context: SemanticContext) -> JobReport:
    """Try to better each prompt whose outputs were refused; every attempt is an event."""
    if context.model is None:
        return JobReport({"better": 0, "reason": NO_MODEL})
    results = [refine(context.model, context.records, name, context.gate.check_texts, call.now) for name in REFINED]
    tried = [one for one in results if one.outcome != "too little refused"]
    events = [Event(EventKind.PROMPT_UPDATE, "semantic", call.now, one.name, one.to_json()) for one in tried]
    context.records.put_events(events)
    better = sum(one.outcome == "better" for one in results)
    return JobReport({"better": better, "tried": len(tried), "outcomes": {one.name: one.outcome for one in results}})
