"""Raises alerts: an emerging trend once in 24 h, a failing job once a day, the summary of a day once."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from core.evaluation.drift import CRITICAL
from pipelines.narratives.facts import percent
from pipelines.predictions.drift import DriftReport
from storage.records.interface import Records
from storage.records.rows import AlertRow, NarrativeRow

QUIET = timedelta(hours=24)
PAGE = 200
SHOWN = ("template", "accepted")


def raise_trends(
    records: Records, predictions: pl.DataFrame, narratives: Sequence[NarrativeRow], at: datetime
) -> list[AlertRow]:
    """Raise an alert for every prediction marked `alerted`, unless its hashtag had one in the 24 h before.

    Returns those raised. The body is the narrative of the hashtag where one passed the gate.
    """
    texts = {row.hashtag: row.text for row in narratives if row.at == at and row.status in SHOWN}
    quiet = {row.hashtag for row in _since(records, at - QUIET) if row.kind == "emerging_trend" and row.raised_at < at}
    marked = predictions.filter("alerted").sort("rank", "hashtag", nulls_last=True)
    raised = []
    for tag, probability, rank, model in marked.select("hashtag", "probability", "rank", "model_id").iter_rows():
        if tag in quiet:
            continue
        alert = AlertRow(
            key=f"emerging_trend:{tag}:{at.isoformat()}",
            kind="emerging_trend",
            hashtag=tag,
            raised_at=at,
            title=f"#{tag} may surge: {percent(probability)} within 24 hours",
            body=texts.get(tag, f"#{tag} stands at rank {rank} of the predictions."),
            detail={"probability": probability, "rank": rank, "model_id": model},
        )
        if records.raise_alert(alert):
            raised.append(alert)
    return raised


def raise_failure(records: Records, job: str, slot: datetime, problem: str, now: datetime) -> AlertRow | None:
    """Raise an alert that a job failed for good; None if the job already had one that UTC day."""
    alert = AlertRow(
        key=f"failure:{job}:{now.date().isoformat()}",
        kind="failure",
        raised_at=now,
        title=f"Job {job} failed",
        body=f"The slot of {slot:%Y-%m-%d %H:%M} UTC was given up: {problem}",
        detail={"job": job, "slot": slot.isoformat(), "error": problem},
    )
    return alert if records.raise_alert(alert) else None


def raise_drift(records: Records, report: DriftReport) -> AlertRow | None:
    """Raise an alert that the champion's features have drifted past the critical level; once a day."""
    worst = [f"{part.feature} (PSI {part.psi:.2f})" for part in report.beyond("critical")]
    shift = report.prevalence_shift
    details = [f"furthest moved: {', '.join(worst[:5])}"] if worst else []
    details += [f"share of surges {shift:+.0%}"] if shift is not None and abs(shift) >= CRITICAL else []
    alert = AlertRow(
        key=f"drift:{report.at.date().isoformat()}",
        kind="drift",
        raised_at=report.at,
        title=f"{len(worst)} of {len(report.features)} features have drifted past the critical level",
        body=f"Against the training period of {report.model_id}: {'; '.join(details)}.",
        detail={"model_id": report.model_id, "features": [part.feature for part in report.beyond("critical")]},
    )
    return alert if records.raise_alert(alert) else None


def raise_summary(records: Records, day: date, lines: Sequence[str], now: datetime) -> AlertRow | None:
    """Raise the summary of a day as a bullet list; None when it was raised before."""
    alert = AlertRow(
        key=f"daily_summary:{day.isoformat()}",
        kind="daily_summary",
        raised_at=now,
        title=f"Groundswell on {day.isoformat()}",
        body="\n".join(f"- {line}" for line in lines),
    )
    return alert if records.raise_alert(alert) else None


def _since(records: Records, moment: datetime) -> Iterator[AlertRow]:
    """Alerts raised after `moment`, newest first."""
    offset = 0
    while page := records.alerts(limit=PAGE, offset=offset):
        for row in page:
            if row.raised_at <= moment:
                return
            yield row
        offset += len(page)
