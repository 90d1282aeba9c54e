from core.grounding.evidence import CitedText
from core.grounding.parsing import is_hypothetical, parse
from tests.core.grounding.sentences import BOOK, BOOK_AND_GYM, DRIVEN


def test_sentences_and_clauses_are_numbered() -> None:
    parsed = parse(CitedText("n", "It rose, approx. 3 %. Then\nit fell", []), BOOK)
    by_sentence: dict[int, list[str]] = {}
    for token, sentence in zip(parsed.tokens, parsed.sentence, strict=True):
        by_sentence.setdefault(sentence, []).append(token.text)
    assert [" ".join(texts) for texts in by_sentence.values()] == ["it rose , approx . 3 % .", "then \n", "it fell"]
    assert parsed.clause[0] < parsed.clause[2] == parsed.clause[5]


def test_a_sentence_without_a_hashtag_is_about_those_named_last() -> None:
    parsed = parse(CitedText("n", "It rose. #booktok leads #gymtok. It grew. #gymtok fell.", []), BOOK_AND_GYM)
    assert parsed.subjects == [set(), {"booktok", "gymtok"}, {"booktok", "gymtok"}, {"gymtok"}]


def test_ids_in_brackets_cite_and_are_no_text() -> None:
    parsed = parse(CitedText("n", "It gained 12k views [m1, m99] (see m2) [soon].", ["m3"]), BOOK)
    assert [citation.ids for citation in parsed.inline] == [("m1", "m99"), ("m2",)]
    assert {figure.metric.id for figure in parsed.cited} == {"m1", "m2", "m3"}
    assert [number.value for number in parsed.numbers] == [12_000]


def test_titles_of_known_sounds_hold_no_words() -> None:
    parsed = parse(CitedText("n", 'Many use "Espresso Run" now.', []), DRIVEN)
    assert [token.text for token in parsed.tokens] == ["many", "use", '"', '"', "now", "."]


def test_a_clause_with_if_is_hypothetical() -> None:
    parsed = parse(CitedText("n", "If creators doubled, the chance would rise.", []), BOOK)
    assert is_hypothetical(parsed, 2)
    assert not is_hypothetical(parsed, 5)
