import json
from typing import Any

import polars as pl

from core.grounding.evidence import Evidence
from core.grounding.rules import grounded
from core.judgements.boosting import judge
from core.metrics.formulas import MomentumRule
from core.themes.collisions import Collision, Side
from pipelines.judgements.collisions import collision_rows
from pipelines.judgements.counterfactual_words import counterfactual_rows
from pipelines.judgements.counterfactuals import counterfactuals
from pipelines.judgements.opinions import judge_risks, word_collisions, word_counterfactuals
from pipelines.judgements.risks import facts_of, risk_rows
from prompts.llm.interface import Answer, Question
from prompts.registry import load_prompt
from tests.core.judgements.test_boosting import AT, boosted, frame, ordinary
from tests.support.judged import AT as COHORT_AT
from tests.support.judged import cohort, fitted, metrics_of, predictions_of
from tests.support.unreliable_model import UnreliableModel, babbling, dead
from tests.support.unreliable_model import facts_of as asked_facts

RANKED = pl.DataFrame({"hashtag": ["gym"], "rank": [1]})
RISKS = risk_rows(AT, judge(frame([*ordinary(), *boosted()]), AT), RANKED)
COLLISION = Collision(Side("c1", "Home Gym", "homegym", 0.45), Side("c2", "Gym Motivation", "gymlife", -0.3), 0.83)
COLLISIONS = collision_rows(AT, [COLLISION], load_prompt("collision_template"), grounded)


def answering(key: str, **other: str) -> Any:
    """A model that repeats the first fact, word for word, as `key`."""

    def behave(question: Question) -> Answer:
        name, text = asked_facts(question)[0]
        sentence = text if text.endswith(".") else f"{text}."
        return Answer(json.dumps({"cites": [name], key: sentence, **other}))

    return UnreliableModel(behave, "small")


def test_the_rule_speaks_of_what_it_flags_and_of_the_leaders() -> None:
    assert [(row.hashtag, row.flagged) for row in RISKS] == [("winbig", True), ("gym", False)]
    assert all(row.model_view is None and row.model_reason is None for row in RISKS)
    assert facts_of(RISKS[0])[0]["text"] == "its leading account put 6 posts under it lately"
    evidence = Evidence.from_json(RISKS[0].evidence)
    assert [metric.id for metric in evidence.metrics] == [fact["id"] for fact in facts_of(RISKS[0])]


def test_the_models_view_stands_beside_the_rules_and_changes_nothing_of_it() -> None:
    rows, batch = judge_risks(answering("reason", view="organic"), load_prompt("risk"), RISKS, grounded)
    assert (rows[0].model, rows[0].model_view, rows[0].flagged) == ("small", "organic", True)
    assert rows[0].model_reason == "its leading account put 6 posts under it lately."
    blank = {"model": None, "model_view": None, "model_reason": None, "prompt_version": None, "cites": ()}
    assert [row.changed(**blank) for row in rows] == RISKS
    assert rows[1] == RISKS[1]
    assert len(batch.attempts) == 1


def test_a_model_that_is_dead_babbles_or_invents_leaves_all_as_it_was() -> None:
    def inventing(question: Question) -> Answer:
        name, _ = asked_facts(question)[0]
        made_up = "It gained 123,456 views from bots."
        return Answer(json.dumps({"cites": [name], "reason": made_up, "text": made_up, "view": "boosted"}))

    for behaviour in (dead, babbling, inventing):
        model = UnreliableModel(behaviour)
        assert judge_risks(model, load_prompt("risk"), RISKS, grounded)[0] == RISKS
        assert word_collisions(model, load_prompt("collision"), COLLISIONS, grounded)[0] == COLLISIONS


def test_collisions_are_told_by_the_template_and_by_the_model() -> None:
    (row,) = COLLISIONS
    assert row.status == "template"
    assert row.text == (
        "Hashtags around #homegym gained 45 % more views an hour in the last day than in the day before. "
        "Those around #gymlife, near it in meaning, lost pace: 30 % fewer."
    )
    rows, batch = word_collisions(answering("text"), load_prompt("collision"), COLLISIONS, grounded)
    assert (rows[0].status, rows[0].prompt_version) == ("accepted", batch.prompt.id)
    assert rows[0].text == "Home Gym gained 45 % more views an hour than the day before."
    assert rows[0].changed(text=row.text, cites=row.cites, status=row.status, prompt_version=row.prompt_version) == row


def test_the_strongest_counterfactual_of_each_hashtag_is_put_into_the_models_words() -> None:
    features = cohort(99)
    metrics, predicted = metrics_of(features), predictions_of(features)
    measured = counterfactuals(fitted(), predicted, features, metrics, MomentumRule())
    rows = counterfactual_rows(COHORT_AT, measured, "m-1", load_prompt("counterfactual_template"), grounded)
    worded, batch = word_counterfactuals(answering("text"), load_prompt("counterfactual"), rows, grounded)
    firsts = {row.hashtag: row.feature for row in reversed(rows)}
    for before, after in zip(rows, worded, strict=True):
        strongest = firsts[before.hashtag] == before.feature
        assert after.status == ("accepted" if strongest else "template")
        assert (after.probability_from, after.probability_to) == (before.probability_from, before.probability_to)
    assert len(batch.attempts) == len(firsts)
