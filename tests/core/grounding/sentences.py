"""Evidence that the sentences of these tests are judged by, and the check of a sentence."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.grounding.evidence import CitedText, Evidence, EvidenceMetric, Unit
from core.grounding.rules import violations

HOUR, HOUR_BEFORE = "2025-05-14T10:00:00+00:00", "2025-05-14T09:00:00+00:00"
DAY, DAY_BEFORE = "2025-06-02T08:00:00+00:00", "2025-06-01T08:00:00+00:00"


def metric(
    name: str, value: float, unit: Unit = "count", ident: str = "m1", tag: str = "booktok", hours: float = 1
) -> EvidenceMetric:
    """Return a metric of the hour that ends at HOUR."""
    return EvidenceMetric(ident, tag, name, value, unit, HOUR, hours)


def broken_rules(text: str, *metrics: EvidenceMetric, cites: tuple[str, ...] | None = None) -> list[str]:
    """Return the rules that a text breaks; it cites all the metrics unless `cites` names some."""
    ids = tuple(item.id for item in metrics) if cites is None else cites
    return [violation.rule for violation in violations(CitedText("n", text, ids), Evidence(metrics))]


def sentences(evidence: Evidence, cases: Sequence[tuple[str, str]]) -> list[Any]:
    """Return test parameters: each sentence with its evidence and the rule it breaks, empty for a true one."""
    return [pytest.param(evidence, text, rule, id=text[-60:]) for text, rule in cases]


def check_sentence(evidence: Evidence, text: str, rule: str) -> None:
    """Assert that a sentence which cites all of its evidence breaks that rule, or none at all."""
    broken = violations(CitedText("n", text, [item.id for item in evidence.metrics]), evidence)
    assert {violation.rule for violation in broken} >= ({rule} if rule else set()), broken
    assert rule or not broken


def _hour(
    ident: str, name: str, value: float, unit: Unit, tag: str = "booktok", hours: float = 1, at: str = HOUR
) -> EvidenceMetric:
    return EvidenceMetric(ident, tag, name, value, unit, at, hours)


def _day(
    ident: str, name: str, value: float, unit: Unit, tag: str = "vinyl", hours: float = 24, at: str = DAY
) -> EvidenceMetric:
    return EvidenceMetric(ident, tag, name, value, unit, at, hours)


BOOK = Evidence(
    (
        _hour("m1", "views_gained", 12_340, "count"),
        _hour("m2", "velocity", 0.35, "ratio"),
        _hour("m3", "unique_creators", 14, "count"),
        _hour("m4", "novelty", 0.72, "ratio"),
        _hour("m5", "engagement_efficiency", 0.045, "ratio"),
        _hour("m6", "probability", 0.713, "ratio", hours=24),
        _hour("m7", "rank", 3, "count", hours=24),
        _hour("m8", "views_total", 2_130_000, "count"),
        _hour("m9", "half_life_h", 36, "hours"),
        _hour("m10", "acceleration", -0.2, "ratio"),
        _hour("m11", "momentum", 0.83, "score"),
        _hour("m12", "growth_p50", 0.4, "ratio", hours=24),
        _hour("m13", "new_videos", 23, "count"),
    )
)
UNRANKED = Evidence(tuple(item for item in BOOK.metrics if item.metric != "rank"))
DRIVEN = Evidence(UNRANKED.metrics, sounds=("Espresso Run",), creators=("lena_bakes",), drivers=("m4",))
GYM = Evidence(
    (
        _hour("m1", "views_gained", 8_200, "count", "gymtok", 24),
        _hour("m2", "velocity", -0.35, "ratio", "gymtok", 24),
        _hour("m3", "unique_creators", 205, "count", "gymtok", 24),
        _hour("m4", "z_14d", -1.3, "score", "gymtok", 24),
        _hour("m5", "creator_dispersion", 0.9, "ratio", "gymtok", 24),
        _hour("m6", "likes_rate", 0.064, "ratio", "gymtok", 24),
    )
)
BOOK_AND_GYM = Evidence(
    (
        _hour("a1", "views_gained", 24_600, "count", "booktok", 6),
        _hour("b1", "views_gained", 12_100, "count", "gymtok", 6),
        _hour("a2", "unique_creators", 40, "count", "booktok", 6),
        _hour("b2", "unique_creators", 50, "count", "gymtok", 6),
        _hour("a3", "likes_rate", 0.064, "ratio", "booktok", 6),
        _hour("b3", "likes_rate", 0.024, "ratio", "gymtok", 6),
    )
)
TWO_HOURS = Evidence(
    (
        _hour("n1", "views_gained", 12_000, "count"),
        _hour("o1", "views_gained", 8_000, "count", at=HOUR_BEFORE),
        _hour("d1", "views_gained", 150_000, "count", hours=24),
    )
)
VINYL_AND_PADEL = Evidence(
    (
        _day("a1", "views_gained", 1_208_841, "count"),
        _day("b1", "views_gained", 302_210, "count", "padel"),
        _day("a2", "unique_creators", 90, "count"),
        _day("b2", "unique_creators", 30, "count", "padel"),
        _day("a3", "velocity", 0.2, "ratio"),
        _day("b3", "velocity", -0.3, "ratio", "padel"),
        _day("a4", "new_videos", 75, "count"),
        _day("b4", "new_videos", 75, "count", "padel"),
    )
)
RANKED = Evidence(
    (*VINYL_AND_PADEL.metrics, _day("r1", "rank", 1, "count"), _day("r2", "rank", 4, "count", "padel")),
)
PADEL_FIRST = Evidence(
    (*VINYL_AND_PADEL.metrics, _day("r1", "rank", 4, "count"), _day("r2", "rank", 1, "count", "padel"))
)
TWO_DAYS = Evidence(
    (
        _day("g", "views_gained", 640_000, "count"),
        _day("go", "views_gained", 320_000, "count", at=DAY_BEFORE),
        _day("v", "velocity", 1.0, "ratio"),
        _day("c", "unique_creators", 400, "count"),
        _day("co", "unique_creators", 500, "count", at=DAY_BEFORE),
        _day("l", "likes_rate", 0.12, "ratio"),
        _day("lo", "likes_rate", 0.10, "ratio", at=DAY_BEFORE),
        _day("n", "new_videos", 1200, "count"),
        _day("r", "rank", 2, "count"),
        _day("ro", "rank", 7, "count", at=DAY_BEFORE),
        _day("p", "probability", 0.84, "ratio"),
    )
)
SLOWING = Evidence(
    (
        _day("g", "views_gained", 7_830, "count", hours=1),
        _day("v", "velocity", -0.22, "ratio", hours=1),
        _day("a", "acceleration", 0.08, "ratio", hours=1),
        _day("c", "unique_creators", 19, "count", hours=1),
        _day("nv", "novelty", 0.31, "ratio", hours=1),
        _day("p", "probability", 0.07, "ratio"),
        _day("r", "rank", 41, "count"),
        _day("d", "gained_24h", 240_000, "count"),
        _day("t", "views_total", 55_600_000, "count", hours=1),
        _day("ret", "retention_24", 0.42, "ratio", hours=1),
    )
)
WHAT_IF = Evidence(
    (
        _day("f", "retention", 0.48, "ratio", hours=1),
        _day("t", "retention_what_if", 0.97, "ratio", hours=1),
        _day("p", "probability", 0.21, "ratio"),
        _day("q", "probability_what_if", 0.34, "ratio"),
        _day("c", "change_retention", 0.49, "ratio", hours=1),
    )
)
MISSES = Evidence((_day("x", "misses", 3, "count"), _day("y", "unique_creators", 14, "count")))
