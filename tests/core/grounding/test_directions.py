import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import (
    BOOK,
    GYM,
    SLOWING,
    TWO_DAYS,
    TWO_HOURS,
    WHAT_IF,
    broken_rules,
    check_sentence,
    metric,
    sentences,
)

CASES = [
    *sentences(
        BOOK,
        [
            ("#BookTok: +12.3k views/h, velocity +35%, 14 creators, momentum 0.83, rank 3.", ""),
            ("Views are growing 35 % faster than the hour before.", ""),
            ("It is 35 percent faster than an hour ago.", ""),
            ("The pace rose thirty-five percent.", ""),
            ("Velocity is up 35%.", ""),
            ("Velocity: 0.35.", ""),
            ("Velocity stands at +0.35, acceleration at -0.2.", ""),
            ("Acceleration is minus 20 percent.", ""),
            ("Acceleration is negative at -0.20, so the pace is easing, though velocity is still 0.35.", ""),
            ("#booktok keeps climbing but is decelerating.", ""),
            ("views_gained: 12,340 [m1]; velocity: 35 % [m2].", ""),
            ("It gained 12k views [m1] and is 35 % faster [m2] than the hour before.", ""),
            ("#booktok has a good hour: views up, creators many.", ""),
            ("Velocity is -35 %.", "direction"),
            ("Velocity is minus 0.35.", "direction"),
            ("Velocity fell 35 %.", "direction"),
            ("It is 35 % slower than the hour before.", "direction"),
            ("It lost 12k views.", "direction"),
            ("Views are down 12k.", "direction"),
            ("Views shrank by 35 percent.", "direction"),
            ("A drop of 35 %.", "direction"),
            ("A 35 % decline in views.", "direction"),
            ("It is losing steam at 35 %.", "direction"),
            ("Acceleration is 20 percent.", "direction"),
            ("Acceleration is +0.2.", "direction"),
            ("#booktok is falling.", "direction"),
            ("#booktok is accelerating.", "direction"),
            ("It will shrink by 40 % over the next 24 hours.", "direction"),
            ("It has a 71 % chance to fall within 24 hours.", "direction"),
            ("Engagement rose to 4.5 %.", "direction"),
            ("Its views are flat.", "direction"),
            ("Views plateaued at 12k.", "direction"),
        ],
    ),
    *sentences(
        GYM,
        [
            ("#gymtok gained 8.2k views in the past day, 35 % fewer than the day before.", ""),
            ("#gymtok is slowing: velocity is -35 %.", ""),
            ("#gymtok fell 35 % over the last 24 hours.", ""),
            ("Growth shrank by 35 percent, day on day.", ""),
            ("The pace is down 35%.", ""),
            ("Velocity −0.35, z-score -1.3.", ""),
            ("Creator dispersion: 90 %.", ""),
            ("It is cooling off.", ""),
            ("A 35% drop in pace.", ""),
            ("A decline of 35 %.", ""),
            ("#gymtok rose 35 % over the last 24 hours.", "direction"),
            ("Velocity is 35 %.", "direction"),
            ("Velocity: 0.35.", "direction"),
            ("Velocity: +35 %.", "direction"),
            ("The z-score is 1.3.", "direction"),
            ("It is heating up.", "direction"),
            ("A 35% increase in pace.", "direction"),
            ("#gymtok gained 8.2k views, 35 % more than the day before.", "direction"),
            ("Growth of 35 %.", "direction"),
        ],
    ),
    *sentences(
        TWO_HOURS,
        [
            ("#booktok gained 12k views in the last hour, up from 8k the hour before.", ""),
            ("Views rose from 8k to 12k.", ""),
            ("Views rose by 50 % from 8k to 12k.", ""),
            ("Views fell from 8k to 12k.", "direction"),
            ("Views fell from 12k to 8k.", "direction"),
            ("#booktok gained 12k views in the last hour, down from 8k the hour before.", "direction"),
            ("Views dropped to 12k.", "direction"),
        ],
    ),
    *sentences(
        TWO_DAYS,
        [
            ("Views doubled in a day, from 320k to 640k.", ""),
            ("The number of creators fell by a fifth, from 500 to 400.", ""),
            ("Views rose sharply, while the number of creators shrank.", ""),
            ("More views (+100 %), fewer creators (-20 %).", ""),
            ("It climbed from rank 7 to rank 2.", ""),
            ("It now ranks second, up from seventh the day before.", ""),
            ("The likes rate rose from 10 % to 12 %, or two percentage points.", ""),
            ("It has more views than the day before, but fewer creators than the day before.", ""),
            ("Views went from 640k to 320k.", "direction"),
            ("Views fell sharply, while the number of creators grew.", "direction"),
            ("The number of creators rose from 500 to 400.", "direction"),
            ("It climbed from rank 2 to rank 7.", "direction"),
            ("It has more creators than the day before.", "direction"),
            ("A surge within 24 hours is unlikely: 84 %.", "direction"),
        ],
    ),
    *sentences(
        SLOWING,
        [
            ("The pace dropped by more than a fifth.", ""),
            ("Views are slowing by 22 %, yet the slowdown is easing: acceleration is +8 %.", ""),
            ("Nothing points up: velocity is -22 %.", ""),
            ("The pace dropped by more than a third.", "direction"),
            ("It is growing ever faster.", "direction"),
        ],
    ),
    *sentences(
        WHAT_IF,
        [
            ("If its retention rose from 48 % to 97 %, the chance would be 34 % instead of 21 %.", ""),
            ("If its retention fell to 48 % from 97 %, the chance would be 34 %.", ""),
            ("If its retention climbed to 97 %, the chance would be 34 %.", ""),
            ("If its retention doubled from 48 % to 97 %, the chance would be 34 %.", ""),
            ("The chance would rise from 21 % to 34 % if retention rose from 48 % to 97 %.", ""),
            ("If its retention rose from 97 % to 48 %, the chance would be 34 %.", "direction"),
            ("If its retention fell from 48 % to 97 %, the chance would be 34 %.", "direction"),
            ("If its retention rose to 48 % from 97 %, the chance would be 34 %.", "direction"),
        ],
    ),
]


@pytest.mark.parametrize(("evidence", "text", "rule"), CASES)
def test_a_word_of_direction_is_judged_rightly(evidence: Evidence, text: str, rule: str) -> None:
    check_sentence(evidence, text, rule)


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
    broken = broken_rules(text, metric("velocity", value, "ratio"))
    assert (broken == []) is accepted
    assert set(broken) <= {"direction"}


def test_a_direction_is_held_against_the_numbers_of_its_own_sentence() -> None:
    gained, slower = metric("views_gained", 500), metric("velocity", -0.2, "ratio", "m2")
    assert broken_rules("It gained 500 views. It is 20 % slower.", gained, slower) == []
    assert broken_rules("It gained 500 views. It is 20 % faster.", gained, slower) == ["direction"]
