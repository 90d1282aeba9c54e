"""The Semantic agent's hourly narratives: why the leaders lead."""

from datetime import datetime, timedelta

from actors.agent import JobCall, JobReport
from actors.handoff import gather
from actors.semantic_desk import Desk
from pipelines.narrate import narrate, subjects, template_use
from pipelines.narrate_context import shared_sounds, themes_of
from pipelines.narrate_evidence import Subject
from pipelines.prompts_in_use import prompt_in_use

HOUR = timedelta(hours=1)


def narrate_leaders(call: JobCall, desk: Desk) -> JobReport:
    """Narrate the best-ranked predictions of the slot from the template, and have the model write in their place.

    The model writes beside the agents' work: nothing waits for it, and where it fails the templates stay.
    """
    at = call.slot
    leaders = _leaders(call, desk)
    template = prompt_in_use(desk.records, "narrative_template", call.now)
    rows = narrate(leaders, template, desk.gate.check_texts)
    desk.records.put_narratives(at, rows)
    desk.records.put_prompt_use(template_use(rows, template, at))
    asked = desk.writer.write(at, leaders, rows, call.now) if leaders else "nothing to tell"
    rejected = sum(row.status == "rejected" for row in rows)
    return JobReport({"narratives": len(rows), "rejected": rejected, "prompt": template.id, "model": asked})


def _leaders(call: JobCall, desk: Desk) -> list[Subject]:
    start, end = call.slot - HOUR, call.slot
    predictions, metrics = (
        gather(name, start, end, call.handoffs, desk.lake) for name in ("predictions", "hashtag_metrics")
    )
    tags = [row.hashtag for row in subjects(end, predictions, metrics, {}, {})]
    return subjects(
        end, predictions, metrics, _themes(desk, tags, end), shared_sounds(desk.lake, tags, end) if tags else {}
    )


def _themes(desk: Desk, tags: list[str], at: datetime) -> dict[str, str]:
    return dict(themes_of(desk.lake, tags, at)) if tags else {}
