"""The HTTP interface and the dashboard as one ASGI application; knows nothing of Ray."""

from importlib import metadata
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from serve.api import problems
from serve.api.hashtag_route import HashtagRoute
from serve.api.judgement_lists import JudgementLists
from serve.api.lists import Lists
from serve.api.narratives import Narratives
from serve.api.predict_route import predict_router
from serve.api.prompt_list import Prompts
from serve.api.security import BearerToken, SameOrigin, SecurityHeaders
from serve.api.status_route import StatusRoute
from serve.hosting import vendor
from serve.hosting.answer_cache import AnswerCache
from serve.pages.pages import STATIC, Pages, error_page, templates
from serve.pages.words_page import WordsPage
from serve.reading.history import Histories
from serve.reading.reader import Reader

DESCRIPTION = """Which TikTok hashtags will surge within 24 hours, why, and how often that came true.

Every list is paged (`limit`, `offset`), names the data it was read from (`snapshot_id`), says how old they are
(`data_freshness`) and is available as CSV (`?format=csv`). Errors are `application/problem+json` (RFC 9457).
Times are UTC."""
_SOFTWARE = ("groundswell", "ray", "polars", "deltalake", "xgboost-cpu", "scikit-learn", "fastapi")


def build_api(reader: Reader, *, token: str | None = None) -> FastAPI:
    """The application over a reader.

    Parameters
    ----------
    token: when given, every request but /healthz must carry it
    """
    charts_ready = vendor.is_present()
    app = FastAPI(
        title="Groundswell",
        version=_version("groundswell") or "0",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )
    pages = templates(charts_ready, vendor.HINT)
    histories = Histories(reader)
    software = {name: version for name in _SOFTWARE if (version := _version(name))}
    charts = (charts_ready, "charts and live refresh are on" if charts_ready else vendor.HINT)
    app.include_router(Lists(reader).router())
    app.include_router(JudgementLists(reader).router())
    app.include_router(HashtagRoute(reader, histories).router())
    app.include_router(StatusRoute(reader, software, charts).router())
    app.include_router(Narratives(reader).router())
    app.include_router(Prompts(reader).router())
    app.include_router(WordsPage(reader, pages).router())
    app.include_router(Pages(reader, histories, pages).router())
    app.mount("/static", _Static(directory=STATIC), name="static")
    problems.install(app, error_page(pages))
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(AnswerCache, reader=reader)
    app.add_middleware(SameOrigin)
    if token:
        app.add_middleware(BearerToken, token=token)
    app.add_middleware(SecurityHeaders)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the path that an application of its own answers."""
    if app.openapi_schema is None:
        routes = [*app.routes, *predict_router(lambda hashtags: None).routes]
        app.openapi_schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=routes
        )
    return app.openapi_schema


class _Static(StaticFiles):
    """Files named with their hash never change; the others are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        named = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if named else "no-cache"
        return response


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
