"""`groundswell ground`: texts checked against their evidence by the rules of docs/formulas.md, section 7."""

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import Violation, violations

LONGEST_INTEGER = 400  # more digits than any float has
NO_TEXT = "text"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
TOO_DEEP = "is no JSON: it is nested too deeply"


@dataclass(frozen=True)
class CheckedText:
    """A text and its violations; a text without any is accepted.

    Parameters
    ----------
    text: the text; empty for a line that holds none
    violations: why it is rejected
    wrong_use: what is wrong with the line of the file, if it holds no text that can be judged
    """

    text: CitedText
    violations: list[Violation]
    wrong_use: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as the command prints it."""
        return {
            "id": self.text.id,
            "accepted": not self.violations,
            "violations": [violation.to_json() for violation in self.violations],
        }


def judge(evidence_file: Path, texts_file: Path) -> Iterator[CheckedText]:
    """Judge texts by their evidence, in their order. A line that holds no text is rejected and costs no other line.

    Raises
    ------
    UsageError: a file can't be read, or the evidence is none; raised before the first verdict
    """
    return _judged(read_evidence(evidence_file), _bytes(texts_file))


def require_texts(checked: list[CheckedText], texts_file: Path) -> None:
    """Raise a UsageError that names the first line without a text, if there is one."""
    wrong = [item.wrong_use for item in checked if item.wrong_use]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise UsageError(f"{texts_file}: {wrong[0]}{more}")


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
    content = _bytes(path)
    try:
        return Evidence.from_json(_parsed(_decoded(content)))
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: line {error.lineno} is no JSON: {error.msg}") from None
    except RecursionError:
        raise UsageError(f"{path} {TOO_DEEP}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


def printable(line: str) -> str:
    """Return a line that any terminal and file takes: half characters (lone surrogates) are escaped."""
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def _judged(evidence: Evidence, content: bytes) -> Iterator[CheckedText]:
    seen: set[str] = set()
    for number, line in enumerate(_lines(content), 1):
        if not line.strip():
            continue
        ident, problem, text = f"line {number}", "", None
        try:
            value = _parsed(_decoded(line))
            ident = str(value["id"]) if isinstance(value, dict) and isinstance(value.get("id"), str) else ident
            text = CitedText.from_json(value)
        except json.JSONDecodeError as error:
            problem = f"line {number} is no JSON: {error.msg}"
        except UnicodeDecodeError:
            problem = f"line {number} is no UTF-8 text"
        except RecursionError:
            problem = f"line {number} {TOO_DEEP}"
        except ValueError as error:
            problem = f"line {number}: {error}"
        if text is not None and text.id in seen:
            problem = f"line {number}: narrative id {text.id} is there twice"
        if text is None or problem:
            yield CheckedText(CitedText(ident, ""), [Violation(NO_TEXT, (0, 0), problem)], problem)
            continue
        seen.add(text.id)
        yield CheckedText(text, violations(text, evidence))


def _whole_number(digits: str) -> float:
    """Return an integer; one that is too long for a float becomes infinite, and the rules refuse it."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


_parsed = partial(json.loads, parse_int=_whole_number)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from None


def _decoded(content: bytes) -> str:
    """Return UTF-8 text with or without a byte order mark, or UTF-16 text with one."""
    return content.decode("utf-16" if content.startswith(UTF_16) else "utf-8-sig")


def _lines(content: bytes) -> list[bytes]:
    if content.startswith(UTF_16):
        content = content.decode("utf-16", "replace").encode()
    return content.split(b"\n")
