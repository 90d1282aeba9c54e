"""`POST /v1/predict`: hashtags scored by the champion at this moment."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.api import problems
from serve.api.prediction_schemas import PredictRequest, ScoredAnswer
from serve.api.problems import NotYet, UnknownThing
from serve.api.security import BearerToken, SecurityHeaders

PREFIX = "/v1/predict"
Score = Callable[[Sequence[str]], ScoredAnswer | None]


def predict_router(score: Score) -> APIRouter:
    """Return the route that answers with `score`."""
    router = APIRouter(tags=["Predictions"])

    @router.post(PREFIX, summary="Score one or more hashtags with the champion, from their newest features")
    def predict(request: PredictRequest) -> ScoredAnswer:
        """Hashtags not read in the last six hours are listed as unknown; when all are, the answer is 404."""
        scored = score(request.hashtags)
        if scored is None:
            raise NotYet("there is no champion yet; ask again after the first predictions")
        if not scored.items:
            shown = ", ".join(scored.unknown[:5])
            raise UnknownThing(f"nothing was measured of {shown} in the last six hours; /v1/trends lists what was")
        return scored

    return router


def build_predict_api(score: Score, *, token: str | None = None) -> ASGIApp:
    """Return an application for this path alone, so that no page delays its requests.

    Parameters
    ----------
    token: when given, every request must carry it
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(predict_router(score))
    problems.install(app)
    if token:
        app.add_middleware(BearerToken, token=token)
    app.add_middleware(SecurityHeaders)
    return _WholePath(app)


class _WholePath:
    """Restores the whole path where the server strips a route prefix; the routes here are declared with it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole path."""
        root, path = scope.get("root_path", ""), scope.get("path", "")
        whole = path if path.startswith(root) else root + path
        await self.app({**scope, "root_path": "", "path": whole.rstrip("/")}, receive, send)
