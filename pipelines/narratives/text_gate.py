"""The gate that every generated text passes before anyone sees it."""

from collections.abc import Callable, Sequence

from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import Violation, violations

Texts = Sequence[tuple[CitedText, Evidence]]
Check = Callable[[Texts], list[list[Violation]]]
"""Finds the violations of each text."""


def grounded(texts: Texts) -> list[list[Violation]]:
    """The violations of each text, by the rules of `core.grounding.rules`."""
    return [violations(narrative, evidence) for narrative, evidence in texts]
