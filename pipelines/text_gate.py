"""The gate that every generated text passes before anyone sees it."""

from collections.abc import Callable, Sequence

from core.grounding import Violation, violations
from core.grounding_evidence import Evidence, Narrative

Texts = Sequence[tuple[Narrative, Evidence]]
Check = Callable[[Texts], list[list[Violation]]]
"""Finds the violations of each text."""


def grounded(texts: Texts) -> list[list[Violation]]:
    """The violations of each text, by the rules of `core.grounding`."""
    return [violations(narrative, evidence) for narrative, evidence in texts]
