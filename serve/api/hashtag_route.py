"""`GET /v1/hashtags/{tag}`: everything about one hashtag over 30 days."""

from weakref import WeakKeyDictionary

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from core.hashtags import clean_hashtag
from serve.api import rows
from serve.api.hashtag_schemas import MeasurementAnswer, TrendAnswer
from serve.api.judgement_lists import hashtag_judgements
from serve.api.judgement_schemas import HashtagAnswer
from serve.api.narratives import shown
from serve.api.prediction_schemas import OutcomeAnswer, PredictionAnswer
from serve.api.problems import UnknownThing
from serve.reading.history import Histories, History
from serve.reading.ordering import newest_of
from serve.reading.reader import Reader
from serve.reading.snapshot import Snapshot

_FIRST_FIELDS = {"hashtag", "first_detected_at", "now"}
_HISTORY_FIELDS = {"metrics", "predictions", "outcomes"}
_MEASUREMENTS = TypeAdapter(list[MeasurementAnswer])
_PREDICTIONS = TypeAdapter(list[PredictionAnswer])
_OUTCOMES = TypeAdapter(list[OutcomeAnswer])


class HashtagRoute:
    """Answers /v1/hashtags/{tag}. The JSON of a history, most of the answer, is kept as long as the history is."""

    def __init__(self, reader: Reader, histories: Histories) -> None:
        self._reader = reader
        self._histories = histories
        self._history_json: WeakKeyDictionary[History, bytes] = WeakKeyDictionary()

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter()
        router.add_api_route(
            "/v1/hashtags/{tag}", self.hashtag, response_model=HashtagAnswer, tags=["Hashtags"],
            summary="Everything about a hashtag over 30 days",
        )  # fmt: skip
        return router

    def hashtag(self, tag: str) -> Response:
        """Metrics over time, predictions, what became of them, and the words that went with them."""
        snapshot = self._reader.snapshot()
        name, history = known_history(self._histories, tag, snapshot)
        trends = rows.of_frame(TrendAnswer, snapshot.trends.filter(snapshot.trends["hashtag"] == name))
        narratives = self._reader.records.narratives(hashtag=name, limit=50)
        answer = HashtagAnswer(
            hashtag=name,
            first_detected_at=newest_of(history.metrics, "first_detected_at"),
            now=trends[0] if trends else None,
            metrics=[],
            predictions=[],
            outcomes=[],
            narratives=shown(self._reader.records, narratives),
            **hashtag_judgements(snapshot.judgements, name),
            snapshot_id=snapshot.snapshot_id,
            data_freshness=snapshot.freshness,
        )
        first = answer.model_dump_json(include=_FIRST_FIELDS).encode()
        rest = answer.model_dump_json(exclude=_FIRST_FIELDS | _HISTORY_FIELDS).encode()
        body = first[:-1] + b"," + self._json_of(history) + b"," + rest[1:]
        return Response(body, media_type="application/json")

    def _json_of(self, history: History) -> bytes:
        """Return the fields of the answer that follow from the history alone."""
        kept = self._history_json.get(history)
        if kept is None:
            metrics = _MEASUREMENTS.dump_json(rows.of_frame(MeasurementAnswer, history.metrics))
            stored = rows.predictions(history.predictions)
            newest = [rows.in_words(prediction) for prediction in stored[-1:]]
            predictions = _PREDICTIONS.dump_json([*stored[:-1], *newest])
            outcomes = _OUTCOMES.dump_json(rows.of_frame(OutcomeAnswer, history.outcomes))
            kept = b'"metrics":' + metrics + b',"predictions":' + predictions + b',"outcomes":' + outcomes
            self._history_json[history] = kept
        return kept


def known_history(histories: Histories, tag: str, snapshot: Snapshot) -> tuple[str, History]:
    """The stored name and history of a hashtag; `UnknownThing` when it was not seen in the last 30 days."""
    name = clean_hashtag(tag)
    if not name:
        raise UnknownThing(f"{tag[:80]!r} is no hashtag: it is empty or holds a blank, a control character, /, < or &")
    history = histories.get(name, snapshot)
    if not history.is_known:
        raise UnknownThing(f"#{name[:80]} was not seen in the last 30 days; /v1/trends lists the hashtags that were")
    return name, history
