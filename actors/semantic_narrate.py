"""The Semantic agent's hourly narratives: why the leaders lead."""

from datetime import timedelta

from actors.agent import JobCall, JobReport
from actors.handoff import gather
from actors.semantic_desk import Desk
from pipelines.narrate import narrate
from prompts.registry import load_prompt

HOUR = timedelta(hours=1)


def narrate_leaders(call: JobCall, desk: Desk) -> JobReport:
    """Narrate the best-ranked predictions of the slot."""
    start, end = call.slot - HOUR, call.slot
    predictions, metrics = (
        gather(name, start, end, call.handoffs, desk.lake) for name in ("predictions", "hashtag_metrics")
    )
    prompt = load_prompt("narrative_template")
    rows = narrate(end, predictions, metrics, prompt, check=desk.gate.check_texts)
    desk.records.put_narratives(end, rows)
    rejected = sum(row.status == "rejected" for row in rows)
    return JobReport({"narratives": len(rows), "rejected": rejected, "prompt": prompt.id})
