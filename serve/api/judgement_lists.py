"""The lists of risks, counterfactuals and collisions of the HTTP interface."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from core.hashtags import clean_hashtag
from serve.api.judgement_schemas import RiskAnswer, RiskSignalAnswer
from serve.api.paging import MOST, PageQuery, TagText, answer, row_page
from serve.api.schemas import Listing
from serve.reading.judgements import NewestJudgements
from serve.reading.reader import Reader
from storage.records.rows_judgements import CollisionRecord, CounterfactualRecord, RiskRow


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
        routes: tuple[tuple[str, Callable[..., Any], type[BaseModel], str], ...] = (
            (
                "/risks",
                self.risks,
                RiskAnswer,
                "What looks artificially boosted, by the rule and by the language model",
            ),
            (
                "/counterfactuals",
                self.counterfactuals,
                CounterfactualRecord,
                "What the model would say of other figures",
            ),
            ("/collisions", self.collisions, CollisionRecord, "Themes near in meaning that go different ways"),
        )
        for path, endpoint, kind, summary in routes:
            router.add_api_route(path, endpoint, response_model=Listing[kind], summary=summary)  # type: ignore[valid-type]
        return router

    def risks(self, request: Request, query: Annotated[RiskQuery, Query()]) -> Any:
        """Newest first; of each time the flagged hashtags and the ten best ranked, highest score first."""
        stored = self._reader.records.risks(
            at=query.at, hashtag=_clean(query.hashtag), flagged=query.flagged, limit=MOST
        )
        page = [risk_answer(row) for row in stored[query.wanted]]
        return answer(request, query, RiskAnswer, page, len(stored), self._reader.snapshot())

    def counterfactuals(self, request: Request, query: Annotated[CounterfactualQuery, Query()]) -> Any:
        """Newest first; the model's answers, not promises."""
        stored = self._reader.records.counterfactuals(at=query.at, hashtag=_clean(query.hashtag), limit=MOST)
        shown = [row for row in stored if row.status != "rejected"]
        return row_page(request, query, CounterfactualRecord, shown, self._reader.snapshot())

    def collisions(self, request: Request, query: Annotated[CollisionQuery, Query()]) -> Any:
        """Newest first."""
        stored = self._reader.records.collisions(at=query.at, limit=MOST)
        shown = [row for row in stored if row.status != "rejected"]
        return row_page(request, query, CollisionRecord, shown, self._reader.snapshot())


def _clean(hashtag: str | None) -> str | None:
    return clean_hashtag(hashtag) if hashtag else None


def risk_answer(row: RiskRow) -> RiskAnswer:
    """Return a risk as the HTTP interface answers it."""
    return RiskAnswer(
        hashtag=row.hashtag,
        at=row.at,
        rule_flagged=row.flagged,
        rule_score=row.score,
        rule_signals=[RiskSignalAnswer.model_validate(signal) for signal in row.signals],
        model_view=row.model_view,
        model_reason=row.model_reason,
        model=row.model,
    )


def hashtag_judgements(judgements: NewestJudgements, hashtag: str) -> dict[str, Any]:
    """Return the fields of `HashtagAnswer` that hold its judgements."""
    risk = judgements.risks.get(hashtag)
    return {
        "risk": risk_answer(risk) if risk else None,
        "counterfactuals": judgements.of(hashtag),
    }
