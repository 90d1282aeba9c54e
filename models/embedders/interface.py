"""What turns texts into vectors, and which implementations there are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from core.errors import UsageError
from core.themes.co_use import Floats
from models.embedders.minilm import MiniLm
from models.embedders.ngrams import NameNgrams


class Embedder(Protocol):
    """Texts as vectors: near in meaning, near in direction.

    Parameters
    ----------
    name: as stored beside every vector it made; another model is another name
    captions: captions a text should hold beside the name of its hashtag; 0 for the name alone
    """

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def captions(self) -> int:
        """Captions a text should hold."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return unit rows (texts, d), the same for the same text whatever stands beside it."""
        ...


EMBEDDERS: Mapping[str, Callable[[], Embedder]] = {"minilm": MiniLm, "name-ngrams": NameNgrams}


def embedder_of(choice: str) -> Embedder | None:
    """Return the embedder of a setting: none, auto (minilm where it is installed, else none), or a name.

    A UsageError says what is missing.
    """
    if choice == "none" or (choice == "auto" and not MiniLm.is_installed()):
        return None
    name = "minilm" if choice == "auto" else choice
    if name not in EMBEDDERS:
        raise UsageError(f"no embedder {name!r}; there are none, auto, {', '.join(EMBEDDERS)}")
    return EMBEDDERS[name]()
