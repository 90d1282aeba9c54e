from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.grounding.printed_numbers import in_words
from core.grounding.evidence import CitedText, Evidence, EvidenceMetric, Unit
from core.grounding.numbers import numbers
from core.grounding.rules import RULES, violations
from pipelines.narratives.facts import compact, percent

AT = "2025-05-14T10:00:00+00:00"
DETAIL = "'13k' equals no cited metric, and no ratio, difference or change of two"


def metric(name: str, value: float, unit: Unit = "count", ident: str = "m1", tag: str = "booktok") -> EvidenceMetric:
    return EvidenceMetric(ident, tag, name, value, unit, AT)


def rules(text: str, *metrics: EvidenceMetric, cites: tuple[str, ...] | None = None) -> list[str]:
    ids = tuple(item.id for item in metrics) if cites is None else cites
    return [violation.rule for violation in violations(CitedText("n", text, ids), Evidence(metrics))]


@pytest.mark.parametrize(
    ("text", "value", "unit", "accepted"),
    [
        ("gained 12k views", 12_340, "count", True),
        ("gained 12k views", 12_600, "count", False),
        ("gained 12.3k views", 12_340, "count", True),
        ("gained 12.4k views", 12_340, "count", False),
        ("gained 1.2M views", 1_249_000, "count", True),
        ("gained 1.2 million views", 1_249_000, "count", True),
        ("gained 12,340 views", 12_340, "count", True),
        ("gained 12340 views", 12_340.4, "count", True),
        ("gained 12341 views", 12_340, "count", False),
        ("grew 35 %", 0.3541, "ratio", True),
        ("grew 35%", 0.3551, "ratio", False),
        ("grew 35 percent", 0.35, "ratio", True),
        ("grew 35 %", 35.2, "percent", True),
        ("grew 3x", 3.2, "ratio", True),
        ("grew 3x", 3.6, "ratio", False),
        ("grew 3x", 3, "count", False),
        ("within 24 hours", 24, "hours", True),
        ("within 24 h", 24, "hours", True),
        ("within 25 hours", 24, "hours", False),
        ("a score of 0.72", 0.7249, "score", True),
        ("a score of 0.73", 0.7249, "score", False),
        ("a share of 12 %", 12, "count", False),
    ],
)
def test_a_number_equals_its_metric_at_the_precision_printed(
    text: str, value: float, unit: Unit, accepted: bool
) -> None:
    name = {"hours": "horizon", "score": "momentum", "count": "views_gained"}.get(unit, "growth_rate")
    assert (rules(f"#booktok {text}.", metric(name, value, unit)) == []) is accepted


def test_a_number_needs_a_citation_and_not_only_evidence() -> None:
    evidence = (metric("views_gained", 500), metric("volume", 7, ident="m2"))
    assert rules("It gained 500 views.", *evidence, cites=("m2",)) == ["number"]
    assert rules("It has 7 posts.", *evidence, cites=()) == ["citation", "number"]
    assert rules("It has 7 posts.", *evidence, cites=("m2", "m9")) == ["citation"]


def test_digits_of_a_hashtag_are_no_number() -> None:
    assert rules("#top10 has 7 posts.", metric("volume", 7, tag="top10")) == []
    assert rules("#2025 has 7 posts.", metric("volume", 7, tag="2025")) == []
    assert list(numbers("#top10 #f1 x9 v2.0")) == []
    assert [number.kind for number in numbers("#1 on the list")] == ["rank"]


def test_only_known_names_may_be_named() -> None:
    assert rules("#BookTok has 7 posts.", metric("volume", 7)) == []
    assert set(rules("#other has 7 posts.", metric("volume", 7))) == {"name"}
    assert rules("@someone has 7 posts.", metric("volume", 7)) == ["name"]


@pytest.mark.parametrize(
    ("text", "value", "accepted"),
    [
        ("It is growing, 35 % faster.", 0.35, True),
        ("It is 35 % slower.", -0.35, True),
        ("It is 35 % slower.", 0.35, False),
        ("It is growing by 35 %.", -0.35, False),
        ("It fell.", 0.35, False),
        ("Steady at -35 %.", -0.35, True),
        ("Velocity is 35 %.", -0.35, False),
    ],
)
def test_words_of_direction_agree_with_the_sign(text: str, value: float, accepted: bool) -> None:
    broken = rules(text, metric("velocity", value, "ratio"))
    assert (broken == []) is accepted
    assert set(broken) <= {"direction"}


def test_a_direction_is_held_against_the_numbers_of_its_own_sentence() -> None:
    gained, slower = metric("views_gained", 500), metric("velocity", -0.2, "ratio", "m2")
    assert rules("It gained 500 views. It is 20 % slower.", gained, slower) == []
    assert rules("It gained 500 views. It is 20 % faster.", gained, slower) == ["direction"]


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
    assert "sanity" in rules("#booktok is there.", bad)


