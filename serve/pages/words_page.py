"""The page of texts: why the leaders lead, in words that people accept, edit or reject, and how that goes by prompt."""

from typing import Any, get_args
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from pipelines.narratives.feedback import decide, latest
from serve.api.narratives import known_narrative
from serve.api.prompt_list import prompt_versions
from serve.reading.narrative_view import NarrativeView, narrative_view, narrative_views
from serve.reading.reader import Reader
from storage.records.rows_prompts import Decision

PROBLEM_STATUS = 422
MODEL_STATE = "language_model"


class WordsPage:
    """Answers /words, and takes in the decisions of its forms."""

    def __init__(self, reader: Reader, templates: Jinja2Templates) -> None:
        self._reader = reader
        self._templates = templates

    def router(self) -> APIRouter:
        """The routes; none of them is part of the documented interface."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/words", self.words, response_model=None)
        router.add_api_route("/partials/prompts", self.prompts, response_model=None)
        router.add_api_route("/words/{narrative_id:path}/feedback", self.decide, methods=["POST"], response_model=None)
        return router

    def words(self, request: Request) -> Response:
        """The narratives of the newest predictions, and what became of earlier ones by prompt."""
        snapshot, records = self._reader.snapshot(), self._reader.records
        narratives = records.narratives(at=snapshot.at, limit=100) if snapshot.at else []
        views = narrative_views(narratives, records.feedback([row.narrative_id for row in narratives]))
        texts = [views[row.hashtag] for row in narratives if row.hashtag in views and views[row.hashtag].row is row]
        context = {"snapshot": snapshot, "texts": texts, **self._prompts()}
        return self._templates.TemplateResponse(request, "words.html", context)

    def prompts(self, request: Request) -> Response:
        """How the texts do by prompt, as the page fetches it again every few seconds."""
        context = {"snapshot": self._reader.snapshot(), **self._prompts()}
        return self._templates.TemplateResponse(request, "sections/prompts.html", context)

    async def decide(self, request: Request, narrative_id: str) -> Response:
        """Store a decision: htmx gets the updated text, a browser without scripts the whole page."""
        body = (await request.body()).decode(errors="replace")
        form = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
        view = await run_in_threadpool(self._decided, narrative_id, form)
        if "hx-request" in request.headers:
            context = {"snapshot": self._reader.snapshot(), "text": view}
            return self._templates.TemplateResponse(request, "narrative.html", context)
        if view.problem:
            context = {"status": PROBLEM_STATUS, "title": "Not taken in", "detail": view.problem}
            return self._templates.TemplateResponse(request, "error.html", context, status_code=PROBLEM_STATUS)
        return RedirectResponse(f"/words#{view.anchor}", status_code=303)

    def _decided(self, narrative_id: str, form: dict[str, str]) -> NarrativeView:
        records, now = self._reader.records, self._reader.snapshot().now
        row = known_narrative(records, narrative_id)
        problem = ""
        chosen = form.get("decision", "")
        if chosen in get_args(Decision):
            decision: Decision = chosen  # type: ignore[assignment]
            text = form.get("text", "") if decision == "EDIT" else ""
            try:
                decide(records, row, decision, text, form.get("reason", ""), now)
            except ValueError as error:
                problem = str(error)
        else:
            problem = "choose to accept, edit or reject"
        return narrative_view(row, latest(records.feedback([narrative_id])).get(narrative_id), problem)

    def _prompts(self) -> dict[str, Any]:
        records = self._reader.records
        versions = [version for version in prompt_versions(records) if version.asked or version.in_use]
        return {"versions": versions, "language_model": records.value(MODEL_STATE)}
