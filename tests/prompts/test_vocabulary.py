"""The vocabulary: every label may be shown, blocked words never are, people's decisions count."""

import pytest

from prompts.vocabulary import Vocabulary, shipped_vocabulary


def test_every_shipped_label_is_two_or_three_words_and_has_words_of_its_own() -> None:
    vocabulary = shipped_vocabulary()
    assert len(vocabulary.labels) >= 70
    assert not [label for label in vocabulary.labels if vocabulary.problem(label)]
    assert all(len(words) >= 3 for words in vocabulary.labels.values())


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("Cats", "not two or three words"),
        ("A Label Of Many Words", "not two or three words"),
        ("Sexy Dance", "'sexy'"),
        ("Number One Song", "'number one'"),
        ("Secret-Ways Out", "'secret'"),
        ("Essex Walks", ""),
    ],
)
def test_what_keeps_a_text_from_being_a_label(label: str, problem: str) -> None:
    problem = shipped_vocabulary().problem(label)
    assert problem in problem
    assert bool(problem) == bool(problem)


def test_words_point_to_labels_whole_or_inside_when_long() -> None:
    vocabulary = shipped_vocabulary()
    assert "Cat Videos" in vocabulary.pointed_at(["cute", "cat"])
    assert "Cat Videos" in vocabulary.pointed_at(["Mèo"])
    assert "Cat Videos" not in vocabulary.pointed_at(["education"], "education")
    assert "Travel Diaries" in vocabulary.pointed_at([], "dulichdanang")


def test_labels_are_added_and_taken_out() -> None:
    small = Vocabulary({"Cat Videos": ("cat",)}, frozenset({"bad"}))
    assert small.with_label("Tea Time", ["Trà"]).pointed_at(["tra"]) == {"Tea Time"}
    with pytest.raises(ValueError, match="blocked word 'bad'"):
        small.with_label("Bad Tea", ["tea"])
    without = small.without(["Cat Videos"])
    assert not without.labels
    assert "blocked" in without.problem("Cat Videos")
