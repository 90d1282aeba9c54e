"""Rows of frames and records as answers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import polars as pl
import polars.selectors as cs
from pydantic import BaseModel

from core.agents import AGENTS
from models import interface
from pipelines.predictions.reasons import moved_by
from serve.api.learning_schemas import ModelAnswer
from serve.api.prediction_schemas import ContributionAnswer, MemberAnswer, PredictionAnswer
from serve.api.status_schemas import AgentAnswer
from serve.reading.snapshot import Snapshot
from serve.reading.track_record import OUTCOME_DUE_WITHIN
from storage.records.rows import ModelRow

R = TypeVar("R", bound=BaseModel)


def of_frame(kind: type[R], frame: pl.DataFrame) -> list[R]:
    """Return one answer for each row; NaN becomes null."""
    return [kind.model_validate(row) for row in frame.with_columns(cs.float().fill_nan(None)).to_dicts()]


def contributions(text: str | None) -> list[ContributionAnswer]:
    """What moved a prediction, strongest first, from the JSON stored with it; unreadable text gives none."""
    parts = [ContributionAnswer.model_validate(part) for part in _parts(text) if "feature" in part]
    return sorted(parts, key=lambda part: -abs(part.contribution or 0.0))


def _parts(text: str | None) -> list[dict[str, Any]]:
    try:
        return [part for part in json.loads(text or "[]") if isinstance(part, dict)]
    except json.JSONDecodeError:
        return []


def predictions(frame: pl.DataFrame) -> list[PredictionAnswer]:
    """Rows of the table `predictions`; `moved_by` is what is stored."""
    rows = frame.with_columns(cs.float().fill_nan(None)).to_dicts()
    return [PredictionAnswer.model_validate(row | _explained(row)) for row in rows]


def _explained(row: Mapping[str, Any]) -> dict[str, Any]:
    """What moved the prediction in `row`, and what each member of a blend predicts."""
    members = [MemberAnswer.model_validate(part) for part in _parts(row["members"]) if "model" in part]
    return {"contributions": contributions(row["contributions"]), "members": members}


def in_words(prediction: PredictionAnswer) -> PredictionAnswer:
    """The prediction with `moved_by`, composed by the grounding rules where none is stored."""
    if prediction.moved_by is not None:
        return prediction
    moved = (
        interface.Contribution(part.feature, part.value, part.contribution)
        for part in prediction.contributions
        if part.contribution is not None
    )
    return prediction.model_copy(update={"moved_by": sentence(prediction.hashtag, prediction.at, tuple(moved))})


@lru_cache(maxsize=4096)
def sentence(hashtag: str, at: datetime, moved: tuple[interface.Contribution, ...]) -> str | None:
    """`pipelines.predictions.reasons.moved_by`, composed once for the same prediction."""
    return moved_by(hashtag, at, moved)


def with_outcome(calls: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Calls of a `TrackRecord` with what became of each as of `now`, and after how many hours it surged."""
    viral = pl.col("viral")
    outcome = (
        pl.when(viral.fill_null(False))
        .then(pl.lit("hit"))
        .when(viral.is_not_null())
        .then(pl.lit("miss"))
        .when(pl.col("at") > now - OUTCOME_DUE_WITHIN)
        .then(pl.lit("open"))
        .otherwise(pl.lit("unknown"))
    )
    surged_at = pl.when(viral).then(pl.col("surged_at"))
    after = (surged_at - pl.col("at")).dt.total_seconds() / 3600
    return calls.with_columns(outcome.alias("outcome"), surged_at.alias("surged_at"), after.alias("surged_after_h"))


def models(stored: Sequence[ModelRow], snapshot: Snapshot) -> list[ModelAnswer]:
    """Return models with the aliases that point at them."""
    names = {
        "champion": snapshot.champion_id,
        "previous": snapshot.previous,
        "challenger": snapshot.challenger,
    }
    return [
        ModelAnswer(
            model_id=row.model_id,
            kind=row.kind,
            aliases=[name for name, model_id in names.items() if model_id == row.model_id],
            created_at=row.created_at,
            training_set=dict(row.training_set),
            features=list(row.features),
            metrics=dict(row.metrics),
            importance=dict(row.importance),
            data_hash=row.data_hash,
        )
        for row in stored
    ]


def agents(snapshot: Snapshot) -> list[AgentAnswer]:
    """Return the nine agents, in the order of the loop."""
    return [_agent(snapshot, name) for name in AGENTS]


def _agent(snapshot: Snapshot, name: str) -> AgentAnswer:
    process = snapshot.processes.get(name)
    started = snapshot.started.get(name)
    event = snapshot.last_events.get(name)
    job = snapshot.latest_jobs.get(name)
    told_pid = started.detail.get("pid") if started else None
    return AgentAnswer(
        name=name,
        state=process.state if process else "unknown",
        pid=process.pid if process and process.pid else told_pid,
        restarts=process.restarts if process else 0,
        started_at=started.at if started else None,
        last_event=event.kind if event else None,
        last_event_at=event.at if event else None,
        last_job=job.job if job else None,
        last_job_status=job.status if job else None,
        last_job_at=(job.finished_at or job.started_at) if job else None,
        last_job_error=job.error if job else None,
    )
