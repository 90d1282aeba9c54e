import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from core.themes.name_words import WORD, Lexicon, plain

# Polars knows a newer Unicode than Python: characters that it adds, and one that it files anew, are left out.
CHARACTERS = st.characters(exclude_categories=["Cn", "Cs"], exclude_characters="\U0001171e")


@given(st.lists(st.text(CHARACTERS, max_size=30), max_size=30))
def test_the_words_of_a_lexicon_are_those_that_python_finds(captions: list[str]) -> None:
    doubled = [*captions, *captions]
    words = {word for caption in captions for word in WORD.findall(plain(caption)) if len(word) > 1}
    assert set(Lexicon.of(pl.Series(doubled, dtype=pl.String)).weight) == words
