"""Which three things moved a prediction, in words that stand on the features' values."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.features.words import RANK, plain_words
from core.grounding.evidence import CitedText, Evidence, EvidenceMetric
from core.grounding.rules import violations

THINGS = 3
_HOURS = re.compile(r"_(\d+)h(?:_|$)")
_LEADS = ("what speaks for it is", "what speaks against it is")


def reasons(hashtag: str, at: datetime, contributions: Sequence[Mapping[str, Any]]) -> tuple[CitedText, Evidence]:
    """Return the sentence and what it stands on: the features it names, each cited as a driver.

    Features that are said with the same words are one thing, told once by the strongest of them. A value that is
    unknown can move a prediction too; it is told as such and stands as a 0 on whether it is known.

    Parameters
    ----------
    contributions: {feature, value, contribution}, strongest first, as the table `predictions` holds them

    Examples
    --------
    >>> from datetime import UTC
    >>> moved = [{"feature": "novelty", "value": 0.8, "contribution": 0.7}]
    >>> text, evidence = reasons("booktok", datetime(2025, 5, 14, tzinfo=UTC), moved)
    >>> text.text, text.cites, evidence.drivers
    ('For #booktok, what speaks for it is its novelty.', ('d1',), ('d1',))
    """
    chosen = distinct(contributions)
    metrics = tuple(_metric(f"d{place}", hashtag, at, part) for place, part in enumerate(chosen, 1))
    sides: list[list[str]] = [[], []]
    for part in chosen:
        unknown = " (not known)" if part["value"] is None else ""
        sides[part["contribution"] < 0].append(plain_words(part["feature"]) + unknown)
    told = [f"{lead} {_listed(words)}" for lead, words in zip(_LEADS, sides, strict=True) if words]
    text = f"For #{hashtag}, {'; '.join(told)}." if told else ""
    ids = tuple(metric.id for metric in metrics)
    return CitedText(f"{hashtag}@{at:%Y%m%dT%H%M}Z/moved", text, ids), Evidence(metrics, drivers=ids)


def moved_by(hashtag: str, at: datetime, contributions: Sequence[Mapping[str, Any]]) -> str | None:
    """The sentence of `reasons`, or None where nothing moved the prediction or the grounding rules refuse it."""
    narrative, evidence = reasons(hashtag, at, contributions)
    return None if not narrative.text or violations(narrative, evidence) else narrative.text


def distinct(contributions: Sequence[Mapping[str, Any]], count: int = THINGS) -> list[Mapping[str, Any]]:
    """The first `count` contributions that are about different things; a figure and its rank are one thing."""
    told: dict[str, Mapping[str, Any]] = {}
    for part in contributions:
        if part["contribution"]:
            told.setdefault(plain_words(part["feature"].removeprefix(RANK)), part)
    return list(told.values())[:count]


def _metric(name: str, hashtag: str, at: datetime, part: Mapping[str, Any]) -> EvidenceMetric:
    feature, value = part["feature"], part["value"]
    hours = _HOURS.search(feature)
    window_h = float(hours[1]) if hours else 1.0
    known = value is not None
    measured = feature if known else f"{feature}_known"
    return EvidenceMetric(name, hashtag, measured, float(value) if known else 0.0, "score", at.isoformat(), window_h)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
