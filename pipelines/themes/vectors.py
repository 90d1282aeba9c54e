"""Vectors of hashtags and words at a time, from co-use and, with a text model, from meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from scipy.linalg import orthogonal_procrustes

from core.themes.co_use import Floats, co_use_vectors, unit_rows
from core.themes.name_words import Lexicon
from models.embedders.interface import Embedder
from pipelines.themes.items import ThemeItems
from storage.lake.vectors import Stored, VectorStore

DIMENSIONS = 64
TEXT_WEIGHT = 0.5
CHANGED = 2.0


@dataclass(frozen=True)
class TextModel:
    """A text model with the store of its earlier vectors.

    Parameters
    ----------
    embedder, store: the model and its cache
    most: texts it is asked for in one cycle; others wait for the next
    """

    embedder: Embedder
    store: VectorStore
    most: int = 300


def theme_vectors(items: ThemeItems, meanings: Mapping[str, Floats]) -> Floats:
    """Return unit rows (hashtags + keywords, d): the co-use part, then the text part where there are any texts.

    Words of captions, and hashtags whose text waits for its turn, have a text part of zeros.

    Parameters
    ----------
    meanings: hashtag -> vector of its text, as `text_vectors` gives them; empty without a text model
    """
    used = co_use_vectors(items.use, DIMENSIONS)
    rows = [row for row, tag in enumerate(items.hashtags) if tag in meanings]
    if not rows:
        return used
    stacked = np.stack([meanings[items.hashtags[row]] for row in rows])
    meant = np.zeros((len(used), stacked.shape[1]), np.float32)
    meant[rows] = unit_rows(stacked - stacked.mean(axis=0))
    return unit_rows(np.hstack([used, TEXT_WEIGHT * meant]))


def text_vectors(items: ThemeItems, text: TextModel, at: datetime) -> dict[str, Floats]:
    """Return the text vector of each hashtag that has one, from the store or newly computed and stored.

    A hashtag is asked for again when it has `CHANGED` times the captions it had. Those without a vector go first.
    """
    held = text.store.get(items.hashtags, at)
    captions = dict(items.captions.iter_rows())
    counts = {tag: len(captions.get(tag, ())) for tag in items.hashtags}
    missing = [tag for tag in items.hashtags if tag not in held]
    stale = [
        tag
        for tag, stored in held.items()
        if text.embedder.captions and counts[tag] >= CHANGED * max(stored.captions, 1)
    ]
    due = [*missing, *stale][: text.most]
    if due:
        lexicon = Lexicon.of(pl.Series([caption for texts in captions.values() for caption in texts], dtype=pl.String))
        texts = [_text(lexicon, tag, captions.get(tag, ())[: text.embedder.captions]) for tag in due]
        made = zip(due, text.embedder.embed(texts), strict=True)
        new = {tag: Stored(vector, counts[tag]) for tag, vector in made}
        text.store.put(new, at)
        held |= new
    return {tag: stored.vector for tag, stored in held.items()}


def turned(vectors: Floats, now: Floats, before: Floats) -> Floats:
    """Return vectors with their co-use part turned so that centroids lie where those of the last cycle did.

    An SVD is free in its axes; angles between vectors stay as they are (orthogonal Procrustes).

    Parameters
    ----------
    now, before: the same clusters' centroids, (clusters, d) each; without any nothing is turned
    """
    width = min(DIMENSIONS, vectors.shape[1])
    if not len(now) or now.shape != before.shape:
        return vectors
    turn, _ = orthogonal_procrustes(now[:, :width], before[:, :width])
    return np.hstack([vectors[:, :width] @ turn, vectors[:, width:]]).astype(np.float32)


def _text(lexicon: Lexicon, tag: str, captions: list[str]) -> str:
    return ". ".join([" ".join(lexicon.words(tag)), *captions])
