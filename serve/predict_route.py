"""`POST /v1/predict`: hashtags scored by the champion at this moment."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter

from serve.problems import NotYet, UnknownThing
from serve.schemas import PredictRequest, Scored

Score = Callable[[Sequence[str]], Awaitable[Scored | None]]


def predict_router(score: Score) -> APIRouter:
    """The route over whatever scores: a predictor in this process, or a handle to replicas of one."""
    router = APIRouter(prefix="/v1", tags=["Predictions"])

    @router.post("/predict", summary="Score one or more hashtags with the champion, from their newest features")
    async def predict(asked: PredictRequest) -> Scored:
        """Hashtags not read in the last six hours are listed as unknown; when all are, the answer is 404."""
        scored = await score(asked.hashtags)
        if scored is None:
            raise NotYet("there is no champion yet; ask again after the first predictions")
        if not scored.items:
            shown = ", ".join(scored.unknown[:5])
            raise UnknownThing(f"nothing was measured of {shown} in the last six hours; /v1/trends lists what was")
        return scored

    return router
