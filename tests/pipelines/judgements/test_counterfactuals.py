from typing import Any

import polars as pl
import pytest

from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import grounded, violations
from core.metrics.formulas import MomentumRule, with_ranks
from models.last_growth import LastGrowth
from pipelines.judgements.counterfactual_words import counterfactual_rows, draft
from pipelines.judgements.counterfactuals import LEAST_MOVE, MOST_STATED, TOP, Counterfactual, counterfactuals
from pipelines.narratives.facts import percent
from prompts.registry import load_prompt
from tests.support.judged import AT, LEARNT, cohort, fitted, metrics_of, predictions_of

FEATURES = cohort(99)
METRICS = metrics_of(FEATURES)
PREDICTIONS = predictions_of(FEATURES)
RULE = MomentumRule()
TEMPLATE = load_prompt("counterfactual_template")


def computed(**other: Any) -> list[Counterfactual]:
    given = {"predictions": PREDICTIONS, "features": FEATURES, "metrics": METRICS, "momentum": RULE} | other
    return counterfactuals(fitted(), **given)


CASES = computed()


def test_what_it_was_is_the_stored_prediction_and_what_it_would_be_is_the_models_answer() -> None:
    assert len(CASES) > 5
    stored = dict(PREDICTIONS.select("hashtag", "probability").iter_rows())
    for case in CASES:
        row = FEATURES.filter(pl.col("hashtag") == case.hashtag)
        assert case.probability_from == stored[case.hashtag] == fitted().predict(row)["probability"][0]
        assert case.value_from == row[case.perturbation.feature][0]
        changed = row.with_columns(pl.lit(value).alias(name) for name, value in case.moved.items())
        assert case.probability_to == fitted().predict(changed)["probability"][0]
        assert case.moved[case.perturbation.feature] == case.value_to


def test_leaders_come_by_rank_with_at_most_three_moves_that_count_strongest_first() -> None:
    leaders = PREDICTIONS.filter(pl.col("rank") <= TOP).sort("rank")["hashtag"].to_list()
    tags = list(dict.fromkeys(case.hashtag for case in CASES))
    assert tags == [tag for tag in leaders if tag in tags]
    for tag in tags:
        mine = [case for case in CASES if case.hashtag == tag]
        assert len(mine) <= MOST_STATED
        assert [abs(case.change) for case in mine] == sorted((abs(case.change) for case in mine), reverse=True)
        assert all(abs(case.change) >= LEAST_MOVE for case in mine)
        assert len({case.perturbation.feature for case in mine}) == len(mine)


def test_only_what_the_model_uses_is_told() -> None:
    assert {name for case in CASES for name in case.moved} - set(LEARNT) <= {
        "likes_rate", "comments_rate", "shares_rate", "creators_24h", "videos_24h",
    }  # fmt: skip
    assert "novelty" not in {case.perturbation.feature for case in CASES}
    growth = LastGrowth()
    predicted = PREDICTIONS.with_columns(
        pl.Series("probability", growth.predict(FEATURES.sort("hashtag"))["probability"])
    )
    assert counterfactuals(growth, predicted, FEATURES, METRICS, RULE) == []


def test_a_figure_stays_in_the_range_of_the_window() -> None:
    for case in CASES:
        low, high = (
            FEATURES[case.perturbation.feature].quantile(0.05),
            FEATURES[case.perturbation.feature].quantile(0.95),
        )
        towards = (case.value_to - case.value_from) * (0.5 * (low + high) - case.value_from) > 0  # type: ignore[operator]
        assert towards or low - 1 <= case.value_to <= high + 1  # type: ignore[operator]


def test_momentum_follows_as_the_metrics_rule_has_it() -> None:
    ranked = with_ranks(METRICS, RULE)
    features = FEATURES.with_columns(ranked["momentum"])
    moved = [
        case for case in computed(features=features, predictions=predictions_of(features)) if "momentum" in case.moved
    ]
    assert moved
    for case in moved:
        put = (
            pl.when(pl.col("hashtag") == case.hashtag).then(case.value_to).otherwise(pl.col(case.perturbation.feature))
        )
        again = with_ranks(METRICS.with_columns(put.alias(case.perturbation.feature)), RULE)
        expected = again.filter(pl.col("hashtag") == case.hashtag)["momentum"][0]
        assert case.moved["momentum"] == pytest.approx(expected, abs=1e-12)


def test_a_prediction_that_the_model_does_not_repeat_gets_none() -> None:
    leader = PREDICTIONS.filter(pl.col("rank") == 1)["hashtag"][0]
    nudged = pl.when(pl.col("hashtag") == leader).then(pl.col("probability") + 1e-9).otherwise("probability")
    others = [case for case in CASES if case.hashtag != leader]
    assert computed(predictions=PREDICTIONS.with_columns(nudged.alias("probability"))) == others
    assert computed(predictions=PREDICTIONS.clear()) == []


def test_every_sentence_passes_the_grounding_rules_and_no_number_can_be_changed() -> None:
    rows = counterfactual_rows(AT, CASES, "m-1", TEMPLATE, grounded)
    assert rows
    assert {(row.status, row.model_id) for row in rows} == {("template", "m-1")}
    for row in rows:
        evidence = Evidence.from_json(row.evidence)
        assert {row.probability_from, row.probability_to} <= {metric.value for metric in evidence.metrics}
        for printed in (percent(row.probability_from), percent(row.probability_to)):
            other = row.text.replace(f" {printed}", " 777 %")
            assert violations(CitedText("n", other, list(row.cites)), evidence)
        turned = row.text.replace(" rose ", " fell ") if " rose " in row.text else row.text.replace(" fell ", " rose ")
        assert violations(CitedText("n", turned, list(row.cites)), evidence)


def test_what_prints_the_same_is_not_told() -> None:
    case = CASES[0]
    same = Counterfactual(
        case.hashtag,
        case.perturbation,
        case.value_from,
        case.value_to,
        case.moved,
        0.3412,
        0.3441,
    )
    assert draft(AT, same, TEMPLATE)[0].text == ""
    assert counterfactual_rows(AT, [same], "m-1", TEMPLATE, grounded) == []
