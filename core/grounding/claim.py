"""A number of a text with what is told of it and what bears it out."""

from dataclasses import dataclass

from core.grounding.numbers import Number
from core.grounding.support import SPAN, Support
from core.grounding.ways import Way


@dataclass(slots=True)
class Claim:
    """A number, what is told of it, and what bears it out.

    Parameters
    ----------
    number: as told
    way: its direction
    terms: topics of the words bound to it; one of them must fit
    supports: what bears it out in every respect; empty where `wrong` says why not
    base: topics of what it is told as a part of (35 % of its views)
    wrong: rule and reason, where nothing does
    """

    number: Number
    way: Way | None
    terms: list[frozenset[str]]
    supports: list[Support]
    base: frozenset[str] = frozenset()
    wrong: tuple[str, str] | None = None

    @property
    def span(self) -> bool:
        """Whether it is the length of a window, and no figure of its own."""
        return bool(self.supports) and all(one.how == SPAN for one in self.supports)
