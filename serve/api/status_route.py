"""What the HTTP interface answers about the installation itself."""

from typing import Any

from fastapi import APIRouter

from serve.api import rows
from serve.api.schemas import ApiAnswer
from serve.api.status_schemas import HealthAnswer, StatusAnswer, UnitsAnswer
from serve.reading.reader import Reader


class StatusRoute:
    """Answers /v1/status and /healthz.

    Parameters
    ----------
    software: name -> version of what runs here
    charts: whether the pages' JavaScript is there, and one line about it
    """

    def __init__(self, reader: Reader, software: dict[str, str], charts: tuple[bool, str]) -> None:
        self._reader = reader
        self._software = software
        self._charts = charts

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        routes: tuple[tuple[str, Any, type[ApiAnswer], str, str], ...] = (
            ("/v1/status", self.status, StatusAnswer, "Installation", "Agents, jobs, units, progress, versions"),
            ("/healthz", self.health, HealthAnswer, "Installation", "Whether this process answers; needs no token"),
        )
        for path, endpoint, kind, tag, summary in routes:
            router.add_api_route(path, endpoint, response_model=kind, tags=[tag], summary=summary)
        return router

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
