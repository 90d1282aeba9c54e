"""Records of a made installation: agents, jobs, events, models, figures, narratives and alerts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from benchmarks.serve.made_lake import END, MODEL_ID, tag_name
from core.events import Event, EventKind
from core.windows import DAY, HOUR
from storage.records.interface import Records
from storage.records.rows import AlertRow, ChangeRow, KpiRow, ModelRow, NarrativeRow
from storage.records.rows_prompts import PromptRow

JOBS = {
    "ingest": "ingestion", "measure": "metric", "predict": "prediction", "narrate": "semantic",
    "alert": "notification", "evaluate": "evaluation", "improve": "improvement", "care": "governance",
}  # fmt: skip
PROMPT = "narrative_template@1:made"
_FIGURES = {
    "precision_at_10": 0.47, "pr_auc": 0.52, "base_rate": 0.05, "lift": 0.28, "calibration_error": 0.03,
    "lead_time_median_h": 9.5, "false_surge_rate": 0.34,
}  # fmt: skip
_LEADERS = 10


def fill_records(records: Records, leaders: Sequence[str], hashtags: int, days: int) -> None:
    """Write what `days` days leave in the records; `leaders` are the ten best-ranked hashtags of the newest time."""
    rng = np.random.default_rng(hashtags)
    start = END - days * DAY
    records.put_value("clock", {"now": END.isoformat(), "virtual": True}, END)
    records.put_value("source", {"kind": "standin", "simulated": True}, END)
    names = [*JOBS.values(), "scheduler"]
    records.put_value("agents", {name: {"pid": 4100, "restarts": 0, "state": "alive"} for name in names}, END)
    training = {"name": "made", "rows": 100_000, "start": start.isoformat(), "end": END.isoformat()}
    records.add_model(
        ModelRow(model_id=MODEL_ID, kind="xgboost", created_at=start, training_set=training, features=["velocity"])
    )
    records.set_alias("champion", MODEL_ID, start)
    records.add_change(
        ChangeRow(change_id="c1", at=start, kind="model_promoted", title="xgboost took over from the baseline")
    )
    records.add_prompt(
        PromptRow(
            prompt_id=PROMPT,
            name="narrative_template",
            version=1,
            digest="made",
            source="shipped",
            content="---",
            added_at=start,
        )
    )
    records.put_value("prompt.in_use.narrative_template", PROMPT, start)
    records.put_events([Event(EventKind.AGENT_STARTED, name, start, "", {"pid": 4100}) for name in names])
    for day in range(days):
        at = start + day * DAY
        records.put_events(list(_events(at)))
        records.put_kpis(at, [*_kpis(at, "champion", 1.0), *_kpis(at, "last-24h-growth", 0.5)])
        alert = f"#{leaders[0]} may surge within 24 hours"
        records.raise_alert(
            AlertRow(
                key=f"a{day}", kind="emerging_trend", raised_at=at, title=alert, body="Chance 81 %.", hashtag=leaders[0]
            )
        )
    for hour in range(days * 24):
        at = start + (hour + 1) * HOUR
        chosen = leaders if at == END else [tag_name(int(place)) for place in rng.choice(hashtags, _LEADERS, False)]
        records.put_narratives(at, [_narrative(at, tag) for tag in chosen])
    for job in JOBS:
        for back in range(6):
            slot = END - back * HOUR
            records.claim(job, slot, "4100:1", lambda owner: True, slot)
            records.complete(job, slot, {}, slot + timedelta(minutes=1))


def _events(day: datetime) -> Iterator[Event]:
    for hour in range(24):
        at = day + (hour + 1) * HOUR
        yield Event(EventKind.INGEST_DONE, "ingestion", at)
        yield Event(EventKind.METRIC_DONE, "metric", at, "", {"latency_s": 40.0})
        yield Event(EventKind.FEATURES_DONE, "metric", at, "", {"latency_s": 60.0})
        yield Event(EventKind.PREDICTION_DONE, "prediction", at)
        yield Event(EventKind.SEMANTIC_DONE, "semantic", at)
        yield from (Event(EventKind.JOB_DONE, agent, at, job) for job, agent in JOBS.items())


def _kpis(at: datetime, model: str, factor: float) -> Iterator[KpiRow]:
    for name, value in _FIGURES.items():
        stated = value * factor
        yield KpiRow(
            computed_at=at, period_start=at - DAY, period_end=at, model=model, scope="all", name=name, value=stated,
            lower=stated * 0.9, upper=stated * 1.1, n=48_000,
        )  # fmt: skip


def _narrative(at: datetime, tag: str) -> NarrativeRow:
    figures = {"probability": (0.4, "ratio"), "views_gained": (12_000.0, "count"), "unique_creators": (14.0, "count")}
    metrics = [
        {"id": f"m{place}", "hashtag": tag, "metric": name, "value": value, "unit": unit,
         "window_end": at.isoformat(), "window_h": 1.0}
        for place, (name, (value, unit)) in enumerate(figures.items())
    ]  # fmt: skip
    texts = (
        f"#{tag} has a 40 % chance to surge.",
        "It gained 12K views.",
        "14 creators posted to it.",
    )
    bullets = [{"text": text, "cites": [f"m{place}"]} for place, text in enumerate(texts)]
    cites, evidence = [str(metric["id"]) for metric in metrics], {"metrics": metrics}
    name = f"{tag}@{at:%Y%m%d%H}"
    return NarrativeRow(
        narrative_id=name, at=at, hashtag=tag, text="\n".join(texts), cites=cites, status="template",
        prompt_version=PROMPT, evidence=evidence, bullets=bullets,
    )  # fmt: skip
