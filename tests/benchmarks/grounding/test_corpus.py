import ast
import random

import pytest

from benchmarks.grounding.mutations import equals_a_figure, mutants
from benchmarks.grounding.printed_numbers import PrintedNumber, count, in_words, multiple, share
from benchmarks.grounding.scores import corpus, labelled, lines, score
from benchmarks.grounding.styles import STYLES
from tests.support.paths import ROOT

GENERATOR = ("comparison", "evidence", "mutations", "parts", "printed_numbers", "styles")


@pytest.mark.parametrize("name", GENERATOR)
def test_the_generator_imports_nothing_of_the_rules(name: str) -> None:
    tree = ast.parse((ROOT / "benchmarks" / "grounding" / f"{name}.py").read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    allowed = {f"benchmarks.grounding.{module}" for module in GENERATOR}
    assert not {module for module in modules if module.startswith(("core", "benchmarks"))} - allowed


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


def test_numbers_are_printed_as_their_figure_rounds() -> None:
    rng = random.Random(5)
    for _ in range(500):
        value = rng.uniform(0.01, 5e6)
        assert count(value, rng).rounds_from(round(value)) or count(value, rng).rounds_from(value)
        assert multiple(1.2 + value % 20, rng).rounds_from(1.2 + value % 20)
        assert share(value % 0.97 + 0.01, rng).rounds_from(100 * (value % 0.97 + 0.01))
    assert in_words(1_000_001) == "one million and one"


def test_a_mutant_that_is_still_true_is_known_as_such() -> None:
    figures = STYLES["ticker"](random.Random(1)).cites
    printed = PrintedNumber("", figures[0].value, 0.5, "plain")
    assert equals_a_figure(printed, figures)
    assert not equals_a_figure(PrintedNumber("", figures[0].value * 7.77 + 3, 0.5, "plain"), figures[:1])


def test_a_seed_gives_one_corpus() -> None:
    assert [case.narrative for case in corpus(4, 10)] == [case.narrative for case in corpus(4, 10)]


def test_the_labelled_outputs_are_two_hundred_and_have_reasons() -> None:
    cases = labelled()
    assert sum(case.group == "whole" for case in cases) == 200
    assert {case.group for case in cases} == {"whole", "first sentence"}


def test_the_rules_do_on_a_small_corpus_what_they_must() -> None:
    scores = score([11], 60)
    result = scores["corpora"][0]
    assert result["mutants_rejected"] >= 0.995
    assert result["wrongly_rejected"] <= 0.01
    for part in scores["model_outputs"].values():
        assert part["false_rejects"] == 0
        assert part["false_accepts"] <= 2
    assert any("of the mutants rejected" in line for line in lines(scores))
