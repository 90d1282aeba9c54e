from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.grounding.printed_numbers import in_words
from core.grounding.evidence import Evidence, Unit
from pipelines.narratives.facts import compact, percent
from tests.core.grounding.sentences import (
    BOOK,
    DRIVEN,
    GYM,
    MISSES,
    SLOWING,
    TWO_DAYS,
    WHAT_IF,
    broken_rules,
    check_sentence,
    metric,
    sentences,
)

COUNT = st.integers(100, 10**8)
PRINTERS = (
    lambda value: f"{value}",
    lambda value: f"{value:,}",
    lambda value: f"{value / 1e3:.0f}k",
    lambda value: f"{value / 1e3:.1f}k",
    lambda value: f"{value / 1e6:.2f} million",
    lambda value: f"{value / 1e3:.2f} thousand",
)

CASES = [
    *sentences(
        BOOK,
        [
            ("#booktok gained 12k views in the last hour.", ""),
            ("#booktok gained twelve thousand views in the last hour.", ""),
            ("#booktok gained twelve thousand three hundred and forty views in the last hour.", ""),
            ("#booktok gained 12.3 thousand views within the hour.", ""),
            ("#booktok gained about 12,000 views in an hour.", ""),
            ("#booktok gained more than 12,000 views in the last hour.", ""),
            ("#booktok gained over 12k views in the last hour.", ""),
            ("#booktok gained 12\u202f340 views in the last hour.", ""),
            ("#booktok gained 12 340 plays this hour.", ""),
            ("BOOKTOK +12.3k views (1h) | vel +35 % | 14 creators | p=0.713", ""),
            ("#booktok has 2.1M views in total and gained 12k in the last hour.", ""),
            ("#booktok has 2.13 million views in all.", ""),
            ("Engagement has a half-life of a day and a half, 36 h.", "number"),
            ("**12.3k** views were gained in the last hour.", ""),
            ("#booktok gained 881 views per creator in the last hour.", ""),
            ("#booktok gained 13k views in the last hour.", "number"),
            ("#booktok gained 12,350 views in the past hour.", "number"),
            ("#booktok gained thirteen thousand views in the last hour.", "number"),
            ("#booktok gained twelve thousand four hundred views in the last hour.", "number"),
            ("#booktok gained 12M views in the last hour.", "number"),
            ("#booktok gained 12 million views in the last hour.", "number"),
            ("#booktok gained 123k views in the last hour.", "number"),
            ("#booktok gained over 13,000 views in the last hour.", "number"),
            ("#booktok gained thousands and thousands of views, 14k in fact.", "number"),
            ("#booktok gained hundreds of thousands of views.", "number"),
            ("It is 36 % faster.", "number"),
            ("It grew 35 percentage points.", "number"),
            ("It grew 35 points.", "number"),
            ("It grew 3.5 %.", "number"),
            ("It ranks fourth.", "number"),
            ("It is in the top two.", "number"),
            ("It doubled in the last hour.", "number"),
            ("Views tripled.", "number"),
            ("It grew twice as fast.", "number"),
            ("Half of its creators are new.", "number"),
            ("Its third straight hour of growth.", "number"),
            ("It has a 71 % chance of surging, up from 60 %.", "number"),
            ("Two dozen creators posted.", "number"),
            ("A hundred creators posted.", "number"),
            ("Growth between 30 % and 50 %.", "number"),
            ("The half-life of its engagement is 36 days.", "number"),
            ("The half-life of its engagement is 36 minutes.", "number"),
            ("The half-life is 36.0 %.", "number"),
            ("It gained 12k views [m2] and is 35 % faster [m2].", "number"),
        ],
    ),
    *sentences(
        GYM,
        [
            ("Two hundred and six creators took part in the last day.", "number"),
        ],
    ),
    *sentences(
        DRIVEN,
        [
            ("@lena_bakes and 13 others.", "number"),
        ],
    ),
    *sentences(
        TWO_DAYS,
        [
            ("More than half a million views in the past day.", ""),
            ("It now ranks second, up from eighth the day before.", "number"),
            ("Over 700k views in the past day.", "number"),
        ],
    ),
    *sentences(
        SLOWING,
        [
            ("Fewer than 20 creators in the last hour.", ""),
            ("It is in the top 40.", "number"),
            ("More than 20 creators in the last hour.", "number"),
            ("The last hour brought 7.8k views, about 13 % of the 240k of the last 24 hours.", "number"),
            ("Retention halved.", "number"),
            ("Velocity is -24 hours.", "number"),
        ],
    ),
    *sentences(
        WHAT_IF,
        [
            ("If its retention doubled from 97 % to 48 %, the chance would be 34 %.", "number"),
        ],
    ),
    *sentences(
        MISSES,
        [
            ("The 4 surges that were detected late shared a sound.", "number"),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_number_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)


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
    assert (broken_rules(f"#booktok {text}.", metric(name, value, unit)) == []) is accepted


def test_a_number_needs_a_citation_and_not_only_evidence() -> None:
    evidence = (metric("views_gained", 500), metric("volume", 7, ident="m2"))
    assert broken_rules("It gained 500 views.", *evidence, cites=("m2",)) == ["number"]
    assert broken_rules("It has 7 posts.", *evidence, cites=()) == ["citation", "number"]
    assert broken_rules("It has 7 posts.", *evidence, cites=("m2", "m9")) == ["citation"]


@settings(deadline=None)
@given(st.floats(0, 1e12))
def test_whatever_we_print_of_a_count_passes(value: float) -> None:
    assert broken_rules(f"It has {compact(value)} views.", metric("views_total", value)) == []


@settings(deadline=None)
@given(st.floats(0, 10))
def test_whatever_we_print_of_a_ratio_passes(value: float) -> None:
    assert broken_rules(f"It is {percent(value)}.", metric("velocity", value, "ratio")) == []


@settings(deadline=None)
@given(COUNT, st.sampled_from(PRINTERS))
def test_a_count_rounded_rightly_passes_at_any_precision(value: int, printed: Callable[[int], str]) -> None:
    assert (
        broken_rules(f"#booktok gained {printed(value)} views in the last hour.", metric("views_gained", value)) == []
    )


@settings(deadline=None)
@given(st.integers(1, 999_999))
def test_a_count_in_words_passes(value: int) -> None:
    assert broken_rules(f"#booktok has {in_words(value)} views.", metric("views_total", value)) == []


@settings(deadline=None)
@given(COUNT, st.data())
def test_a_changed_digit_is_rejected(value: int, data: st.DataObject) -> None:
    digits = f"{value}"
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "123456789" if digit != digits[place]]))
    changed = digits[:place] + other + digits[place + 1 :]
    assert "number" in broken_rules(f"#booktok gained {changed} views in the last hour.", metric("views_gained", value))
