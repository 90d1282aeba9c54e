"""The interface of text embedders, and the implementations by name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from core.errors import UsageError
from core.themes.co_use import Floats
from models.embedders.minilm import MiniLm
from models.embedders.ngrams import NameNgrams


class Embedder(Protocol):
    """Turns texts into vectors whose directions are close when their meanings are.

    Parameters
    ----------
    name: name stored beside every vector; a different model has a different name
    captions: number of captions a text should hold beside the name of its hashtag; 0 for the name alone
    """

    @property
    def name(self) -> str:
        """Name of the embedder."""
        ...

    @property
    def captions(self) -> int:
        """Number of captions a text should hold."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return unit rows (texts, d); the row of a text does not depend on the other texts."""
        ...


EMBEDDERS: Mapping[str, Callable[[], Embedder]] = {"minilm": MiniLm, "name-ngrams": NameNgrams}


def embedder_of(choice: str) -> Embedder | None:
    """Return the embedder that a setting names, None for no embedder.

    Parameters
    ----------
    choice: `none`, `auto` (minilm where it is installed, else none), or a key of `EMBEDDERS`; raises UsageError for
        another name, or when the embedder is not installed
    """
    if choice == "none" or (choice == "auto" and not MiniLm.is_installed()):
        return None
    name = "minilm" if choice == "auto" else choice
    if name not in EMBEDDERS:
        raise UsageError(f"no embedder {name!r}; there are none, auto, {', '.join(EMBEDDERS)}")
    return EMBEDDERS[name]()
