"""What the page shows, made from a snapshot: the picks, the track record, the state of the installation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

import polars as pl

from core.windows import DAY
from models.interface import Contribution
from pipelines.predictions.reasons import distinct
from serve.api import rows
from serve.api.hashtag_schemas import TrendAnswer
from serve.api.lists import narrowed
from serve.api.prediction_schemas import CallAnswer, PredictionAnswer
from serve.api.status_schemas import AgentAnswer
from serve.pages.charts import Spark, sparks
from serve.pages.driver_words import driver_words
from serve.pages.words import hours, known
from serve.reading.snapshot import BASELINE, Snapshot
from serve.reading.themes import theme_of
from serve.reading.track_record import HORIZON

PICKS = 10
CALLS_A_PAGE = 10
VIEWS = (("first", "First calls"), ("alerts", "Alerts"), ("all", "Every hour"), ("open", "Open"))
NOUNS = {"first": "first calls", "alerts": "alerts", "all": "hourly calls", "open": "calls"}
_NEW = timedelta(days=2)
_DOES = {
    "ingestion": "polls and stores posts",
    "metric": "measures every hashtag",
    "semantic": "puts reasons into words",
    "prediction": "says what will surge",
    "evaluation": "checks what happened",
    "improvement": "retrains and promotes",
    "governance": "guards units and texts",
    "notification": "sends alerts",
    "scheduler": "keeps the time",
}
_EVENTS = {
    "INGEST_START": "polling",
    "INGEST_DONE": "polled",
    "METRIC_DONE": "measured",
    "FEATURES_DONE": "features ready",
    "SEMANTIC_DONE": "reasons written",
    "CLUSTER_BORN": "theme appeared",
    "CLUSTER_SPLIT": "theme split",
    "CLUSTER_MERGED": "themes merged",
    "CLUSTER_GONE": "theme gone",
    "PROMPT_UPDATE": "prompt updated",
    "PREDICTION_DONE": "predicted",
    "EVALUATION_DONE": "checked outcomes",
    "DRIFT_ALERT": "drift seen",
    "BACKLOG_ADDED": "backlog item added",
    "RETRAIN_REQUESTED": "retraining asked for",
    "MODEL_PROMOTED": "model promoted",
    "MODEL_ROLLED_BACK": "model rolled back",
    "GATE_REFUSED": "refused a request",
    "ALERT_SENT": "alert sent",
    "ALERT_FAILED": "alert failed",
    "JOB_START": "job started",
    "JOB_DONE": "job done",
    "JOB_FAILED": "job failed",
    "JOB_SKIPPED": "job skipped",
    "AGENT_STARTED": "started",
}


@dataclass(frozen=True)
class Driver:
    """One thing that moved a prediction, and whether towards a surge."""

    words: str
    up: bool


@dataclass(frozen=True)
class Pick:
    """One of the top ten as the page shows it.

    Parameters
    ----------
    growth_past: views of the last 24 h relative to what was there before
    reason: the narrative, if one passed the rules
    theme: id and label of its theme
    alerted: an alert about it was sent in the last 24 h
    """

    prediction: PredictionAnswer
    trend: TrendAnswer | None
    spark: Spark | None
    reason: str | None
    drivers: Sequence[Driver]
    growth_past: float | None
    alerted: bool
    is_new: bool
    theme: tuple[str, str] | None = None


@dataclass(frozen=True)
class Trust:
    """How the top ten of each hour did lately: the shares that surged of the champion's, of the baseline's, of all."""

    precision: float
    baseline: float | None
    base_rate: float | None


@dataclass(frozen=True)
class Scoreboard:
    """One page of past calls, and how they went in all.

    Parameters
    ----------
    hits, resolved, expected: of all calls in this view: surged, checked, and the sum of the chances stated for those
    trust: how the top ten did, None before any was checked
    """

    view: str
    calls: Sequence[CallAnswer]
    offset: int
    total: int
    hits: int
    resolved: int
    expected: float
    trust: Trust | None

    @property
    def newer(self) -> int | None:
        """Offset of the page before, None on the first."""
        return max(0, self.offset - CALLS_A_PAGE) if self.offset else None

    @property
    def older(self) -> int | None:
        """Offset of the page after, None on the last."""
        following = self.offset + CALLS_A_PAGE
        return following if following < self.total else None


@dataclass(frozen=True)
class AgentCard:
    """One agent as the page shows it."""

    agent: AgentAnswer
    does: str
    last: str | None
    last_at: datetime | None


def tag_url(hashtag: str) -> str:
    """Address of a hashtag's page; dots alone go behind their #, because browsers resolve a path of dots.

    Examples
    --------
    >>> tag_url("100%"), tag_url("..")
    ('/hashtags/100%25', '/hashtags/%23..')
    """
    dots = hashtag in (".", "..")
    return f"/hashtags/{quote(f'#{hashtag}' if dots else hashtag, safe='')}"


def picks(snapshot: Snapshot, limit: int = PICKS) -> list[Pick]:
    """Return the top predictions as the page shows them."""
    top = rows.predictions(snapshot.predictions.filter(pl.col("rank").is_not_null()).head(limit))
    tags = [prediction.hashtag for prediction in top]
    measured = rows.of_frame(TrendAnswer, snapshot.trends.filter(pl.col("hashtag").is_in(tags)))
    trends = {trend.hashtag: trend for trend in measured}
    day_ago = snapshot.now - DAY
    alerted = {row.hashtag for row in snapshot.alerts if row.kind == "emerging_trend" and row.raised_at > day_ago}
    lines, themes = sparks(snapshot.recent, tags), theme_of(snapshot)
    shown = [
        _pick(prediction, trends.get(prediction.hashtag), lines.get(prediction.hashtag), snapshot, alerted)
        for prediction in top
    ]
    return [replace(pick, theme=themes.get(pick.prediction.hashtag)) for pick in shown]


def _pick(
    prediction: PredictionAnswer,
    trend: TrendAnswer | None,
    line: Spark | None,
    snapshot: Snapshot,
    alerted: set[str | None],
) -> Pick:
    narrative = snapshot.narratives.get(prediction.hashtag)
    first = trend.first_detected_at if trend else None
    return Pick(
        prediction=prediction,
        trend=trend,
        spark=line,
        reason=narrative.text if narrative and not narrative.rejected else None,
        drivers=drivers(prediction),
        growth_past=growth_past(trend),
        alerted=prediction.hashtag in alerted or prediction.alerted,
        is_new=first is not None and snapshot.now - first <= _NEW,
    )


def drivers(prediction: PredictionAnswer) -> list[Driver]:
    """What moved a prediction most, in words."""
    moved = distinct(
        Contribution(part.feature, part.value, part.contribution or 0.0) for part in prediction.contributions
    )
    return [Driver(driver_words(part.feature, part.value), part.contribution > 0) for part in moved]


def growth_past(trend: TrendAnswer | None) -> float | None:
    """Views of the last 24 h relative to the total before them; None when that is not known."""
    total, gained = (known(trend.views_total), known(trend.delta_24h)) if trend else (None, None)
    if total is None or gained is None or total <= gained:
        return None
    return gained / (total - gained)


def scoreboard(snapshot: Snapshot, view: str, offset: int) -> Scoreboard:
    """One page of past calls: those that could be checked, or first calls that could not yet (the view `open`)."""
    calls = rows.with_outcome(narrowed(snapshot.track.calls, "first" if view == "open" else view), snapshot.now)
    shown = calls.filter((pl.col("outcome") == "open") == (view == "open"))
    checked = shown.filter(pl.col("viral").is_not_null())
    return Scoreboard(
        view=view,
        calls=rows.of_frame(CallAnswer, shown.slice(offset, CALLS_A_PAGE)),
        offset=offset,
        total=shown.height,
        hits=int(checked["viral"].sum()),
        resolved=checked.height,
        expected=float(checked["probability"].sum()),
        trust=trust(snapshot),
    )


def trust(snapshot: Snapshot) -> Trust | None:
    """How the top ten of each hour did in the period that was last evaluated."""
    precision = _kpi(snapshot, "champion", "precision_at_10")
    if precision is None:
        return None
    return Trust(precision, _kpi(snapshot, BASELINE, "precision_at_10"), _kpi(snapshot, "champion", "base_rate"))


def _kpi(snapshot: Snapshot, model: str, name: str) -> float | None:
    values = (row.value for row in snapshot.kpis if (row.model, row.scope, row.name) == (model, "all", name))
    return known(next(values, None))


def agent_cards(snapshot: Snapshot) -> list[AgentCard]:
    """The nine agents: what each does, and the last thing heard of it."""
    return [_agent_card(agent) for agent in rows.agents(snapshot)]


def _agent_card(agent: AgentAnswer) -> AgentCard:
    event_at, job_at = agent.last_event_at, agent.last_job_at
    if event_at and (job_at is None or event_at >= job_at):
        last, at = _EVENTS.get(agent.last_event or "", agent.last_event), event_at
    elif job_at:
        last, at = f"{agent.last_job} {agent.last_job_status}", job_at
    else:
        last, at = None, None
    return AgentCard(agent, _DOES[agent.name], last, at)


def open_words(at: datetime, now: datetime) -> str:
    """What to say of a call whose outcome is not known yet."""
    left = at + HORIZON - now
    return f"open, {hours(left / timedelta(hours=1))} left" if left > timedelta(0) else "being checked"
