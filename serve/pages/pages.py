"""The pages people read: the dashboard, a hashtag, and the documentation of the HTTP interface."""

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field

from serve.api.hashtag_route import known_history
from serve.api.problems import ErrorPage, UnknownThing
from serve.pages import charts, kpi_texts, views
from serve.pages.data_quality import data_quality
from serve.pages.hashtag_view import hashtag_view
from serve.pages.risk_view import hashtag_context, risk_views
from serve.pages.theme_pages import cards, theme_view
from serve.pages.words import DASH, FILTERS
from serve.reading.history import Histories
from serve.reading.reader import Reader
from serve.reading.snapshot import BASELINE, Snapshot
from tuning.first_training import first_training_day

THEMES_SHOWN, ALL_THEMES = 6, 1000
FIRST_TRAINING_DAY = first_training_day()
HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
SECTIONS = ("now", "picks", "themes", "track", "quality", "risk", "alerts", "changes", "data", "agents")


class BoardQuery(BaseModel):
    """Which part of the scoreboard to show."""

    model_config = ConfigDict(extra="ignore")

    view: Literal["first", "alerts", "all", "open"] = "first"
    offset: int = Field(0, ge=0)


def templates(charts_ready: bool, charts_hint: str) -> Jinja2Templates:
    """Return the templates with the filters and values that all of them use.

    Parameters
    ----------
    charts_ready: whether the JavaScript of the pages is there
    charts_hint: what to do where it is not
    """
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    versions = {path.relative_to(STATIC).as_posix(): _digest(path) for path in STATIC.rglob("*") if path.is_file()}
    environment.globals.update(
        dash=DASH,
        tag_url=views.tag_url,
        open_words=views.open_words,
        charts_ready=charts_ready,
        charts_hint=charts_hint,
        asset=lambda name: f"/static/{name}?v={versions.get(name, '0')}",
    )
    return Jinja2Templates(env=environment)


def error_page(templates: Jinja2Templates) -> ErrorPage:
    """Return what renders an error as a page."""

    def render(request: Request, status: int, detail: str, headers: dict[str, str] | None) -> Response:
        context = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail}
        return templates.TemplateResponse(request, "error.html", context, status_code=status, headers=headers)

    return render


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


class Pages:
    """Answers the pages from a reader's snapshots."""

    def __init__(self, reader: Reader, histories: Histories, templates: Jinja2Templates) -> None:
        self._reader = reader
        self._histories = histories
        self._templates = templates

    def router(self) -> APIRouter:
        """The routes; none of them is part of the documented interface."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.board, response_model=None)
        router.add_api_route("/partials/{section}", self.section, response_model=None)
        router.add_api_route("/hashtags/{tag}", self.hashtag, response_model=None)
        router.add_api_route("/themes", self.themes, response_model=None)
        router.add_api_route("/themes/{cluster_id}", self.theme, response_model=None)
        router.add_api_route("/docs", self.docs, response_model=None)
        return router

    def board(self, request: Request, query: Annotated[BoardQuery, Query()]) -> Response:
        """The dashboard."""
        snapshot = self._reader.snapshot()
        context: dict[str, Any] = {"snapshot": snapshot, "sections": SECTIONS}
        for section in SECTIONS:
            context |= self._context(section, snapshot, query)
        return self._page(request, "board.html", context)

    def section(self, request: Request, section: str, query: Annotated[BoardQuery, Query()]) -> Response:
        """One section of the dashboard, as the page fetches it again every few seconds."""
        if section not in SECTIONS:
            raise UnknownThing(f"the page has no section {section[:40]!r}")
        snapshot = self._reader.snapshot()
        context = {"snapshot": snapshot} | self._context(section, snapshot, query)
        return self._page(request, f"sections/{section}.html", context)

    def hashtag(self, request: Request, tag: str) -> Response:
        """Everything about one hashtag."""
        snapshot = self._reader.snapshot()
        name, history = known_history(self._histories, tag, snapshot)
        context = {"snapshot": snapshot, "view": hashtag_view(name, history, snapshot)}
        return self._page(request, "hashtag.html", context | hashtag_context(snapshot.judgements, name))

    def themes(self, request: Request) -> Response:
        """All themes of the newest clustering."""
        snapshot = self._reader.snapshot()
        return self._page(request, "themes.html", {"snapshot": snapshot, "cards": cards(snapshot, ALL_THEMES)})

    def theme(self, request: Request, cluster_id: str) -> Response:
        """Everything about one theme."""
        snapshot = self._reader.snapshot()
        view = theme_view(cluster_id, self._reader, snapshot)
        return self._page(request, "theme.html", {"snapshot": snapshot, "view": view})

    def docs(self, request: Request) -> Response:
        """The documentation of the HTTP interface."""
        app: FastAPI = request.app
        return self._page(request, "docs.html", {"operations": operations(app)})

    def _page(self, request: Request, template: str, context: dict[str, Any]) -> Response:
        """A rendered page; one the browser has already is answered 304."""
        response = self._templates.TemplateResponse(request, template, context)
        etag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        response.headers.update(headers)
        return response

    def _context(self, section: str, snapshot: Snapshot, query: BoardQuery) -> dict[str, Any]:
        """What a section's template needs besides the snapshot."""
        match section:
            case "picks":
                return {
                    "picks": views.picks(snapshot),
                    "trust": views.trust(snapshot),
                    "first_training_day": FIRST_TRAINING_DAY,
                    "trained_in_s": snapshot.progress.seconds_until(FIRST_TRAINING_DAY) if snapshot.progress else None,
                }
            case "themes":
                return {"cards": cards(snapshot, THEMES_SHOWN)}
            case "track":
                return {
                    "board": views.scoreboard(snapshot, query.view, query.offset),
                    "board_views": views.VIEWS,
                    "board_nouns": views.NOUNS,
                }
            case "quality":
                precision = snapshot.precision
                return {
                    "tiles": kpi_texts.tiles(snapshot.kpis),
                    "precision": charts.precision_chart(precision["champion"], precision[BASELINE]),
                    "calibration": charts.calibration_chart(snapshot.track),
                }
            case "risk":
                return {"flagged": risk_views(snapshot.judgements.flagged)}
            case "data":
                return {"data": data_quality(snapshot.quality)}
            case "agents":
                return {"agents": views.agent_cards(snapshot)}
            case _:
                return {}


def operations(app: FastAPI) -> list[dict[str, str]]:
    """Path and summary of every documented endpoint."""
    return [
        {"method": method.upper(), "path": path, "summary": operation.get("summary", "")}
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]
