"""`groundswell ground`: texts checked against their evidence by the rules of docs/formulas.md, section 7."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import Violation, violations


@dataclass(frozen=True)
class Judged:
    """A narrative and what is wrong with it; nothing means accepted."""

    narrative: CitedText
    violations: list[Violation]

    def to_json(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "id": self.narrative.id,
            "accepted": not self.violations,
            "violations": [one.to_json() for one in self.violations],
        }


def judge(evidence: Path, narratives: Path) -> Iterator[Judged]:
    """Yield the verdict on each narrative, in their order; UsageError for a file that can't be used, before any."""
    known, told = read_evidence(evidence), read_narratives(narratives)
    return (Judged(one, violations(one, known)) for one in told)


def report(judged: list[Judged], tell: Callable[[str], object]) -> None:
    """Tell the verdicts in lines for people."""
    for one in judged:
        tell(f"{one.narrative.id}  {'rejected' if one.violations else 'accepted'}")
        for wrong in one.violations:
            start, end = wrong.span
            where = (
                f"{start}-{end} {one.narrative.text[start:end]!r}" if end - start < len(one.narrative.text) else "whole"
            )
            tell(f"    {wrong.rule:<12} {where}: {wrong.detail}")
    accepted = sum(not one.violations for one in judged)
    tell(f"{accepted} of {len(judged)} accepted")


def read_evidence(path: Path) -> Evidence:
    """Read an evidence file."""
    text = _text(path)
    try:
        return Evidence.from_json(json.loads(text))
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: line {error.lineno} is no JSON: {error.msg}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


def read_narratives(path: Path) -> list[CitedText]:
    """Read narratives, one JSON object a line; an id may be there once."""
    found: list[CitedText] = []
    seen: set[str] = set()
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            narrative = CitedText.from_json(json.loads(line))
        except json.JSONDecodeError as error:
            raise UsageError(f"{path}: line {number} is no JSON: {error.msg}") from None
        except ValueError as error:
            raise UsageError(f"{path}: line {number}: {error}") from None
        if narrative.id in seen:
            raise UsageError(f"{path}: line {number}: narrative id {narrative.id} is there twice")
        seen.add(narrative.id)
        found.append(narrative)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8 text") from None
