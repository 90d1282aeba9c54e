"""The rules a text must pass before anyone sees it: whatever it says can be traced to the evidence."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.grounding_evidence import Evidence, Metric, Narrative
from core.grounding_numbers import bears_out, numbers
from core.hashtags import clean_hashtag

CHANGES = frozenset({"velocity", "acceleration", "views_gained", "delta_24h", "views_increment"})
CHANGE_PREFIXES = ("gained_", "growth_", "change_")
SHARES = frozenset({"probability", "novelty", "momentum", "creator_dispersion", "increment_coverage"})
RISING = re.compile(
    r"\b(?:accelerating|climb(?:ed|ing)|faster|gain(?:ed|ing)|gr(?:ew|owing|own)|increased?|jumped|quickened|rising|rose|"
    r"speeding|surging|up)\b"
)
FALLING = re.compile(
    r"\b(?:cooling|declin(?:ed|ing)|decreased?|down|dropp(?:ed|ing)|fading|fell|falling|losing|lost|shrinking|shrank|"
    r"slow(?:ed|er|ing))\b"
)
DIRECTIONS = ((RISING, 1), (FALLING, -1))
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]?")
_TAG = re.compile(r"#\w+")
_HANDLE = re.compile(r"@[\w.]+")


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a text: the rule, where (start, end) in the text, and what, in one line."""

    rule: str
    span: tuple[int, int]
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"rule": self.rule, "span": list(self.span), "detail": self.detail}


Rule = Callable[[Narrative, Evidence], Iterator[Violation]]


def violations(narrative: Narrative, evidence: Evidence) -> list[Violation]:
    """Everything wrong with `narrative`, in the order of the rules; empty means accepted.

    Examples
    --------
    >>> fact = Metric("m1", "booktok", "views_gained", 12_340, "count", "2025-05-14T10:00:00+00:00")
    >>> violations(Narrative("n1", "#booktok gained 12k views.", ["m1"]), Evidence([fact]))
    []
    >>> [one.rule for one in violations(Narrative("n1", "#booktok gained 13k views.", ["m1"]), Evidence([fact]))]
    ['number']
    """
    return [violation for rule in RULES for violation in rule(narrative, evidence)]


def citations_exist(narrative: Narrative, evidence: Evidence) -> Iterator[Violation]:
    """Every cited id is in the evidence, and something is cited."""
    whole = (0, len(narrative.text))
    if not narrative.cites:
        yield Violation("citation", whole, "nothing is cited")
    known = {metric.id for metric in evidence.metrics}
    for cite in narrative.cites:
        if cite not in known:
            yield Violation("citation", whole, f"{cite} is not in the evidence")


def numbers_are_cited(narrative: Narrative, evidence: Evidence) -> Iterator[Violation]:
    """Every number equals a cited metric at the precision it is printed with."""
    cited = evidence.cited(narrative.cites)
    for number in numbers(narrative.text):
        if not any(bears_out(metric, number) for metric in cited):
            printed = narrative.text[number.start : number.end]
            yield Violation("number", (number.start, number.end), f"{printed!r} equals no cited metric")


def names_are_known(narrative: Narrative, evidence: Evidence) -> Iterator[Violation]:
    """Every hashtag and every creator named is in the evidence."""
    for match in _TAG.finditer(narrative.text):
        if clean_hashtag(match.group()) not in evidence.hashtags:
            yield Violation("name", match.span(), f"{match.group()} is not in the evidence")
    for match in _HANDLE.finditer(narrative.text):
        if match.group().removeprefix("@") not in evidence.creators:
            yield Violation("name", match.span(), f"{match.group()} is not in the evidence")


def directions_agree(narrative: Narrative, evidence: Evidence) -> Iterator[Violation]:
    """A word of rising or falling goes with a change of that sign.

    It is held against the changes whose numbers stand in its sentence or, where none does, against all cited ones.
    """
    cited = [metric for metric in evidence.cited(narrative.cites) if is_change(metric)]
    for sentence in _SENTENCE.finditer(narrative.text):
        printed = list(numbers(sentence.group()))
        meant = [metric for metric in cited if any(bears_out(metric, number) for number in printed)] or cited
        wordy = _TAG.sub(_blank, sentence.group()).lower()
        for words, sign in DIRECTIONS:
            for word in words.finditer(wordy):
                if not any(metric.value * sign > 0 for metric in meant):
                    span = (sentence.start() + word.start(), sentence.start() + word.end())
                    yield Violation("direction", span, f"{word.group()!r} has no cited change of that sign")


def evidence_is_sane(narrative: Narrative, evidence: Evidence) -> Iterator[Violation]:
    """No metric of the evidence is impossible: one such figure discards the text."""
    for metric in evidence.metrics:
        problem = impossible(metric)
        if problem:
            yield Violation(
                "sanity", (0, len(narrative.text)), f"{metric.id}: {metric.metric} of {metric.value:g} {problem}"
            )


RULES: tuple[Rule, ...] = (citations_exist, numbers_are_cited, names_are_known, directions_agree, evidence_is_sane)


def is_change(metric: Metric) -> bool:
    """Whether the sign of a metric says which way something goes."""
    return metric.metric in CHANGES or metric.metric.startswith(CHANGE_PREFIXES)


def impossible(metric: Metric) -> str:
    """Why a figure can't be true; empty when it can."""
    if not math.isfinite(metric.value):
        return "is no number"
    if (metric.metric.endswith("_rate") or metric.metric == "engagement_efficiency") and not 0 <= metric.value <= 1:
        return "is no rate between 0 and 1"
    if metric.metric in SHARES and not 0 <= metric.value <= 1:
        return "is not between 0 and 1"
    if metric.unit in ("count", "hours") and metric.value < 0 and not is_change(metric):
        return "is negative"
    return ""


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
