"""Narratives of the HTTP interface, and what people decide about them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, Field

from core.hashtags import clean_hashtag
from pipelines.narratives.feedback import decide, latest
from serve.api.narrative_schemas import FeedbackRequest, NarrativeAnswer, NarrativeDetailAnswer
from serve.api.paging import MOST, PageQuery, TagText, row_page
from serve.api.problems import UnknownThing
from serve.api.schemas import Listing
from serve.reading.narrative_view import narrative_view
from serve.reading.reader import Reader
from storage.records.interface import Records
from storage.records.rows import NarrativeRecord, NarrativeRow
from storage.records.rows_prompts import FeedbackRow


class NarrativeQuery(PageQuery):
    """Parameters of /v1/narratives."""

    at: AwareDatetime | None = None
    hashtag: TagText | None = None
    decision: str | None = Field(None, pattern="^(ACCEPT|EDIT|REJECT|none)$", description="what people decided")


class Narratives:
    """Answers /v1/narratives and takes in decisions."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def router(self) -> APIRouter:
        """The routes under /v1/narratives."""
        router = APIRouter(prefix="/v1/narratives", tags=["Narratives"])
        router.add_api_route(
            "",
            self.narratives,
            response_model=Listing[NarrativeAnswer],
            summary="Predictions explained in words, newest first",
        )
        router.add_api_route(
            "/{narrative_id:path}/feedback", self.feedback, methods=["POST"], status_code=201,
            response_model=FeedbackRow, summary="Accept, edit or reject a narrative",
        )  # fmt: skip
        router.add_api_route(
            "/{narrative_id:path}", self.narrative, response_model=NarrativeDetailAnswer,
            summary="A narrative with its evidence and all decisions about it",
        )  # fmt: skip
        return router

    def narratives(self, request: Request, query: Annotated[NarrativeQuery, Query()]) -> Any:
        """Only texts that passed the grounding rules, or a person's own words, marked by `checked`."""
        snapshot = self._reader.snapshot()
        hashtag = clean_hashtag(query.hashtag) if query.hashtag else None
        records = self._reader.records
        narratives = shown(records, records.narratives(at=query.at, hashtag=hashtag, limit=MOST))
        if query.decision is not None:
            narratives = [row for row in narratives if (row.decision or "none") == query.decision]
        return row_page(request, query, NarrativeAnswer, narratives, snapshot)

    def narrative(self, narrative_id: str) -> NarrativeDetailAnswer:
        """The text that counts, the one that was written, and the evidence both stand on."""
        row = known_narrative(self._reader.records, narrative_id)
        return NarrativeDetailAnswer(
            narrative=shown(self._reader.records, [row])[0],
            written=row.text,
            bullets=[dict(bullet) for bullet in row.bullets],
            evidence=dict(row.evidence),
            feedback=self._reader.records.feedback([narrative_id]),
        )

    def feedback(self, narrative_id: str, decision: FeedbackRequest) -> FeedbackRow:
        """Decisions are kept for ever and the last one counts. The grounding rules check an edited text and mark it."""
        row = known_narrative(self._reader.records, narrative_id)
        now = self._reader.snapshot().now
        try:
            return decide(self._reader.records, row, decision.decision, decision.text, decision.reason, now)
        except ValueError as error:
            wrong = {"loc": ("body", "text"), "msg": str(error), "input": decision.text}
            raise RequestValidationError([wrong]) from None


def shown(records: Records, stored: Sequence[NarrativeRow]) -> list[NarrativeAnswer]:
    """Narratives as they are shown: without what the rules refused, each with the text that counts."""
    decided = latest(records.feedback())
    views = [narrative_view(row, decided.get(row.narrative_id)) for row in stored if row.status != "rejected"]
    fields = set(NarrativeRecord.model_fields)
    return [
        NarrativeAnswer.model_validate(view.row.model_dump(include=fields) | {
            "text": view.text, "checked": view.checked,
            "decision": view.decision.decision if view.decision else None,
        })
        for view in views
    ]  # fmt: skip


def known_narrative(records: Records, narrative_id: str) -> NarrativeRow:
    """Return a narrative that may be shown; `UnknownThing` when no such narrative has that id."""
    row = records.narrative(narrative_id)
    if row is None or row.status == "rejected":
        raise UnknownThing(f"there is no narrative {narrative_id[:120]!r}; /v1/narratives lists those there are")
    return row
