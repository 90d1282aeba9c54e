"""The champion, ready to answer for any hashtag: its model and the newest features in memory, swapped as wholes."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from core.errors import GroundswellError
from core.hashtags import clean_hashtag
from models.interface import Scorer
from models.registry.store import load
from pipelines.predictions.contributions import members_of, rounded
from pipelines.predictions.predict import STRONGEST
from serve.api import rows
from serve.api.prediction_schemas import ScoredAnswer, ScoredHashtagAnswer
from serve.reading import installation
from serve.reading.rolling import Rolling
from storage.lake.interface import Lake
from storage.records.interface import Records

SPAN = timedelta(hours=6)
PERIOD_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Champion:
    model_id: str
    model: Scorer
    trained: bool


class Predictor:
    """Scores hashtags with the present champion.

    A thread checks once a second whether another model became champion and whether features are new. The old champion
    answers while the new one is read; then one assignment swaps them, so that every answer comes whole from one model
    and none is refused. The old champion stays when the new one can't be read.

    Parameters
    ----------
    features: columns of the table `features`, with `hashtag`, `at` and `window`
    wall: the time of day, for installations that keep no clock of their own
    """

    def __init__(
        self, lake: Lake, records: Records, models_root: Path, features: Sequence[str], wall: Callable[[], datetime]
    ) -> None:
        self._records = records
        self._root = models_root
        self._wall = wall
        self._rolling = Rolling(lake, "features", features, SPAN)
        self._champion: _Champion | None = None
        self._newest = pl.DataFrame()
        self._measured: tuple[pl.DataFrame, dict[str, int]] = (self._newest, {})
        self._refused: str | None = None

    def watch(self) -> None:
        """Look now, and from now on in a thread of its own."""
        self.refresh()
        threading.Thread(target=self._watch, name="champion", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(PERIOD_S)
            try:
                self.refresh()
            except GroundswellError as problem:
                _log.warning("the predictor keeps its model and features: %s", problem)

    def refresh(self) -> None:
        """Read a new champion and new features where there are any."""
        self._take_champion()
        newest = self._rolling.update(installation.clock(self._records, self._wall())[0])
        if newest is not self._newest:
            latest = newest.sort("at").unique("hashtag", keep="last", maintain_order=True)
            self._measured = (latest, {tag: place for place, tag in enumerate(latest["hashtag"])})
            self._newest = newest

    def _take_champion(self) -> None:
        wanted = self._records.alias("champion")
        held = self._champion
        if wanted is None or (held is not None and held.model_id == wanted):
            return
        try:
            model, card = load(self._root, wanted)
        except GroundswellError as problem:
            if self._refused != wanted:
                _log.warning("the new champion can't be read, the previous one stays: %s", problem)
            self._refused = wanted
            return
        self._champion = _Champion(wanted, model, bool(card.training_set))

    def score(self, hashtags: Sequence[str]) -> ScoredAnswer | None:
        """Score hashtags by their newest features; return None before the first champion."""
        champion, (latest, places) = self._champion, self._measured
        if champion is None:
            return None
        wanted = list(dict.fromkeys(map(clean_hashtag, hashtags)))
        measured = [tag for tag in wanted if tag in places]
        items = _items(champion, latest, [places[tag] for tag in measured]) if measured else []
        return ScoredAnswer(
            model_id=champion.model_id, items=items, unknown=[tag for tag in wanted if tag not in places]
        )


def _items(champion: _Champion, latest: pl.DataFrame, places: list[int]) -> list[ScoredHashtagAnswer]:
    """Score the rows at `places`; an untrained model states ranks among all, so it scores all rows."""
    frame, chosen = (latest[places], list(range(len(places)))) if champion.trained else (latest, places)
    stated, moved = champion.model.predict(frame), champion.model.explain(frame, top=STRONGEST)
    members = members_of(champion.model, frame[chosen])
    scored = frame.select("hashtag", "at")[chosen].hstack(stated[chosen]).to_dicts()
    items = []
    for number, (place, row) in enumerate(zip(chosen, scored, strict=True)):
        parts = rounded(moved[place])
        row |= {"contributions": parts, "moved_by": rows.sentence(row["hashtag"], row["at"], parts)}
        items.append(ScoredHashtagAnswer.model_validate(row | {"members": [] if members is None else members[number]}))
    return items