def test_a_violation_points_at_its_words() -> None:
    text = "#booktok gained 13k views."
    violation = violations(CitedText("n", text, ["m1"]), Evidence([metric("views_gained", 12_000)]))[0]
    assert text[slice(*violation.span)] == "13k"
    assert violation.to_json() == {"rule": "number", "span": [16, 19], "detail": DETAIL}


def test_evidence_is_read_from_json() -> None:
    evidence = Evidence([metric("volume", 7)], sounds=["Song"], drivers=["m1"])
    assert Evidence.from_json(evidence.to_json()).to_json() == evidence.to_json()
    seven = metric("volume", 7).to_json()
    for wrong, message in (
        ({"metrics": [seven, seven]}, "metric id m1 is there twice"),
        ({"metrics": [seven | {"value": None}]}, "metric m1: value must be a number"),
        ({"metrics": [seven | {"hashtag": 7}]}, "metric m1: hashtag must be text"),
        ({"metrics": [7]}, "metric 1 is no object"),
        ({}, "evidence is"),
        ({"metrics": [], "entities": {"sounds": "Song"}}, "sounds must be a list of texts"),
    ):
        with pytest.raises(ValueError, match=message):
            Evidence.from_json(wrong)
    with pytest.raises(ValueError, match="unit 'apples' is none of"):
        Evidence.from_json({"metrics": [metric("volume", 7).to_json() | {"unit": "apples"}]})


def test_rules_stand_in_the_order_they_apply() -> None:
    assert [rule.__name__ for rule in RULES][:3] == ["citations_exist", "numbers_are_cited", "names_are_known"]
    assert RULES[-1].__name__ == "evidence_is_sane"


@settings(deadline=None)
@given(st.floats(0, 1e12))
def test_whatever_we_print_of_a_count_passes(value: float) -> None:
    assert rules(f"It has {compact(value)} views.", metric("views_total", value)) == []


@settings(deadline=None)
@given(st.floats(0, 10))
def test_whatever_we_print_of_a_ratio_passes(value: float) -> None:
    assert rules(f"It is {percent(value)}.", metric("velocity", value, "ratio")) == []


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_rules(text: str) -> None:
    violations(CitedText("n", text, ["m1"]), Evidence([metric("velocity", 0.5, "ratio")]))


COUNT = st.integers(100, 10**8)
PRINTERS = (
    lambda value: f"{value}",
    lambda value: f"{value:,}",
    lambda value: f"{value / 1e3:.0f}k",
    lambda value: f"{value / 1e3:.1f}k",
    lambda value: f"{value / 1e6:.2f} million",
    lambda value: f"{value / 1e3:.2f} thousand",
)


@settings(deadline=None)
@given(COUNT, st.sampled_from(PRINTERS))
def test_a_count_rounded_rightly_passes_at_any_precision(value: int, printed: Callable[[int], str]) -> None:
    assert rules(f"#booktok gained {printed(value)} views in the last hour.", metric("views_gained", value)) == []


@settings(deadline=None)
@given(st.integers(1, 999_999))
def test_a_count_in_words_passes(value: int) -> None:
    assert rules(f"#booktok has {in_words(value)} views.", metric("views_total", value)) == []


@settings(deadline=None)
@given(COUNT, st.data())
def test_a_changed_digit_is_rejected(value: int, data: st.DataObject) -> None:
    digits = f"{value}"
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "123456789" if digit != digits[place]]))
    changed = digits[:place] + other + digits[place + 1 :]
    assert "number" in rules(f"#booktok gained {changed} views in the last hour.", metric("views_gained", value))


@settings(deadline=None)
@given(st.floats(-0.99, 9.99).filter(lambda value: abs(value) >= 0.01), st.integers(0, 2))
def test_a_signed_share_passes_and_its_opposite_does_not(value: float, decimals: int) -> None:
    size = f"{abs(100 * value):.{decimals}f} %"
    sign, opposite = ("-", "+") if value < 0 else ("+", "-")
    assert rules(f"Velocity is {sign}{size}.", metric("velocity", value, "ratio")) == []
    assert rules(f"Velocity is {opposite}{size}.", metric("velocity", value, "ratio")) == ["direction"]


@settings(deadline=None)
@given(st.text(alphabet="#@[]()+-%.,:;/\"' \n0123456789kMxhamto", max_size=120))
def test_no_jumble_of_marks_breaks_the_rules(text: str) -> None:
    sounds = Evidence([metric("velocity", 0.5, "ratio"), metric("rank", 1, ident="m2")], sounds=["a", "Rise 5"])
    violations(CitedText("n", text, ["m1", "m2"]), sounds)
