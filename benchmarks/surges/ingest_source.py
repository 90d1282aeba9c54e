"""Ingests a simulated world without HTTP and JSON: the same polls and the same tables in a tenth of the time.

`tests/benchmarks/surges/test_ingest_source.py` compares its tables with those of server, client and raw pages.
It leaves out what neither metrics nor models use (captions, languages, followers, uses of sounds) and the daily
look-up of deleted posts.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from benchmarks.polling.world import look
from core.tables import HASHTAG_SNAPSHOTS, UTC_TIME, VIDEO_SNAPSHOTS, VIDEOS
from core.windows import FETCH_WINDOW, window_end
from pipelines.ingestion.ingest import latest_probabilities
from pipelines.ingestion.result import replace_windows
from pipelines.normalise.post import PLATFORM
from pipelines.normalise.readings import (
    DOUBT_COLUMNS,
    PAGE_COLUMNS,
    POST_COLUMNS,
    SEEN_COLUMNS,
    SIGHTING_COLUMNS,
    TOTALS_COLUMNS,
    PageReadings,
)
from pipelines.normalise.schema import LEFT_OUT_COLUMNS
from pipelines.normalise.tables import by_window
from pipelines.polling.learn import absorb
from pipelines.polling.plan import PlannedRequest, Planner
from pipelines.polling.sightings import SCHEMA as SIGHTINGS
from pipelines.polling.state import PollKind, PollState
from sources.world.counters import readings
from sources.world.draws import Integers
from sources.world.world import World
from storage.lake.interface import Lake

TABLES = (VIDEOS.name, VIDEO_SNAPSHOTS.name, HASHTAG_SNAPSHOTS.name)
POSTS = {**POST_COLUMNS, **PAGE_COLUMNS}
COUNTERS = ("plays", "likes", "comments", "shares", "saves")
NEVER_SEEN = timedelta(days=2)


class _Answer(NamedTuple):
    """One poll and the numbers of the videos it showed."""

    request_id: str
    endpoint: str
    action: PollKind
    name: str
    page: int
    videos: Integers


class DirectIngest:
    """Plans the polls of each slot, reads their videos from the world and writes the tables.

    Parameters
    ----------
    world: simulated world that is polled
    lake: holds the predictions that the planner reads, and takes the tables
    planner: chooses the polls
    """

    def __init__(self, world: World, lake: Lake, planner: Planner) -> None:
        self._world, self._lake, self._planner = world, lake, planner
        self._state: PollState | None = None
        self._news: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame] | None = None
        self._seen: set[str] = set()
        self._left = 0
        self._day: date | None = None

    def run(self, slot: datetime) -> list[PlannedRequest]:
        """Poll at `slot`, which is also the current time; return the requests."""
        if slot.date() != self._day:
            self._left, self._day = self._planner.units_per_day, slot.date()
        closed = window_end(slot) - FETCH_WINDOW
        state = self._state or PollState(closed - NEVER_SEEN)
        if self._news is not None:
            state = absorb(state, closed, *self._news)
        units = self._planner.allowance(slot, self._left)
        planned, self._state = self._planner.plan(state, units, slot, latest_probabilities(self._lake, slot))
        self._left -= sum(call.request.estimate for call in planned)
        self._news = self._write([self._answer(call, slot) for call in planned], slot)
        return planned

    def _answer(self, call: PlannedRequest, at: datetime) -> _Answer:
        return _Answer(call.request.request_id(at), call.request.endpoint.value, *look(self._world, call, at))

    def _write(self, answers: Sequence[_Answer], at: datetime) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Replace the tables of the slot; return its totals, the videos first seen, and which poll saw which video."""
        posts = _posts(self._world, answers, at)
        empty = (pl.DataFrame(schema=dict(columns)) for columns in (SEEN_COLUMNS, LEFT_OUT_COLUMNS, DOUBT_COLUMNS))
        pages, left_out, doubts = empty
        totals, seen_posts = _totals(self._world, answers, at), posts.select(SIGHTING_COLUMNS)
        readings = PageReadings(posts, totals, pages, left_out, doubts, seen_posts)
        frames = dict(by_window(readings).frames)
        videos = frames[VIDEOS.name]
        new = [video not in self._seen for video in videos["video_id"]]
        frames[VIDEOS.name] = videos = videos.filter(pl.Series(new, dtype=pl.Boolean))
        self._seen.update(videos["video_id"])
        end = window_end(at)
        replace_windows(self._lake, {name: frames[name] for name in TABLES}, end - FETCH_WINDOW, end)
        return frames[HASHTAG_SNAPSHOTS.name], videos, _sightings(posts, answers)


