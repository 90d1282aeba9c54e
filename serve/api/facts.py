"""What the HTTP interface says of one hashtag and of the installation itself."""

from typing import Any

from fastapi import APIRouter, Response

from core.hashtags import clean_hashtag
from serve.api import rows
from serve.api.hashtag_schemas import MeasurementAnswer, TrendAnswer
from serve.api.judgement_lists import hashtag_judgements
from serve.api.judgement_schemas import HashtagAnswer
from serve.api.narratives import shown
from serve.api.prediction_schemas import OutcomeAnswer
from serve.api.problems import UnknownThing
from serve.api.schemas import ApiAnswer
from serve.api.status_schemas import HealthAnswer, StatusAnswer, UnitsAnswer
from serve.reading.history import Histories, History
from serve.reading.ordering import newest_of
from serve.reading.reader import Reader
from serve.reading.snapshot import Snapshot


class HashtagAndStatus:
    """Answers /v1/hashtags/{tag}, /v1/status and /healthz.

    Parameters
    ----------
    software: name -> version of what runs here
    charts: whether the pages' JavaScript is there, and one line about it
    """

    def __init__(
        self, reader: Reader, histories: Histories, software: dict[str, str], charts: tuple[bool, str]
    ) -> None:
        self._reader = reader
        self._histories = histories
        self._software = software
        self._charts = charts

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        routes: tuple[tuple[str, Any, type[ApiAnswer], str, str], ...] = (
            ("/v1/hashtags/{tag}", self.hashtag, HashtagAnswer, "Hashtags", "Everything about a hashtag over 30 days"),
            ("/v1/status", self.status, StatusAnswer, "Installation", "Agents, jobs, units, progress, versions"),
            ("/healthz", self.health, HealthAnswer, "Installation", "Whether this process answers; needs no token"),
        )
        for path, endpoint, kind, tag, summary in routes:
            router.add_api_route(path, endpoint, response_model=kind, tags=[tag], summary=summary)
        return router

    def hashtag(self, tag: str) -> Response:
        """Metrics over time, predictions, what became of them, and the words that went with them."""
        snapshot = self._reader.snapshot()
        name, history = known_history(self._histories, tag, snapshot)
        predictions = rows.predictions(history.predictions)
        newest = [rows.in_words(prediction) for prediction in predictions[-1:]]
        now = rows.of_frame(TrendAnswer, snapshot.trends.filter(snapshot.trends["hashtag"] == name))
        told = self._reader.records.narratives(hashtag=name, limit=50)
        detail = HashtagAnswer(
            hashtag=name,
            first_detected_at=newest_of(history.metrics, "first_detected_at"),
            now=now[0] if now else None,
            metrics=rows.of_frame(MeasurementAnswer, history.metrics),
            predictions=[*predictions[:-1], *newest],
            outcomes=rows.of_frame(OutcomeAnswer, history.outcomes),
            narratives=shown(self._reader.records, told),
            **hashtag_judgements(snapshot.judgements, name),
            snapshot_id=snapshot.snapshot_id,
            data_freshness=snapshot.freshness,
        )
        return Response(detail.model_dump_json(), media_type="application/json")

    def status(self) -> StatusAnswer:
        """Measured on the installation's own clock."""
        snapshot = self._reader.snapshot()
        return StatusAnswer(
            now=snapshot.now,
            clock=snapshot.clock,
            source=snapshot.source,
            agents=rows.agents(snapshot),
            jobs=list(snapshot.jobs),
            progress=snapshot.progress,
            units=UnitsAnswer(
                day=snapshot.now.date(),
                used=snapshot.units_used,
                cap=snapshot.units_cap,
                by_endpoint=[row._asdict() for row in snapshot.units],
            ),
            champion=snapshot.champion_id,
            trained=snapshot.trained,
            latency_s=dict(snapshot.latency),
            versions=dict(snapshot.versions),
            software=self._software,
            snapshot_id=snapshot.snapshot_id,
            data_freshness=snapshot.freshness,
        )

    def health(self) -> HealthAnswer:
        """Says nothing about the data: /v1/status does."""
        ready, line = self._charts
        return HealthAnswer(status="ok", charts=ready, detail=line)


def known_history(histories: Histories, tag: str, snapshot: Snapshot) -> tuple[str, History]:
    """The stored name and history of a hashtag; `UnknownThing` when it was not seen in the last 30 days."""
    name = clean_hashtag(tag)
    history = histories.get(name, snapshot)
    if not history.is_known:
        raise UnknownThing(f"#{name[:80]} was not seen in the last 30 days; /v1/trends lists the hashtags that were")
    return name, history
