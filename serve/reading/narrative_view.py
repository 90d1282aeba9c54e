"""A narrative as people see it: the text that counts after their decisions, and how far it can be traced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pipelines.narratives.feedback import latest
from storage.records.rows import NarrativeRow
from storage.records.rows_prompts import FeedbackRow

DECIDED = {"ACCEPT": "accepted by a person", "EDIT": "edited by a person", "REJECT": "rejected by a person"}


@dataclass(frozen=True)
class CitedLine:
    """One bullet, with the figures it cites, in words; empty for a person's own words."""

    text: str
    cited: Sequence[str]


@dataclass(frozen=True)
class NarrativeView:
    """One narrative as shown.

    Parameters
    ----------
    decision: what a person last decided; None when nobody did
    lines: of the text that counts
    origin: who wrote it, and whether its figures can be traced
    checked: whether the text that counts passes the grounding rules
    problem: what was wrong with what a person just sent; empty
    """

    row: NarrativeRow
    decision: FeedbackRow | None
    lines: Sequence[CitedLine]
    origin: str
    checked: bool
    problem: str = ""

    @property
    def text(self) -> str:
        """The text that counts, a line a bullet."""
        return "\n".join(line.text for line in self.lines)

    @property
    def decided(self) -> str:
        """What a person decided, in words; empty when nobody did."""
        return DECIDED[self.decision.decision] if self.decision else ""

    @property
    def rejected(self) -> bool:
        """Whether a person rejected it: it is not shown beside predictions any more."""
        return self.decision is not None and self.decision.decision == "REJECT"

    @property
    def address(self) -> str:
        """Where decisions about it go."""
        return f"/words/{quote(self.row.narrative_id, safe='')}/feedback"

    @property
    def anchor(self) -> str:
        """Its id within a page."""
        return f"text-{self.row.hashtag}"


def narrative_view(row: NarrativeRow, decision: FeedbackRow | None, problem: str = "") -> NarrativeView:
    """Put a narrative and the decision that counts together."""
    counts = row.text if decision is None else decision.text or decision.judged
    if decision is None or counts == row.text:
        return NarrativeView(row, decision, _lines(row), _origin(row), True, problem)
    checked = not decision.violations
    traced = "every figure can be traced" if checked else "not all of it can be traced to the figures"
    lines = [CitedLine(text, ()) for text in counts.splitlines()]
    return NarrativeView(row, decision, lines, f"a person's words; {traced}", checked, problem)


def narrative_views(rows: Sequence[NarrativeRow], feedback: Sequence[FeedbackRow]) -> dict[str, NarrativeView]:
    """The views of narratives that may be shown, by hashtag, the first of each; `feedback` has the last one first."""
    decided = latest(feedback)
    shown = [row for row in reversed(rows) if row.status != "rejected"]
    return {row.hashtag: narrative_view(row, decided.get(row.narrative_id)) for row in shown}


def _origin(row: NarrativeRow) -> str:
    if row.status == "accepted":
        return f"written by {row.model}; every figure can be traced"
    return "template, filled in from the figures"


def _lines(row: NarrativeRow) -> list[CitedLine]:
    values = {metric["id"]: metric for metric in row.evidence.get("metrics", ())}
    bullets = row.bullets or [{"text": text, "cites": ()} for text in row.text.splitlines()]
    return [CitedLine(bullet["text"], _citations(bullet, values)) for bullet in bullets]


def _citations(bullet: Mapping[str, Any], values: Mapping[str, Mapping[str, object]]) -> list[str]:
    return [_cited(values[cite]) for cite in bullet["cites"] if cite in values]


def _cited(metric: Mapping[str, object]) -> str:
    """A figure of the evidence in words: its name, its value and its window."""
    value = metric["value"]
    printed = f"{value:,.6g}" if isinstance(value, int | float) else str(value)
    return f"{metric['metric']} {printed} ({metric.get('window_h', 1):g} h)"
