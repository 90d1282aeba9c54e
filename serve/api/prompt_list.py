"""Versions of prompts and what came of each: by the rules, and by people."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from pipelines.narratives.feedback import latest
from pipelines.narratives.prompts_in_use import ids_in_use
from serve.api.narrative_schemas import PromptVersionAnswer
from serve.api.paging import PageQuery, row_page
from serve.api.schemas import Listing
from serve.reading.reader import Reader
from storage.records.interface import Records
from storage.records.rows_prompts import FeedbackRow, PromptRow, PromptUseRow


class PromptQuery(PageQuery):
    """Parameters of /v1/prompts."""

    name: str | None = Field(None, max_length=100)
    source: Literal["shipped", "refined"] | None = None


class Prompts:
    """Answers /v1/prompts."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def router(self) -> APIRouter:
        """The route."""
        router = APIRouter(prefix="/v1", tags=["Narratives"])
        router.add_api_route(
            "/prompts",
            self.prompts,
            response_model=Listing[PromptVersionAnswer],
            summary="Versions of prompts, what the rules and what people made of their texts",
        )
        return router

    def prompts(self, request: Request, query: Annotated[PromptQuery, Query()]) -> Any:
        """Newest first; a version that was tried and did not do better is listed too, never used."""
        versions = prompt_versions(self._reader.records)
        wanted = {name: value for name in ("name", "source") if (value := getattr(query, name)) is not None}
        kept = [row for row in versions if all(getattr(row, name) == value for name, value in wanted.items())]
        return row_page(request, query, PromptVersionAnswer, kept, self._reader.snapshot())


def prompt_versions(records: Records) -> list[PromptVersionAnswer]:
    """Every version of every prompt, newest first."""
    used = ids_in_use(records)
    uses: dict[str, list[PromptUseRow]] = {}
    for use in records.prompt_uses():
        uses.setdefault(use.prompt_id, []).append(use)
    judged: dict[str, list[FeedbackRow]] = {}
    for feedback in latest(records.feedback()).values():
        judged.setdefault(feedback.prompt_id, []).append(feedback)
    return [
        _version(row, row.prompt_id in used, uses.get(row.prompt_id, ()), judged.get(row.prompt_id, ()))
        for row in records.prompts()
    ]


def _version(
    row: PromptRow, in_use: bool, uses: Sequence[PromptUseRow], judged: Sequence[FeedbackRow]
) -> PromptVersionAnswer:
    violations: Counter[str] = Counter()
    for use in uses:
        violations.update(use.violations)
    accepted, refused = sum(use.accepted for use in uses), sum(use.refused for use in uses)
    people = Counter(feedback.decision for feedback in judged)
    return PromptVersionAnswer(
        prompt_id=row.prompt_id,
        name=row.name,
        version=row.version,
        digest=row.digest,
        source=row.source,
        in_use=in_use,
        added_at=row.added_at,
        first_used_at=uses[0].at if uses else None,
        last_used_at=uses[-1].at if uses else None,
        models=sorted({use.model for use in uses if use.model}),
        asked=sum(use.asked for use in uses),
        accepted=accepted,
        refused=refused,
        unanswered=sum(use.unanswered for use in uses),
        acceptance=_share(accepted, accepted + refused),
        violations=dict(violations.most_common()),
        people_accept=people["ACCEPT"],
        people_edit=people["EDIT"],
        people_reject=people["REJECT"],
        narrative_acceptance=_share(people["ACCEPT"], people.total()),
        narrative_edit_share=_share(people["EDIT"], people.total()),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
