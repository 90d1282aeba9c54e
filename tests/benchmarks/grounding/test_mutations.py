import random

import pytest

from benchmarks.grounding.mutations import equals_a_figure, mutants
from benchmarks.grounding.printed_numbers import PrintedNumber
from benchmarks.grounding.styles import STYLES


@pytest.mark.parametrize("style", STYLES)
def test_a_style_cites_what_it_prints_and_each_mutant_differs_in_one_place(style: str) -> None:
    rng = random.Random(3)
    kinds = set()
    for _ in range(30):
        draft = STYLES[style](rng)
        assert draft.cites
        for mutant in mutants(draft, rng):
            kinds.add(mutant.kind)
            changed = mutant.text != draft.text, mutant.cites != tuple(figure.id for figure in draft.cites)
            assert sum(changed) == 1
    assert len(kinds) >= 8


def test_a_mutant_that_is_still_true_is_recognised() -> None:
    figures = STYLES["ticker"](random.Random(1)).cites
    printed = PrintedNumber("", figures[0].value, 0.5, "plain")
    assert equals_a_figure(printed, figures)
    assert not equals_a_figure(PrintedNumber("", figures[0].value * 7.77 + 3, 0.5, "plain"), figures[:1])
