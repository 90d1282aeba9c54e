"""The lists of the HTTP interface: what surges, what was called, how good it was."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from core.evaluation.champions import by_champion
from core.hashtags import clean_hashtag
from core.windows import MICROSECOND
from serve.api import rows
from serve.api.hashtag_schemas import ThemeAnswer, TrendAnswer
from serve.api.learning_schemas import ModelAnswer, QualityAnswer
from serve.api.paging import MOST, PageQuery, TagText, answer, frame_page, row_page
from serve.api.prediction_schemas import CallAnswer, PredictionAnswer
from serve.api.problems import UnknownThing
from serve.api.schemas import Listing
from serve.reading.ordering import best_first, newest_first
from serve.reading.reader import Reader
from serve.reading.themes import with_growth
from storage.records.rows import AlertRecord, BacklogRow, ChangeRow, KpiRow


class TrendQuery(PageQuery):
    """Parameters of /v1/trends."""

    emerging: bool | None = Field(None, description="only tags that are emerging, or only those that are not")


class PredictionQuery(PageQuery):
    """Parameters of /v1/predictions."""

    at: AwareDatetime | None = Field(None, description="time of the predictions; the newest when left out")
    hashtag: TagText | None = None


class CallQuery(PageQuery):
    """Parameters of /v1/scoreboard."""

    view: Literal["all", "first", "alerts"] = Field("all", description="every call, first calls of a tag, or alerts")
    outcome: Literal["hit", "miss", "open", "unknown"] | None = None
    hashtag: TagText | None = None


class KpiQuery(PageQuery):
    """Parameters of /v1/kpis."""

    model: str | None = Field(None, max_length=100, description="champion, or the name of a baseline")
    scope: Literal["all", "early", "detection", "unseen"] | None = None
    name: str | None = Field(None, max_length=100)


class QualityQuery(PageQuery):
    """Parameters of /v1/quality."""

    level: Literal["ok", "warning", "critical"] | None = None
    check: str | None = Field(None, max_length=100, description="missing, falls, spikes, duplicates, ...")


class ThemeQuery(PageQuery):
    """Parameters of /v1/themes."""

    hashtag: TagText | None = Field(None, description="only the theme that holds this hashtag")


def narrowed(calls: pl.DataFrame, view: str, hashtag: str | None = None) -> pl.DataFrame:
    """The calls of a view, and of a hashtag."""
    if view == "first":
        calls = calls.filter(pl.col("first_call"))
    elif view == "alerts":
        calls = calls.filter(pl.col("alerted"))
    return calls.filter(pl.col("hashtag") == clean_hashtag(hashtag)) if hashtag else calls


class Lists:
    """Answers the list endpoints from a reader's snapshots."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def router(self) -> APIRouter:
        """The routes under /v1."""
        router = APIRouter(prefix="/v1", tags=["Lists"])
        routes: tuple[tuple[str, Callable[..., Any], type[BaseModel], str], ...] = (
            ("/trends", self.trends, TrendAnswer, "Hashtags as measured now: emerging first, then by momentum"),
            (
                "/predictions",
                self.predictions,
                PredictionAnswer,
                "What will surge: the champion's predictions, best first",
            ),
            (
                "/scoreboard",
                self.scoreboard,
                CallAnswer,
                "Past predictions (top ten or alerted) and what became of them",
            ),
            ("/kpis", self.kpis, KpiRow, "How good the predictions were, with 95 % intervals and baselines"),
            (
                "/quality",
                self.quality,
                QualityAnswer,
                "Checks of the data that came in over the last day, newest first",
            ),
            ("/themes", self.themes, ThemeAnswer, "Clusters of hashtags used together, largest gains of views first"),
            ("/alerts", self.alerts, AlertRecord, "Messages to people, newest first"),
            ("/backlog", self.backlog, BacklogRow, "What is to be improved"),
            ("/models", self.models, ModelAnswer, "Trained models, newest first"),
            (
                "/changelog",
                self.changelog,
                ChangeRow,
                "What was changed in the running system, and on what evidence",
            ),
        )
        for path, endpoint, kind, summary in routes:
            router.add_api_route(path, endpoint, response_model=Listing[kind], summary=summary)  # type: ignore[valid-type]
        return router

    def trends(self, request: Request, query: Annotated[TrendQuery, Query()]) -> Any:
        """Measured in the newest window."""
        snapshot = self._reader.snapshot()
        frame = snapshot.trends
        if query.emerging is not None:
            frame = frame.filter(pl.col("emerging") == query.emerging)
        return frame_page(request, query, TrendAnswer, frame, snapshot)

    def predictions(self, request: Request, query: Annotated[PredictionQuery, Query()]) -> Any:
        """Tags with too little material are not ranked and come last."""
        snapshot = self._reader.snapshot()
        frame = snapshot.predictions if query.at is None else self._predictions_at(query.at)
        if query.hashtag:
            frame = frame.filter(pl.col("hashtag") == clean_hashtag(query.hashtag))
        page = rows.predictions(frame.slice(query.offset, query.limit))
        return answer(request, query, PredictionAnswer, page, frame.height, snapshot)

    def scoreboard(self, request: Request, query: Annotated[CallQuery, Query()]) -> Any:
        """Newest first; nothing is ever taken out of it."""
        snapshot = self._reader.snapshot()
        frame = narrowed(snapshot.track.calls, query.view, query.hashtag)
        frame = rows.with_outcome(frame, snapshot.now)
        if query.outcome:
            frame = frame.filter(pl.col("outcome") == query.outcome)
        return frame_page(request, query, CallAnswer, frame, snapshot)

    def kpis(self, request: Request, query: Annotated[KpiQuery, Query()]) -> Any:
        """The newest set."""
        snapshot = self._reader.snapshot()
        wanted = {name: value for name in ("model", "scope", "name") if (value := getattr(query, name)) is not None}
        chosen = [row for row in snapshot.kpis if all(getattr(row, name) == value for name, value in wanted.items())]
        return row_page(request, query, KpiRow, chosen, snapshot)

    def quality(self, request: Request, query: Annotated[QualityQuery, Query()]) -> Any:
        """A critical finding keeps its fetch window out of metrics and alerts; the raw pages stay."""
        snapshot = self._reader.snapshot()
        frame = newest_first(snapshot.quality)
        for name in ("level", "check"):
            wanted = getattr(query, name)
            frame = frame if wanted is None else frame.filter(pl.col(name) == wanted)
        return frame_page(request, query, QualityAnswer, frame, snapshot)

    def themes(self, request: Request, query: Annotated[ThemeQuery, Query()]) -> Any:
        """The themes of the newest clustering; a hashtag that is not used like others belongs to none."""
        snapshot = self._reader.snapshot()
        frame = with_growth(snapshot.themes, snapshot)
        if query.hashtag:
            frame = frame.filter(pl.col("members").list.contains(clean_hashtag(query.hashtag)))
        return frame_page(request, query, ThemeAnswer, frame, snapshot)

    def alerts(self, request: Request, query: Annotated[PageQuery, Query()]) -> Any:
        """Each message comes with the receipt of its channel."""
        snapshot = self._reader.snapshot()
        return row_page(request, query, AlertRecord, self._reader.records.alerts(limit=MOST), snapshot)

    def backlog(self, request: Request, query: Annotated[PageQuery, Query()]) -> Any:
        """In the order it was written."""
        snapshot = self._reader.snapshot()
        return row_page(request, query, BacklogRow, snapshot.backlog, snapshot)

    def models(self, request: Request, query: Annotated[PageQuery, Query()]) -> Any:
        """Each model comes with what it was trained on."""
        snapshot = self._reader.snapshot()
        return row_page(request, query, ModelAnswer, rows.models(self._reader.records.models(MOST), snapshot), snapshot)

    def changelog(self, request: Request, query: Annotated[PageQuery, Query()]) -> Any:
        """Newest first."""
        snapshot = self._reader.snapshot()
        return row_page(request, query, ChangeRow, self._reader.records.changes(MOST), snapshot)

    def _predictions_at(self, at: datetime) -> pl.DataFrame:
        at = at.astimezone(UTC)
        predicted = self._reader.lake.read("predictions", start=at - MICROSECOND, end=at)
        if predicted.is_empty():
            raise UnknownThing(f"no predictions were made at {at:%Y-%m-%d %H:%M} UTC; leave `at` out for the newest")
        return best_first(by_champion(predicted, self._reader.champion_periods))
