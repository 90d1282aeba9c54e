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
class CheckedText:
    """A text and its violations; a text without any is accepted."""

    text: CitedText
    violations: list[Violation]

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as the command prints it."""
        return {
            "id": self.text.id,
            "accepted": not self.violations,
            "violations": [violation.to_json() for violation in self.violations],
        }


def judge(evidence_file: Path, texts_file: Path) -> Iterator[CheckedText]:
    """Judge texts by their evidence, in their order.

    Raises
    ------
    UsageError: a file can't be read or holds something else; raised before the first verdict
    """
    evidence, texts = read_evidence(evidence_file), read_texts(texts_file)
    return (CheckedText(text, violations(text, evidence)) for text in texts)


def report(checked: list[CheckedText], write: Callable[[str], object]) -> None:
    """Write the verdicts as lines for people."""
    for item in checked:
        text = item.text.text
        write(f"{item.text.id}  {'rejected' if item.violations else 'accepted'}")
        for violation in item.violations:
            start, end = violation.span
            where = f"{start}-{end} {text[start:end]!r}" if end - start < len(text) else "whole"
            write(f"    {violation.rule:<12} {where}: {violation.detail}")
    accepted = sum(not item.violations for item in checked)
    write(f"{accepted} of {len(checked)} accepted")


def read_evidence(path: Path) -> Evidence:
    """Read an evidence file.

    Raises
    ------
    UsageError: the file can't be read or holds no evidence
    """
    text = _text(path)
    try:
        return Evidence.from_json(json.loads(text))
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: line {error.lineno} is no JSON: {error.msg}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


def read_texts(path: Path) -> list[CitedText]:
    """Read texts, one JSON object a line.

    Raises
    ------
    UsageError: the file can't be read, a line is no text with citations, or an id is there twice
    """
    texts: list[CitedText] = []
    seen: set[str] = set()
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            cited_text = CitedText.from_json(json.loads(line))
        except json.JSONDecodeError as error:
            raise UsageError(f"{path}: line {number} is no JSON: {error.msg}") from None
        except ValueError as error:
            raise UsageError(f"{path}: line {number}: {error}") from None
        if cited_text.id in seen:
            raise UsageError(f"{path}: line {number}: narrative id {cited_text.id} is there twice")
        seen.add(cited_text.id)
        texts.append(cited_text)
    return texts


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8 text") from None
