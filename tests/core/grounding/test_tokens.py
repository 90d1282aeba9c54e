import pytest

from core.grounding.tokens import Phrases, inflected, phrases, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$BookTok’s", [("tag", "$booktok"), ("mark", "'"), ("word", "s")]),
        ("@studio.noa", [("handle", "@studio.noa")]),
        ("2025-05-14 10:00", [("moment", "2025-05-14 10:00")]),
        ("−12,340", [("number", "-12,340")]),
        ("12\u202f340", [("number", "12\u202f340")]),
        ("#1", [("mark", "#"), ("number", "1")]),
        ("isn’t it\n", [("word", "isn't"), ("word", "it"), ("mark", "\n")]),
    ],
)
def test_a_text_is_cut_into_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(token.kind, token.text) for token in tokenize(text)] == expected


def test_the_longest_phrase_wins_and_phrases_do_not_overlap() -> None:
    table = Phrases(dict.fromkeys(phrases("up, up to, to the moon"), True))
    hits = [(first, last) for first, last, _ in table.find(tokenize("up to the moon, up"))]
    assert hits == [(0, 2), (5, 6)]


def test_verbs_are_inflected() -> None:
    assert [*inflected("crash", "ease")] == [
        "crash",
        "crashes",
        "crashed",
        "crashing",
        "ease",
        "eases",
        "eased",
        "easing",
    ]
