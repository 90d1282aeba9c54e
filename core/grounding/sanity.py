"""Metrics that can't be true discard every text that stands on their evidence."""

import math
from collections.abc import Iterator, Sequence

from core.grounding.claim import Claim
from core.grounding.evidence import EvidenceMetric
from core.grounding.figures import kind_of
from core.grounding.reading import Reading
from core.grounding.violation import Violation
from core.grounding.wordlists import words

SHARES = frozenset(
    words(
        "probability lower upper novelty momentum creator_dispersion increment_coverage top_creator_share "
        "new_video_share"
    )
)
LOWEST = {"velocity": -1.0}
_COUNTED = frozenset(
    ["volume", "new_videos", "unique_creators", "unique_sounds", "views_total", "videos_total", "rank"]
)
_SLACK = 1e-9


def evidence_is_sane(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """No metric of the evidence is impossible: one such figure discards the text."""
    for metric in reading.evidence.metrics:
        problem = impossible(metric)
        if problem:
            whole = (0, len(reading.narrative.text))
            yield Violation("sanity", whole, f"{metric.id}: {metric.metric} of {metric.value:g} {problem}")


def impossible(metric: EvidenceMetric) -> str:
    """Why a figure can't be true; empty when it can."""
    name, value = metric.metric, metric.value
    if not math.isfinite(value):
        return "is no number"
    if not metric.window_h > 0:
        return f"has a window of {metric.window_h:g} hours"
    whole = 100.0 if metric.unit == "percent" else 1.0
    if (name.endswith("_rate") and not kind_of(name).change) or name in ("engagement_efficiency", "engagement"):
        return "" if 0 <= value <= whole + _SLACK else f"is no rate between 0 and {whole:g}"
    if name in SHARES or name.endswith("probability"):
        return "" if -_SLACK <= value <= whole + _SLACK else f"is not between 0 and {whole:g}"
    if name in LOWEST and value < LOWEST[name] * whole - _SLACK:
        return f"is below {LOWEST[name] * whole:g}"
    if name == "rank" and value < 1:
        return "is no rank"
    if value < 0 and (name in _COUNTED or (metric.unit in ("count", "hours") and not kind_of(name).change)):
        return "is negative"
    return ""