def _totals(world: World, answers: Sequence[_Answer], at: datetime) -> pl.DataFrame:
    read = [(answer, world.totals(answer.name, at)) for answer in answers if answer.action is PollKind.FEED]
    rows = [
        (answer.name, of.views or None, of.videos or None, at, answer.request_id)
        for answer, of in read
        if of is not None
    ]
    return pl.DataFrame(rows, schema=dict(TOTALS_COLUMNS), orient="row")


def _posts(world: World, answers: Sequence[_Answer], at: datetime) -> pl.DataFrame:
    """The posts of some answers as they are read from what their endpoints give."""
    videos, index = world.videos, np.concatenate([np.zeros(0, np.int64), *(answer.videos for answer in answers)])
    created_us = (world.parameters.start_s + np.round(videos.created_h[index] * 3600).astype(np.int64)) * 1_000_000
    columns = {
        "video_id": pl.Series(index).cast(pl.String),
        "created_at": pl.Series(created_us).cast(UTC_TIME),
        "hashtags": _hashtags(world, index),
        "creator_id": pl.Series(videos.creator[index]).cast(pl.String),
        "sound_id": pl.Series(videos.sound[index]).cast(pl.String),
        "request_id": pl.Series(_repeated([answer.request_id for answer in answers], answers), dtype=pl.String),
        "endpoint": pl.Series(_repeated([answer.endpoint for answer in answers], answers), dtype=pl.String),
        **_counters(world, index, at),
    }
    constants = {"platform": PLATFORM, "fetched_at": at}
    constant = [pl.lit(constants.get(name), dtype).alias(name) for name, dtype in POSTS.items() if name not in columns]
    return pl.DataFrame(columns).with_columns(constant).select(pl.col(name).cast(of) for name, of in POSTS.items())


def _repeated(values: Sequence[object], answers: Sequence[_Answer]) -> npt.NDArray[np.object_]:
    """A value of each answer for each of its videos."""
    return np.repeat(np.asarray(values, object), [len(answer.videos) for answer in answers])


def _counters(world: World, index: Integers, at: datetime) -> dict[str, pl.Series]:
    """Counters as read: the plays of a photo post, and 0 plays beside reactions, are unknown."""
    read = readings(world.videos, index, world.parameters.hours(at), world.parameters.seed)
    shown = ~world.videos.photo[index].astype(bool) & ((read[:, 0] > 0) | ~read[:, 1:].any(axis=1))
    columns = {name: pl.Series(read[:, place]) for place, name in enumerate(COUNTERS)}
    columns["plays"] = columns["plays"].zip_with(pl.Series(shown), pl.Series([None], dtype=pl.Int64))
    return columns


def _hashtags(world: World, index: Integers) -> pl.Series:
    """The hashtags of some videos, in order of appearance, as lists."""
    members = world.videos.members
    counts = members.first_tag[index + 1] - members.first_tag[index]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    places = np.repeat(members.first_tag[index] - offsets[:-1], counts) + np.arange(offsets[-1])
    names = pa.array(world.hashtags, pa.large_string()).take(pa.array(members.tag[places]))
    return pl.Series("hashtags", pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), names))


def _sightings(posts: pl.DataFrame, answers: Sequence[_Answer]) -> pl.DataFrame:
    """Which poll saw which video."""
    polls = pl.DataFrame(
        [(answer.request_id, answer.action.value, answer.name, answer.page) for answer in answers],
        schema={"request_id": pl.String, "action": pl.String, "name": pl.String, "page": pl.Int64},
        orient="row",
    )
    return posts.join(polls, on="request_id", maintain_order="left").select(*SIGHTINGS)
