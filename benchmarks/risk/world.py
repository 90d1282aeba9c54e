"""The readings that the planner's polls would bring an installation in a simulated world."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from benchmarks.polling.world import PolledWorld, look
from core.judgements.boosting import POSTS
from core.windows import HOUR, window_end
from pipelines.polling.learn import absorb
from pipelines.polling.plan import PlannedRequest, Planner
from pipelines.polling.state import PollState, Posting
from sources.world.counters import readings
from sources.world.draws import Integers
from sources.world.world import World

COUNTERS = ("plays", "likes", "comments", "shares")


class ReadWorld(PolledWorld):
    """A polled world that also remembers which videos the last polls showed, seen before or not."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.shown: list[Integers] = []

    def answer(
        self, planned: Sequence[PlannedRequest], at: datetime
    ) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """See `PolledWorld.answer`."""
        self.shown = [look(self._world, call, at)[-1] for call in planned]
        return super().answer(planned, at)


def hours(world: World, planner: Planner, first_day: int, days: int) -> Iterator[tuple[datetime, pl.DataFrame]]:
    """Poll a world hourly from `first_day` on for some days; yield each hour and the rows of `POSTS` read in it."""
    polled = ReadWorld(world)
    now = world.parameters.start + timedelta(days=first_day)
    state, left = PollState(now, {tag: Posting() for tag in world.hashtags}), planner.units_per_day
    for _ in range(24 * days):
        left = planner.units_per_day if now.hour == 0 else left
        planned, state = planner.plan(state, planner.allowance(now, left), now, {})
        left -= sum(call.request.estimate for call in planned)
        state = absorb(state, window_end(now), *polled.answer(planned, now))
        index = np.unique(np.concatenate([np.zeros(0, np.int64), *polled.shown]))
        yield now, _posts_read(world, index, now)
        now += HOUR


def _posts_read(world: World, index: Integers, at: datetime) -> pl.DataFrame:
    """Return some videos as a reading at `at` shows them, one row for each hashtag they carry."""
    videos, members = world.videos, world.videos.members
    first = members.first_tag
    many = first[index + 1] - first[index]
    place = np.repeat(first[index] - np.concatenate([[0], np.cumsum(many)[:-1]]), many) + np.arange(int(many.sum()))
    shown = readings(videos, index, world.parameters.hours(at), world.parameters.seed)
    created_us = (world.parameters.start_s + np.round(videos.created_h[index] * 3600).astype(np.int64)) * 1_000_000
    columns = {
        "video_id": [str(video) for video in index.tolist()],
        "created_at": pl.Series(created_us).cast(POSTS["created_at"]),
        "creator_id": [str(creator) for creator in videos.creator[index].tolist()],
        **{name: shown[:, place] for place, name in enumerate(COUNTERS)},
    }
    frame = pl.DataFrame(columns).with_columns(
        pl.when(~pl.Series(videos.photo[index] > 0)).then("plays").alias("plays"),
        pl.lit(at).cast(POSTS["fetched_at"]).alias("fetched_at"),
    )
    names = np.asarray(world.hashtags, object)[members.tag[place]]
    rows = frame[np.repeat(np.arange(len(index)), many).tolist()] if len(index) else frame
    return rows.with_columns(pl.Series("hashtag", names, dtype=pl.String)).select(POSTS.keys())
