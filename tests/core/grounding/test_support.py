import pytest

from core.grounding.figures import figures
from core.grounding.numbers import numbers
from core.grounding.support import CHANGE, DIFFERENCE, PER, RATIO, derived, direct, pairs, steps
from tests.core.grounding.sentences import BOOK_AND_GYM, TWO_HOURS, metric


def test_figures_of_one_family_have_a_difference_a_change_and_a_ratio() -> None:
    both = figures(item for item in BOOK_AND_GYM.metrics if item.metric == "unique_creators")
    by_kind = {(pair.how, pair.figures[0].tag): pair.value for pair in pairs(both)}
    assert by_kind[DIFFERENCE, "booktok"] == -10
    assert by_kind[CHANGE, "gymtok"] == 0.25
    assert by_kind[RATIO, "booktok"] == 0.8


def test_unlike_counts_only_have_a_ratio() -> None:
    unlike = figures([metric("views_gained", 900), metric("unique_creators", 30, ident="m2")])
    assert {pair.how for pair in pairs(unlike)} == {PER}
    assert sorted(pair.value for pair in pairs(unlike)) == pytest.approx([1 / 30, 30])


def test_a_change_goes_from_the_older_to_the_newer_reading() -> None:
    [step] = steps(figures(TWO_HOURS.metrics), {"views"})
    assert (step.value, step.figures[0].metric.id) == (4_000, "n1")


def test_three_times_is_a_ratio_and_as_many_a_multiple() -> None:
    [number] = numbers("3x")
    velocity = figures([metric("velocity", 2.0, "ratio")])
    assert [support.value for support in direct(number, velocity, multiple=True)] == [2.0]
    assert list(direct(number, velocity, multiple=False)) == []


def test_a_difference_backs_a_plain_number_only_in_a_comparison() -> None:
    [number] = numbers("12.5k")
    couples = pairs(figures(item for item in BOOK_AND_GYM.metrics if item.metric == "views_gained"))
    assert list(derived(number, couples, compared=False, share=False, per=False)) == []
    assert {pair.how for pair in derived(number, couples, compared=True, share=False, per=False)} == {DIFFERENCE}
