import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from core.themes.name_words import WORD, Lexicon, plain


@given(st.lists(st.text(max_size=30), max_size=30))
def test_the_words_of_a_lexicon_are_those_that_python_finds(captions: list[str]) -> None:
    doubled = [*captions, *captions]
    words = {word for caption in captions for word in WORD.findall(plain(caption)) if len(word) > 1}
    assert set(Lexicon.of(pl.Series(doubled, dtype=pl.String)).weight) == words
