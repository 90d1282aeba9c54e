"""The Semantic agent's refinement of prompts, twice a week."""

from actors.runtime.agent import JobCall, JobReport
from actors.semantic.context import NO_MODEL, Desk
from core.events import Event, EventKind
from pipelines.narratives.refine import REFINED, refine


def refine_prompts(call: JobCall, desk: Desk) -> JobReport:
    """Try to better each prompt whose outputs were refused; every attempt is an event."""
    if desk.model is None:
        return JobReport({"better": 0, "reason": NO_MODEL})
    results = [refine(desk.model, desk.records, name, desk.gate.check_texts, call.now) for name in REFINED]
    tried = [one for one in results if one.outcome != "too little refused"]
    events = [Event(EventKind.PROMPT_UPDATE, "semantic", call.now, one.name, one.to_json()) for one in tried]
    desk.records.put_events(events)
    better = sum(one.outcome == "better" for one in results)
    return JobReport({"better": better, "tried": len(tried), "outcomes": {one.name: one.outcome for one in results}})
