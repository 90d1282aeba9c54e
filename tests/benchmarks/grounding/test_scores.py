from benchmarks.grounding.scores import corpus, labelled, lines, score


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
