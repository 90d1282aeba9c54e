"""Which three things moved a prediction, in words that stand on the features' values."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from core.features.words import RANK, plain_words
from core.grounding.evidence import CitedText, Evidence, EvidenceMetric
from core.grounding.rules import violations
from models.interface import Contribution

THINGS = 3
_HOURS = re.compile(r"_(\d+)h(?:_|$)")
_LEADS = ("what speaks for it is", "what speaks against it is")


def reasons(hashtag: str, at: datetime, contributions: Iterable[Contribution]) -> tuple[CitedText, Evidence]:
    """Return the sentence and what it stands on: the features it names, each cited as a driver.

    Features that share the same words are one thing, named once for the strongest of them. An unknown value can move a
    prediction too: the sentence says that it is unknown, and the evidence holds a 0 for whether it is known.

    Parameters
    ----------
    contributions: strongest first

    Examples
    --------
    >>> from datetime import UTC
    >>> moved = [Contribution("novelty", 0.8, 0.7)]
    >>> text, evidence = reasons("booktok", datetime(2025, 5, 14, tzinfo=UTC), moved)
    >>> text.text, text.cites, evidence.drivers
    ('For #booktok, what speaks for it is its novelty.', ('d1',), ('d1',))
    """
    chosen = distinct(contributions)
    metrics = tuple(_metric(f"d{place}", hashtag, at, part) for place, part in enumerate(chosen, 1))
    sides: list[list[str]] = [[], []]
    for part in chosen:
        unknown = " (not known)" if part.value is None else ""
        sides[part.contribution < 0].append(plain_words(part.feature) + unknown)
    clauses = [f"{lead} {_listed(words)}" for lead, words in zip(_LEADS, sides, strict=True) if words]
    text = f"For #{hashtag}, {'; '.join(clauses)}." if clauses else ""
    ids = tuple(metric.id for metric in metrics)
    return CitedText(f"{hashtag}@{at:%Y%m%dT%H%M}Z/moved", text, ids), Evidence(metrics, drivers=ids)


def moved_by(hashtag: str, at: datetime, contributions: Iterable[Contribution]) -> str | None:
    """The sentence of `reasons`, or None where nothing moved the prediction or the grounding rules refuse it."""
    narrative, evidence = reasons(hashtag, at, contributions)
    return None if not narrative.text or violations(narrative, evidence) else narrative.text


def distinct(contributions: Iterable[Contribution], count: int = THINGS) -> list[Contribution]:
    """The first `count` contributions that are about different things; a figure and its rank are one thing."""
    things: dict[str, Contribution] = {}
    for part in contributions:
        if part.contribution:
            things.setdefault(plain_words(part.feature.removeprefix(RANK)), part)
    return list(things.values())[:count]


def _metric(name: str, hashtag: str, at: datetime, part: Contribution) -> EvidenceMetric:
    hours = _HOURS.search(part.feature)
    window_h = float(hours[1]) if hours else 1.0
    measured, value = (f"{part.feature}_known", 0.0) if part.value is None else (part.feature, float(part.value))
    return EvidenceMetric(name, hashtag, measured, value, "score", at.isoformat(), window_h)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
