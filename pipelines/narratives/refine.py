"""Refinement of prompts: a new version is proposed from refused outputs and adopted only if it does better."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from core.grounding.rules import TextCheck
from pipelines.narratives.ask import Case, ask
from pipelines.narratives.prompts_in_use import keep, prompt_in_use, put_in_use
from prompts.llm.asking import question, read
from prompts.llm.interface import LanguageModel
from prompts.prompt import Prompt, revised
from storage.records.interface import Records
from storage.records.rows_prompts import PromptAnswerRow

REFINED = ("narrative", "collision", "risk", "counterfactual")
"""The prompts whose outputs the gate accepts or refuses."""

FEWEST_REFUSED = 5
SHOWN_REFUSED = 6
SHOWN_CHARACTERS = 240
MOST_CASES = 24
MARGIN = 0.05

Outcome = Literal["better", "not better", "no proposal", "no answer", "too little refused"]


@dataclass(frozen=True)
class Refinement:
    """Result of refining one prompt.

    Parameters
    ----------
    before, after: ids of the version in use and of the one proposed; empty when there was no proposal
    cases: past cases that both were tried on; accepted_before, accepted_after: of those, with the same model
    reason: in a line: why the proposal was made, or why there is none
    """

    name: str
    outcome: Outcome
    before: str
    after: str = ""
    cases: int = 0
    accepted_before: int = 0
    accepted_after: int = 0
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form for an event."""
        return asdict(self)


def refine(model: LanguageModel, records: Records, name: str, check: TextCheck, now: datetime) -> Refinement:
    """Propose the next version of a prompt from its refused outputs, and adopt it only if it does better.

    Better: on the same past cases with the same model, at one try each, at least 5 % more of them are accepted by the
    gate. The cases are the newest ones kept, accepted and refused alike. What was tried is stored either way.
    """
    current = prompt_in_use(records, name, now)
    refused = [row for row in records.prompt_answers(name, accepted=False, limit=200) if row.prompt_id == current.id]
    if len(refused) < FEWEST_REFUSED:
        return Refinement(name, "too little refused", current.id, reason=f"{len(refused)} refused outputs")
    proposal, reason = _proposal(model, records, current, refused, now)
    if proposal is None:
        return Refinement(name, "no proposal", current.id, reason=reason)
    cases = past_cases(records, name)
    trials = [ask(model, prompt, cases, check, tries=1) for prompt in (current, proposal)]
    silence = next((trial.silence for trial in trials if trial.silence), "")
    if silence:
        return Refinement(name, "no answer", current.id, proposal.id, len(cases), reason=silence)
    before, after = (len(trial.accepted()) for trial in trials)
    better = after - before >= max(1.0, MARGIN * len(cases))
    outcome: Outcome = "better" if better else "not better"
    result = Refinement(name, outcome, current.id, proposal.id, len(cases), before, after, reason)
    if better:
        title = (
            f"Prompt {name} {proposal.version} passes the gate on {after} of {len(cases)} past cases, {before} before"
        )
        ids = [case.id for case in cases]
        evidence = {
            "model": model.name,
            "why": reason,
            "case_ids": ids,
            "accepted_before": before,
            "accepted_after": after,
        }
        put_in_use(records, proposal, "refined", now, title, **evidence)
    else:
        keep(records, proposal, "refined", now)
    return result


def past_cases(records: Records, name: str) -> list[Case]:
    """The newest distinct cases that the model was asked about."""
    cases: dict[str, Case] = {}
    for row in records.prompt_answers(name, limit=4 * MOST_CASES):
        case_id = row.answer_id.partition(":")[2].rpartition("#")[0]
        cases.setdefault(case_id, Case.from_json(case_id, row.case))
    return list(cases.values())[:MOST_CASES]


def _proposal(
    model: LanguageModel, records: Records, current: Prompt, refused: Sequence[PromptAnswerRow], now: datetime
) -> tuple[Prompt | None, str]:
    """The proposed version and its reason, or None and why there is no proposal."""
    asking = prompt_in_use(records, "prompt_refinement", now)
    shown = [
        {"text": row.text[:SHOWN_CHARACTERS], "problems": "; ".join(row.problems)[:SHOWN_CHARACTERS]}
        for row in refused[:SHOWN_REFUSED]
    ]
    inputs = {"name": current.name, "task": current.task, "instructions": current.system, "refused": shown}
    reply = read(asking, model.answer([question(asking, inputs)])[0])
    if reply.value is None:
        return None, reply.problem
    versions = [row.version for row in records.prompts(current.name)]
    try:
        proposal = revised(current, reply.value["instructions"], max([current.version, *versions]) + 1)
    except ValueError as error:
        return None, str(error)
    return proposal, str(reply.value["why"])
