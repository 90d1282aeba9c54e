"""Texts of hashtags are embedded once, again when they have changed, and never too many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.windows import HOUR
from models.embedders.ngrams import NameNgrams
from pipelines.themes.items import ThemeRule, theme_items
from pipelines.themes.vectors import TextModel, text_vectors, theme_vectors, turned
from storage.lake.vectors import MemoryVectors
from tests.support.theme_videos import T0, videos


@dataclass
class Counting(NameNgrams):
    """Name n-grams that remember what they were asked."""

    captions: int = 3
    texts_seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        NameNgrams.__init__(self)

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.texts_seen += texts
        return super().embed(texts)


def test_a_hashtag_is_embedded_once_and_again_when_its_captions_doubled() -> None:
    embedder, rule = Counting(), ThemeRule()
    text = TextModel(embedder, MemoryVectors())
    few, many = (theme_items(videos(hours), rule) for hours in (4, 12))
    first = text_vectors(few, text, T0 + HOUR)
    assert set(first) == set(few.hashtags)
    assert len(embedder.texts_seen) == len(few.hashtags)
    again = text_vectors(few, text, T0 + 2 * HOUR)
    assert len(embedder.texts_seen) == len(few.hashtags)
    assert all(np.array_equal(again[tag], first[tag]) for tag in first)
    text_vectors(many, text, T0 + 3 * HOUR)
    assert len(embedder.texts_seen) > len(few.hashtags)
    assert all(1 < len(text.split(". ")) <= 4 for text in embedder.texts_seen)


def test_what_is_too_much_for_one_cycle_waits_for_the_next() -> None:
    embedder = Counting()
    text, items = TextModel(embedder, MemoryVectors(), most=10), theme_items(videos(4), ThemeRule())
    counts = [len(text_vectors(items, text, T0 + hour * HOUR)) for hour in range(1, 6)]
    assert counts == [min(10 * hour, len(items.hashtags)) for hour in range(1, 6)]


def test_vectors_are_of_length_one_with_and_without_texts() -> None:
    items = theme_items(videos(4), ThemeRule())
    meanings = text_vectors(items, TextModel(NameNgrams(), MemoryVectors(), most=12), T0)
    for meanings_given in ({}, meanings):
        lengths = np.linalg.norm(theme_vectors(items, meanings_given), axis=1)
        assert np.allclose(lengths, 1, atol=1e-5)


def test_turning_changes_no_angle() -> None:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((30, 80)).astype(np.float32)
    before = random.standard_normal((5, 80)).astype(np.float32)
    moved = turned(vectors, vectors[:5], before)
    assert np.allclose(moved @ moved.T, vectors @ vectors.T, atol=1e-3)
    assert np.array_equal(moved[:, 64:], vectors[:, 64:])
    assert np.allclose(turned(moved, moved[:5], vectors[:5])[:5, :64], vectors[:5, :64], atol=1e-3)
