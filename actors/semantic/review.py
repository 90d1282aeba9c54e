"""The Semantic agent's second opinions: the language model looks at what the rules judged. Nobody waits for it."""

from collections.abc import Callable, Sequence
from typing import Any

from actors.runtime.agent import JobCall, JobReport
from actors.semantic.context import NO_MODEL, PLAYED, SemanticContext
from pipelines.judgements.opinions import judge_risks, word_collisions, word_counterfactuals
from pipelines.narratives.ask import Asked, keep_answers
from pipelines.narratives.prompts_in_use import prompt_in_use

Opinion = Callable[..., tuple[Sequence[Any], Asked]]


def review_judgements(call: JobCall, context: SemanticContext) -> JobReport:
    """Have the language model judge the risks of the slot and word its counterfactuals and collisions.

    Where it fails, what the rule and the templates said stays as it is.
    """
    if context.model is None:
        return JobReport({"reviewed": 0, "reason": NO_MODEL})
    if call.slot < context.installation.history_ends:
        return JobReport({"reviewed": 0, "reason": PLAYED})
    at, records = call.slot, context.records
    risks, reviewed = _asked("risk", judge_risks, records.risks(at=at), call, context)
    records.put_risks(at, risks)
    altered, worded = _asked("counterfactual", word_counterfactuals, records.counterfactuals(at=at), call, context)
    records.put_counterfactuals(at, altered)
    collided, told = _asked("collision", word_collisions, records.collisions(at=at), call, context)
    records.put_collisions(at, collided)
    return JobReport({"reviewed": reviewed, "worded": worded + told, "model": context.model.name})


def _asked(
    name: str, opinion: Opinion, rows: Sequence[Any], call: JobCall, context: SemanticContext
) -> tuple[Sequence[Any], int]:
    """The rows with the model's part, and how many of its answers were accepted."""
    if not rows:
        return rows, 0
    rows, asked = opinion(context.model, prompt_in_use(context.records, name, call.now), rows, context.gate.check_texts)
    return rows, keep_answers(context.records, asked, call.slot, call.now).accepted
