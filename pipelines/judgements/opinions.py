"""A language model's view of the hashtags that the rule judged, and its wording of counterfactuals and collisions."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.grounding.evidence import Evidence
from core.grounding.rules import TextCheck
from core.judgements.perturbations import PERTURBATIONS
from pipelines.judgements.risks import facts_of
from pipelines.narratives.ask import AnsweredBatch, Case, ask
from pipelines.narratives.facts import percent
from prompts.llm.interface import LanguageModel
from prompts.prompt import Prompt
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow

CASES_PER_HOUR = 10
WORDS = {perturbation.feature: perturbation.words for perturbation in PERTURBATIONS}


def judge_risks(
    model: LanguageModel, prompt: Prompt, rows: Sequence[RiskRow], check: TextCheck
) -> tuple[list[RiskRow], AnsweredBatch]:
    """Return the rows, the first ten with the model's view beside the rule's unless its answer fails."""
    cases = {
        row.hashtag: _case(row.hashtag, row.evidence, {"tag": row.hashtag, "facts": facts_of(row)}) for row in rows
    }
    batch = ask(model, prompt, [case for case in cases.values() if case.choices["cites"]][:CASES_PER_HOUR], check)
    accepted = batch.accepted()
    return [_with_view(row, accepted.get(row.hashtag), batch) for row in rows], batch


def word_counterfactuals(
    model: LanguageModel, prompt: Prompt, rows: Sequence[CounterfactualRow], check: TextCheck
) -> tuple[list[CounterfactualRow], AnsweredBatch]:
    """Return the rows, the strongest of each hashtag in the model's words unless its answer fails."""
    strongest: dict[str, CounterfactualRow] = {}
    for row in rows:
        strongest.setdefault(row.hashtag, row)
    cases = {id(row): _case(f"{row.hashtag}/{row.feature}", row.evidence, _what_if(row)) for row in strongest.values()}
    batch = ask(model, prompt, list(cases.values())[:CASES_PER_HOUR], check)
    return _worded(rows, cases, batch), batch


def word_collisions(
    model: LanguageModel, prompt: Prompt, rows: Sequence[CollisionRow], check: TextCheck
) -> tuple[list[CollisionRow], AnsweredBatch]:
    """Return the rows in the model's words, unchanged where its answer fails."""
    cases = {id(row): _case(f"{row.rising}/{row.falling}", row.evidence, _apart(row)) for row in rows}
    batch = ask(model, prompt, list(cases.values()), check)
    return _worded(rows, cases, batch), batch


def _case(name: str, evidence: Mapping[str, Any], inputs: Mapping[str, Any]) -> Case:
    return Case(name, inputs, {"cites": [fact["id"] for fact in inputs["facts"]]}, Evidence.from_json(evidence))


def _with_view(row: RiskRow, answer: Any, batch: AnsweredBatch) -> RiskRow:
    if answer is None:
        return row
    value = answer.value
    changes = {"model_view": value["view"], "model_reason": value["reason"], "cites": tuple(value["cites"])}
    return row.changed(model=batch.model, prompt_version=batch.prompt.id, **changes)


def _worded(rows: Sequence[Any], cases: Mapping[int, Case], batch: AnsweredBatch) -> list[Any]:
    """The rows, with the model's words where its answer was accepted."""
    accepted = batch.accepted()
    answers = {key: accepted[case.id].value for key, case in cases.items() if case.id in accepted}
    return [_in_words(row, answers.get(id(row)), batch) for row in rows]


def _in_words(row: Any, value: Any, batch: AnsweredBatch) -> Any:
    if value is None:
        return row
    changes = {"text": value["text"], "cites": tuple(value["cites"])}
    return row.changed(status="accepted", prompt_version=batch.prompt.id, **changes)


def _what_if(row: CounterfactualRow) -> dict[str, Any]:
    """The inputs of the prompt: the change without its figures, and the two probabilities as facts."""
    before, after = percent(row.probability_from), percent(row.probability_to)
    facts = [
        {"id": "p1", "text": f"its chance to surge is {before} now"},
        {"id": "p2", "text": f"it would be {after}"},
    ]
    return {"tag": row.hashtag, "change": change_words(row), "facts": facts}


def change_words(row: CounterfactualRow) -> str:
    """A change without figures.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> change_words(SimpleNamespace(feature="novelty", value_from=0.4, value_to=0.8))
    'if its novelty were larger'
    """
    size = "larger" if row.value_to > row.value_from else "smaller"
    return f"if {WORDS[row.feature]} were {size}"


def _apart(row: CollisionRow) -> dict[str, Any]:
    facts = [
        {
            "id": "m1",
            "text": f"{row.rising_label} gained {percent(row.rising_change)} more views an hour than the day before",
        },
        {
            "id": "m2",
            "text": f"{row.falling_label} gained {percent(row.falling_change)} fewer views an hour than the day before",
        },
    ]
    return {"first": row.rising_label, "second": row.falling_label, "facts": facts}
