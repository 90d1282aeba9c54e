"""What a rule finds wrong."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a text: the rule, where (start, end) in the text, and what, in one line."""

    rule: str
    span: tuple[int, int]
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"rule": self.rule, "span": list(self.span), "detail": self.detail}
