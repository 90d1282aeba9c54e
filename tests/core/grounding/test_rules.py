import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.grounding.evidence import CitedText, Evidence, EvidenceMetric
from core.grounding.rules import RULES, grounded, violations
from tests.core.grounding.sentences import BOOK, broken_rules, check_sentence, metric, sentences

DETAIL = "'13k' equals no cited metric, and no ratio, difference or change of two"

CASES = [
    *sentences(
        BOOK,
        [
            ("It will definitely surge: 71 % chance.", "blocked"),
            ("12k views: growth is guaranteed.", "blocked"),
            ("Not investment advice, but 12k views in the last hour.", "blocked"),
            ("It gained [number] views.", "blocked"),
            ("It gained 12k views [m99].", "citation"),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_blocked_phrase_or_an_unknown_id_is_rejected(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)


@pytest.mark.parametrize(
    "bad",
    [
        metric("likes_rate", 1.4, "ratio"),
        metric("engagement_efficiency", -0.1, "ratio"),
        metric("probability", 1.2, "ratio"),
        metric("volume", -1),
        metric("views_total", float("nan")),
        metric("velocity", float("inf"), "ratio"),
    ],
)
def test_an_impossible_metric_discards_the_text(bad: EvidenceMetric) -> None:
    assert "sanity" in broken_rules("#booktok is there.", bad)


def test_a_violation_points_at_its_words() -> None:
    text = "#booktok gained 13k views."
    violation = violations(CitedText("n", text, ["m1"]), Evidence([metric("views_gained", 12_000)]))[0]
    assert text[slice(*violation.span)] == "13k"
    assert violation.to_json() == {"rule": "number", "span": [16, 19], "detail": DETAIL}


def test_rules_stand_in_the_order_they_apply() -> None:
    assert [rule.__name__ for rule in RULES][:3] == ["citations_exist", "numbers_are_cited", "names_are_known"]
    assert RULES[-1].__name__ == "evidence_is_sane"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_rules(text: str) -> None:
    violations(CitedText("n", text, ["m1"]), Evidence([metric("velocity", 0.5, "ratio")]))


@settings(deadline=None)
@given(st.text(alphabet="#@[]()+-%.,:;/\"' \n0123456789kMxhamto", max_size=120))
def test_no_jumble_of_marks_breaks_the_rules(text: str) -> None:
    sounds = Evidence([metric("velocity", 0.5, "ratio"), metric("rank", 1, ident="m2")], sounds=["a", "Rise 5"])
    violations(CitedText("n", text, ["m1", "m2"]), sounds)


def test_texts_are_checked_each_by_its_own_evidence() -> None:
    evidence = Evidence([metric("probability", 0.5, "ratio", tag="a")])
    texts = [CitedText(f"n{number}", f"#a: {number} %", ["m1"]) for number in (50, 51)]
    fine, wrong = grounded([(text, evidence) for text in texts])
    assert fine == []
    assert [violation.rule for violation in wrong] == ["number"]


def test_a_text_that_cannot_be_judged_is_refused_and_its_batch_is_judged() -> None:
    evidence = Evidence([metric("views_gained", 12_000)])
    texts = [CitedText("n1", "#booktok gained 12k views.", ["m1"]), CitedText("n2", None, ["m1"])]  # type: ignore[arg-type]
    texts += [CitedText("n3", "12k views " * 3_000, ["m1"]), CitedText("n4", "#booktok gained 13k views.", ["m1"])]
    judged = grounded([(text, evidence) for text in texts])
    assert [[violation.rule for violation in broken] for broken in judged] == [[], ["text"], ["text"], ["number"]]
    assert judged[2][0].detail == "it is longer than 20,000 characters"


@pytest.mark.parametrize("value", [10**400, -(10**400), 10**308, float("nan")])
def test_a_figure_beyond_every_float_is_refused(value: float) -> None:
    assert "sanity" in broken_rules("#booktok is there.", metric("volume", value), metric("views_total", -value))
