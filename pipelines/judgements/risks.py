"""The rule's view of hashtags as stored in the records, and the facts that a language model may judge by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from core.grounding.evidence import Evidence, EvidenceMetric, Unit
from core.judgements.boosting import SIGNALS, YOUNG, Signal, findings
from pipelines.narratives.facts import Printer, percent, whole
from storage.records.rows_judgements import RiskRow

LEADERS = 10
PRINTED: Mapping[Unit, Printer] = {
    "count": whole,
    "ratio": percent,
    "score": lambda value: f"{value:.1f}",
    "hours": lambda value: f"{value:.1f} hours",
}


def risk_rows(at: datetime, judged: pl.DataFrame, predictions: pl.DataFrame) -> list[RiskRow]:
    """Return the rule's view of every flagged hashtag and of the ten best ranked, highest score first.

    Parameters
    ----------
    judged: what `core.judgements.boosting.judge` says at `at`
    predictions: the champion's rows of table `predictions` at `at`
    """
    leaders = predictions.filter(pl.col("rank") <= LEADERS)["hashtag"]
    shown = judged.filter(pl.col("flagged") | pl.col("hashtag").is_in(leaders.implode()))
    ordered = shown.sort("score", "hashtag", descending=[True, False])
    return [
        RiskRow(
            at=at,
            hashtag=row["hashtag"],
            flagged=row["flagged"],
            score=row["score"],
            signals=findings(row),
            evidence=evidence_of(row["hashtag"], at, findings(row)).to_json(),
        )
        for row in ordered.iter_rows(named=True)
    ]


def evidence_of(hashtag: str, at: datetime, signals: list[dict[str, Any]]) -> Evidence:
    """Return the known figures behind a rule's view, each once, as evidence."""
    metrics = [
        EvidenceMetric(
            f"m{place}", hashtag, signal.measure, value, signal.unit, at.isoformat(), YOUNG.total_seconds() / 3600
        )
        for place, (signal, value) in enumerate(_known(signals), 1)
    ]
    return Evidence(metrics)


def facts_of(row: RiskRow) -> list[dict[str, str]]:
    """Return the same figures in words, with the ids they are cited by.

    Examples
    --------
    >>> from datetime import UTC
    >>> found = [{"name": "repeated", "value": 5.0, "fired": True}, {"name": "pinned", "value": None, "fired": False}]
    >>> facts_of(RiskRow(at=datetime(2025, 5, 14, tzinfo=UTC), hashtag="gym", flagged=True, score=0.75, signals=found))
    [{'id': 'm1', 'text': 'its leading account put 5 posts under it lately'}]
    """
    return [
        {"id": f"m{place}", "text": words(signal, value)}
        for place, (signal, value) in enumerate(_known(row.signals), 1)
    ]


def words(signal: Signal, value: float) -> str:
    """Return a figure in words."""
    return signal.words.format(PRINTED[signal.unit](value))


def _known(signals: Any) -> list[tuple[Signal, float]]:
    """The signals with a known figure, one for each figure."""
    values = {entry["name"]: entry["value"] for entry in signals}
    measured: dict[str, tuple[Signal, float]] = {}
    for signal in SIGNALS:
        value = values.get(signal.name)
        if value is not None:
            measured.setdefault(signal.measure, (signal, float(value)))
    return list(measured.values())
