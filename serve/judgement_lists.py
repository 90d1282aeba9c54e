"""The lists of risks, counterfactuals and collisions of the HTTP interface."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, Field

from core.hashtags import clean_hashtag
from serve.judgement_schemas import Collision, Counterfactual, Risk
from serve.judgements import risk_answer
from serve.paging import PageQuery, answer
from serve.reader import Reader
from serve.schemas import Listing, Record

R = TypeVar("R", bound=Record)
MOST = 5000
TagText = Annotated[str, Field(max_length=150, description="without #; case does not matter")]


class CollisionQuery(PageQuery):
    """Parameters of /v1/collisions."""

    at: AwareDatetime | None = Field(None, description="time of the judgement; all times when left out")


class CounterfactualQuery(CollisionQuery):
    """Parameters of /v1/counterfactuals."""

    hashtag: TagText | None = None


class RiskQuery(CounterfactualQuery):
    """Parameters of /v1/risks."""

    flagged: bool | None = Field(None, description="only hashtags that look boosted by the rule, or only the others")


class JudgementLists:
    """Answers the lists from the records."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def router(self) -> APIRouter:
        """The routes under /v1."""
        router = APIRouter(prefix="/v1", tags=["Judgements"])
        routes: tuple[tuple[str, Callable[..., Any], type[Record], str], ...] = (
            ("/risks", self.risks, Risk, "What looks artificially boosted, by the rule and by the language model"),
            ("/counterfactuals", self.counterfactuals, Counterfactual, "What the model would say of other figures"),
            ("/collisions", self.collisions, Collision, "Themes near in meaning that go different ways"),
        )
        for path, endpoint, kind, summary in routes:
            router.add_api_route(path, endpoint, response_model=Listing[kind], summary=summary)  # type: ignore[valid-type]
        return router

    def risks(self, request: Request, query: Annotated[RiskQuery, Query()]) -> Any:
        """Newest first; of each time the flagged hashtags and the ten best ranked, highest score first."""
        rows = self._reader.records.risks(at=query.at, hashtag=_clean(query.hashtag), flagged=query.flagged, limit=MOST)
        return self._page(request, query, Risk, [risk_answer(row) for row in rows[_wanted(query)]], len(rows))

    def counterfactuals(self, request: Request, query: Annotated[CounterfactualQuery, Query()]) -> Any:
        """Newest first; the model's answers, not promises."""
        rows = self._reader.records.counterfactuals(at=query.at, hashtag=_clean(query.hashtag), limit=MOST)
        shown = [row for row in rows if row.status != "rejected"]
        page = [Counterfactual.model_validate(row) for row in shown[_wanted(query)]]
        return self._page(request, query, Counterfactual, page, len(shown))

    def collisions(self, request: Request, query: Annotated[CollisionQuery, Query()]) -> Any:
        """Newest first."""
        rows = self._reader.records.collisions(at=query.at, limit=MOST)
        shown = [row for row in rows if row.status != "rejected"]
        page = [Collision.model_validate(row) for row in shown[_wanted(query)]]
        return self._page(request, query, Collision, page, len(shown))

    def _page(self, request: Request, query: PageQuery, kind: type[R], page: Sequence[R], total: int) -> Any:
        snapshot = self._reader.snapshot()
        return answer(request, query, kind, page, total, snapshot.snapshot_id, snapshot.freshness)


def _clean(hashtag: str | None) -> str | None:
    return clean_hashtag(hashtag) if hashtag else None


def _wanted(query: PageQuery) -> slice:
    return slice(query.offset, query.offset + query.limit)
