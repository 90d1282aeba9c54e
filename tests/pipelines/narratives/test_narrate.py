import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.grounding.evidence import CitedText, Evidence
from core.grounding.numbers import numbers
from core.grounding.rules import violations
from core.tables import HASHTAG_METRICS, PREDICTIONS
from pipelines.narratives.evidence import bullets_of
from pipelines.narratives.facts import compact, percent
from pipelines.narratives.narrate import narrate, subjects, template_use
from prompts.registry import load_prompt
from storage.records.rows import NarrativeRow

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
PROMPT = load_prompt("narrative_template")


def predictions(*rows: dict[str, Any]) -> pl.DataFrame:
    common = dict.fromkeys(PREDICTIONS.schema) | {
        "hashtag": "booktok", "at": AT, "model_id": "m", "probability": 0.713, "rank": 1, "rank_score": 0.5,
        "alerted": False, "feature_set": "v1", "window": AT,
        "contributions": json.dumps(
            [
                {"feature": "gained_24h_log", "value": 3.2, "contribution": 0.4},
                {"feature": "novelty", "value": 0.8, "contribution": -0.2},
            ]
        ),
    }  # fmt: skip
    return pl.DataFrame([common | row for row in rows], schema=PREDICTIONS.schema)


def metrics(*rows: dict[str, Any]) -> pl.DataFrame:
    common = dict.fromkeys(HASHTAG_METRICS.schema) | {
        "hashtag": "booktok", "window_end": AT, "window_length": 60, "emerging": False, "window": AT,
    }  # fmt: skip
    return pl.DataFrame([common | row for row in rows], schema=HASHTAG_METRICS.schema)


def rows(predicted: pl.DataFrame, measured: pl.DataFrame, top: int = 20) -> list[NarrativeRow]:
    return narrate(subjects(AT, predicted, measured, top), PROMPT)


def test_a_text_says_why_with_every_number_cited() -> None:
    measured = metrics(
        {
            "views_gained": 12_345.0, "velocity": 0.35, "unique_creators": 14, "novelty": 0.72, "momentum": 0.934,
            "delta_24h": 250_000.0, "engagement_efficiency": 0.051,
        }
    )  # fmt: skip
    subject = replace(subjects(AT, predictions({}), measured)[0], shared_sounds=2)
    row = narrate([subject], PROMPT)[0]
    assert row.status == "template"
    assert row.text.splitlines() == [
        "#booktok has a 71 % chance to surge over the next day.",
        "It gained 12.3k views in the last hour.",
        "Its views came 35 % faster than in the hour before.",
        "Over the last day its views rose by 250.0k.",
        "Posts of 14 creators were seen in the last hour.",
        "72 % of its leading creators and sounds are new to it.",
    ]
    values = {metric.id: metric.value for metric in Evidence.from_json(row.evidence).metrics}
    assert [values[cite] for cite in row.cites] == [0.713, 12_345, 0.35, 250_000, 14, 0.72]
    assert [bullet["cites"] for bullet in row.bullets] == [[cite] for cite in row.cites]
    assert row.evidence["drivers"] == ["d1", "d2"]
    assert (row.prompt_version, row.model) == (PROMPT.id, "")
    assert row.narrative_id == "booktok@20250514T1000Z"
    texts = [bullet.text for bullet in bullets_of(PROMPT, subject)[0]]
    assert texts[6:] == [
        "2 of its licensed sounds were heard with other leading hashtags over the last day.",
        "Its engagement rate is 5 %.",
        "Its momentum score is 0.93.",
        "For #booktok, what speaks for it is its growth over the last day; what speaks against it is its novelty.",
    ]


def test_what_is_not_known_is_not_said() -> None:
    row = rows(predictions({"contributions": None}), metrics())[0]
    assert row.text == "#booktok has a 71 % chance to surge over the next day."
    assert row.status == "template"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"views_gained": 500.0, "velocity": -0.2}, "Its views came 20 % slower than in the hour before."),
        ({"views_gained": 500.0, "velocity": 10.0}, "It gained 500 views in the last hour.\nFor #booktok"),
        ({"views_gained": 500.0, "unique_creators": 1}, "Posts of 1 creator were seen"),
        ({"views_gained": 0.0, "unique_creators": 3}, "next day.\nPosts of 3 creators were seen in the last hour."),
        ({"window_length": 180, "views_gained": 500.0}, "next day.\nFor #booktok, what speaks for it"),
    ],
)
def test_words_follow_the_figures(values: dict[str, Any], words: str) -> None:
    row = rows(predictions({}), metrics(values))[0]
    assert words in row.text
    assert row.status == "template"


def test_an_impossible_figure_rejects_the_text() -> None:
    row = rows(predictions({}), metrics({"engagement_efficiency": 1.2}))[0]
    assert row.status == "rejected"
    assert row.violations[0]["rule"] == "sanity"


def test_only_the_best_ranked_are_told_best_first() -> None:
    ranked = [{"hashtag": f"t{n}", "rank": n} for n in (3, 1, 2)] + [{"hashtag": "none", "rank": None}]
    assert [row.hashtag for row in rows(predictions(*ranked), metrics(), top=2)] == ["t1", "t2"]
    assert rows(predictions(), metrics()) == []


def test_what_came_of_the_template_is_counted() -> None:
    narrated = rows(predictions({}, {"hashtag": "x", "rank": 2}), metrics({"engagement_efficiency": 1.2}))
    use = template_use(narrated, PROMPT, AT)
    assert (use.prompt_id, use.model, use.asked, use.accepted, use.refused) == (PROMPT.id, "", 2, 1, 1)
    assert use.violations == {"sanity": 1}


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 1),
    st.floats(0, 1e12) | st.none(),
    st.floats(-1, 10) | st.none(),
    st.integers(1, 500) | st.none(),
    st.floats(0, 1) | st.none(),
    st.integers(0, 9) | st.none(),
)
def test_whatever_the_figures_the_text_is_grounded_and_within_its_limits(
    probability: float, gained: float | None, velocity: float | None, creators: int | None, share: float | None,
    sounds: int | None,
) -> None:  # fmt: skip
    values = {"views_gained": gained, "velocity": velocity, "unique_creators": creators, "novelty": share}
    measured = metrics(values | {"delta_24h": gained, "engagement_efficiency": share, "momentum": share})
    subject = replace(subjects(AT, predictions({"probability": probability}), measured)[0], shared_sounds=sounds)
    row = narrate([subject], PROMPT)[0]
    assert row.violations == ()
    assert len(row.text) <= PROMPT.limits["characters"]
    bullets, evidence = bullets_of(PROMPT, subject)
    for bullet in bullets:
        assert violations(CitedText("n", bullet.text, bullet.cites), evidence) == []
        assert len(list(numbers(bullet.text))) <= len(bullet.cites)


def test_numbers_are_printed_short() -> None:
    assert [compact(value) for value in (0, 999, 1_000, 999_960, 2.5e9)] == ["0", "999", "1.0k", "1.0M", "2.5B"]
    assert [percent(value) for value in (0, 0.005, 0.5, 1.0, 3.0)] == ["0.0 %", "0.5 %", "50 %", "100 %", "300 %"]


def test_a_text_longer_than_the_prompt_allows_is_rejected() -> None:
    row = rows(predictions({"hashtag": "x" * 700}), metrics())[0]
    assert row.status == "rejected"
    assert [violation["rule"] for violation in row.violations] == ["limit"]
